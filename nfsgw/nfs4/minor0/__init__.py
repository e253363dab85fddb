"""What NFSv4.0 does differently: clients without sessions, owners with sequence ids, a memory of requests. RFC 7530.

The tables of state and the operations themselves are those of all minor versions: here is who calls, in which order,
and what is answered when it is sent again.
"""
