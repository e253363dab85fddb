"""Runs on a client: appends numbered lines, each with fsync, and says each when it is safe. Arguments: file, and
one whose appearance ends it.

Written for the guest's own Python; uses nothing of the project.
"""

import os
import sys
import time

path, stop = sys.argv[1:]
file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
number, longest, last = 0, 0.0, time.monotonic()
while not os.path.exists(stop):
    os.write(file, b"%09d\n" % number)
    os.fsync(file)
    now = time.monotonic()
    longest, last, number = max(longest, now - last), now, number + 1
    print(number, flush=True)
os.close(file)
print(f"acknowledged {number} longest {longest:.2f}", flush=True)
