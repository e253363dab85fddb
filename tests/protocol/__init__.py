"""Whole compounds against the engine, over the RPC core. All is the real thing but the transport and the clock."""
