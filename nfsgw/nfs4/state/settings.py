"""What the state is told: how long leases last and how much it may hold. Plain values, read-only while serving.

Sizes are bytes, times seconds. The channel limits are what CREATE_SESSION grants at most (RFC 8881, 18.36.3).
"""

from __future__ import annotations

MIB = 1024 * 1024


class StateSettings:
    def __init__(self) -> None:
        self.lease_seconds = 90.0
        self.grace_seconds = 90.0
        self.courtesy_seconds = 86_400.0  # how long the uncontested state of a silent client is kept
        self.server_owner = b"nfsgw"  # so_major_id: the same for every address of one instance, over restarts
        self.server_scope = b"nfsgw"
        self.implementation_domain = b"nfsgw.org"
        self.implementation_name = b"nfsgw"
        # fore channel
        self.max_request_size = MIB + 64 * 1024  # a WRITE of 1 MiB and everything around it
        self.max_response_size = MIB + 64 * 1024
        self.max_response_size_cached = 16 * 1024
        self.max_operations = 128
        self.max_slots = 128  # of one session; Linux asks for 64
        # delegations
        self.delegations = True
        self.directory_delegations = True
        self.recall_wait = 1.0  # how long an operation waits in place for delegations that are being recalled
        self.max_delegations = 1_000_000
        self.max_delegations_per_client = 100_000
        # how much
        self.max_clients = 10_000
        self.max_sessions = 20_000
        self.max_sessions_per_client = 32
        self.max_old_sessions = 20_000  # of earlier instances, whose stored replies are kept
        self.max_states = 4_000_000  # opens and lock states of all clients
        self.max_states_per_client = 1_000_000
        # open owners of one 4.0 client: above this those with nothing open are forgotten, and confirm their next OPEN
        self.max_remembered_owners = 4096
        self.max_unconfirmed_owners = 1024  # the oldest loses what it opened
        self.max_ranges_per_file = 100_000  # byte ranges locked in one file
        self.max_waiters_per_file = 4096  # blocked locks; more are left to poll
        self.max_waiters_per_client = 4096
        self.lock_turn_seconds = 1.0  # how long a range is kept for the waiter who was told that he can have it
        self.max_waiters_per_slot = 4  # retransmissions that wait for a request in progress
