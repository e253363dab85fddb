"""Whole lives of a gateway in virtual time: one seed is one schedule.

The real engine, namespace and chunk layer, with everything that waits for something replaced by a wait of random length
on one thread: the writer's commits, fdatasync, the object store, the clock. Crashes come between any two of them, at
each boundary of a commit above all; the store refuses, is slow, and does what it then says has failed. Several machines
work as in tests/faults, and what they find is compared with the same sequential model.
"""
