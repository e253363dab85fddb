"""What an operator does to a filesystem beside serving it: collecting orphans, checking, mending.

Runs in processes of its own, never in the one that serves. It reads the database, lists the store and asks the running
gateway; it writes to the database only where no gateway runs.
"""
