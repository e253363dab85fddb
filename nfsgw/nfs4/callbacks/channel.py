"""The back channel of one session: as whom it calls, what fits through it, and its slots. RFC 8881, 18.36.3.

It must never call with a credential that the client did not offer, nor send more than the client said it takes.
"""

from __future__ import annotations

from typing import Final

from nfsgw.nfs4.callbacks.slots import BackSlots
from nfsgw.nfs4.state.sessions import Session
from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE
from nfsgw.wire.nfs4 import callback_sec_parms4
from nfsgw.wire.nfs4_cb import OP_CB_GETATTR
from nfsgw.wire.rpc import AUTH_SYS, opaque_auth, pack_authsys_parms, pack_opaque_auth
from nfsgw.wire.runtime import Writer

CALLBACK_VERSION: Final = 1  # of the program whose number the client chose

CALL_HEADER: Final = 4 * 6 + 8  # an RPC call up to its arguments, without the credential
REPLY_HEADER: Final = 24
COMPOUND_RESULT: Final = 4 + 4 + 4 + 4 + 4 + 32  # CB_COMPOUND4res without tag, with the result of CB_SEQUENCE
STATUS_RESULT: Final = 8  # of an operation that returns nothing else
GETATTR_RESULT: Final = STATUS_RESULT + 8 + 4 + 16  # bitmap, length, change and size


class Channel:
    """`broken`: the client takes no callback with this session's credential, whichever connection it comes by; until it
    binds a connection, or names another one. `strange`: the client did not know the session when it was last called."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.slots = BackSlots(session.back.ca_maxrequests)
        self.broken = False
        self.strange = False
        self._parms: list[callback_sec_parms4] | None = None
        self._credential = OPAQUE_AUTH_NONE

    def credential(self) -> bytes:
        """An encoded opaque_auth. What BACKCHANNEL_CTL set counts from the next call on."""
        parms = self.session.cb_sec_parms
        if parms is not self._parms:
            self._parms = parms
            self._credential = choose(parms)
            self.broken = False
        return self._credential

    def works(self) -> bool:
        """Whether it is worth a try."""
        self.credential()
        return not self.broken and not self.session.gone and not self.slots.spent()

    def takes(self, number: int) -> bool:
        """Whether operation `number` and its result fit behind a CB_SEQUENCE."""
        result = GETATTR_RESULT if number == OP_CB_GETATTR else STATUS_RESULT
        back = self.session.back
        return back.ca_maxoperations >= 2 and back.ca_maxresponsesize >= REPLY_HEADER + COMPOUND_RESULT + result

    def fits(self, arguments: int) -> bool:
        """Whether a call with so many bytes of arguments may be sent."""
        return CALL_HEADER + len(self.credential()) + arguments <= self.session.back.ca_maxrequestsize


def choose(parms: list[callback_sec_parms4]) -> bytes:
    """AUTH_SYS as the client gave it, where it did; else AUTH_NONE. Linux offers AUTH_SYS and refuses AUTH_NONE for all
    but CB_NULL, so a probe with AUTH_NONE would prove nothing."""
    for one in parms:
        if one.cb_secflavor == AUTH_SYS and one.cbsp_sys_cred is not None:
            body = Writer()
            pack_authsys_parms(body, one.cbsp_sys_cred)
            writer = Writer()
            pack_opaque_auth(writer, opaque_auth(AUTH_SYS, body.getvalue()))
            return writer.getvalue()
    return OPAQUE_AUTH_NONE
