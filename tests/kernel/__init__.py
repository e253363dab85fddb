"""The kernel tier: real Linux kernels mount a real server process and do people's ordinary work in it."""
