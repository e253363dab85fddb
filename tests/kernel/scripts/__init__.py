"""What guests run. Each program is one theme; it works in $WORK, the mount, and reports its checks in TAP.

These run inside the guest, with its Python 3.11 and nothing but the standard library.
"""
