"""What runs on a machine that mounts the workspace. Needs only Python's own library, and no gateway beside it."""
