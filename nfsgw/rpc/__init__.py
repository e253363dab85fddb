"""ONC RPC over TCP (RFC 5531): records, calls, credentials and a thin asyncio transport.

`records`, `credentials` and `core` are sans-IO: bytes in, calls out, replies as segments. `transport` binds them to
sockets. Nothing here knows what NFS is: programs are registered by number and versions.
"""
