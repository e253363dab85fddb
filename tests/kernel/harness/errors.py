"""The one error of the harness: something that is not the server under test went wrong.

It must never be turned into a skipped test: a machine that cannot run the kernel tier has not passed it.
"""


class HarnessError(Exception):
    """The guests could not be built, booted or spoken to. The message says what to do about it."""
