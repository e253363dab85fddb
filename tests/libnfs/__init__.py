"""libnfs, an NFSv4.0 client that shares nothing with the kernels', against a gateway of its own."""
