"""Who holds what: clients, sessions, slots, opens, locks, leases and grace.

Nothing here knows a clock, an event loop, chance, a socket or SQL: `now` is an argument (seconds, monotonic), random
bytes and stable storage are handed in. RFC 8881, chapters 2.4, 2.10, 8 and 9.
"""
