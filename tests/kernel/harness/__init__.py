"""Real Linux kernels as NFS clients: boots user-mode Linux guests whose network ends at this machine's loopback.

A guest never reaches anything but 127.0.0.1: it is alone in a network namespace, and a relay carries its
connections to the server's port. Nothing here knows pytest or the gateway; `python -m tests.kernel.harness` is
the same harness by hand, tests/kernel/README.md its manual.
"""

from tests.kernel.harness.errors import HarnessError
from tests.kernel.harness.fleet import MOUNT, Fleet, speaking
from tests.kernel.harness.job import Check, Job, Result
from tests.kernel.harness.machine import Machine

__all__ = ["MOUNT", "Check", "Fleet", "HarnessError", "Job", "Machine", "Result", "speaking"]
