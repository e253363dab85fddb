"""Mutations of valid traffic, and what a refused message must leave as it was: for `tests/protocol/test_fuzz.py`."""
