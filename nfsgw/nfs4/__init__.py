"""The NFSv4.1 and 4.2 engine: COMPOUND, the operation table, one function per operation, and the state behind them.

It touches no socket, no SQL, no object store and no clock: time, randomness and the three doors are handed in.
"""
