"""What can be wrong with a namespace file: one class, one clear line, for the commands to print.

Never raised once the namespace is open: operations raise NFSError, and a failed commit ends the process.
"""

from __future__ import annotations


class NamespaceUnusable(Exception):
    """The file cannot be opened as a namespace. `str()` is one line for the operator."""
