"""The process that talks to the object store, and the door to it.

Store traffic costs milliseconds of CPU per object, which the loop that serves NFS cannot spare; so it happens in a
process of its own that shares the staging files by path. `link.py` is the parent's side, `__main__.py` the child's.
"""
