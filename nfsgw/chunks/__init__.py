"""Bytes of files: staging on the local disk, read cache, upload to an object store and what is deleted from it.

A file is a sequence of 4 MiB chunks; the namespace keeps the map that says where each chunk's bytes are. Nothing here
knows what a filehandle, a stateid or a client is. The door is `door.py`, the class behind it `chunks.Chunks`.
"""
