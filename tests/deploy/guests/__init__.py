"""Whole Debian machines as deployment targets: systemd as PID 1, SSH, a small network of their own.

Each guest is a user-mode Linux process on a copy-on-write disk over one shared image, so it keeps what it has over
a reboot. Nothing here knows Ansible, pytest or the gateway.
"""

from tests.deploy.guests.guest import Guest
from tests.deploy.guests.site import Site

__all__ = ["Guest", "Site"]
