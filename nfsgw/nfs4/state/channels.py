"""What a client asks for in CREATE_SESSION and BACKCHANNEL_CTL, and what it gets: the sizes of both channels, and the
security of callbacks. RFC 8881, 18.36.3 and 18.33.3.
"""

from __future__ import annotations

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.sessions import SMALLEST_REPLY, SMALLEST_REQUEST
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.wire.nfs4 import (
    NFS4ERR_INVAL,
    NFS4ERR_NOENT,
    NFS4ERR_TOOSMALL,
    callback_sec_parms4,
    channel_attrs4,
)
from nfsgw.wire.rpc import RPCSEC_GSS


def fore_channel(settings: StateSettings, asked: channel_attrs4) -> channel_attrs4:
    """What is asked for, as far as it is within the settings. TOOSMALL where nothing could ever be said; INVAL
    without a slot."""
    require_room(asked)
    if asked.ca_maxrequests == 0:
        raise NFSError(NFS4ERR_INVAL)
    return channel_attrs4(
        0,
        min(asked.ca_maxrequestsize, settings.max_request_size),
        min(asked.ca_maxresponsesize, settings.max_response_size),
        min(asked.ca_maxresponsesize_cached, settings.max_response_size_cached),
        min(asked.ca_maxoperations, settings.max_operations),
        min(asked.ca_maxrequests, settings.max_slots),
        [],
    )


def require_room(asked: channel_attrs4) -> None:
    """TOOSMALL: a channel on which not even a lone SEQUENCE could pass (18.36.3)."""
    if (
        asked.ca_maxrequestsize < SMALLEST_REQUEST
        or asked.ca_maxresponsesize < SMALLEST_REPLY
        or asked.ca_maxoperations == 0
    ):
        raise NFSError(NFS4ERR_TOOSMALL)


def back_channel(asked: channel_attrs4) -> channel_attrs4:
    """The client's values are the back channel's, for the server is the one to keep to them (18.36.3). TOOSMALL."""
    require_room(asked)
    return channel_attrs4(
        0,
        asked.ca_maxrequestsize,
        asked.ca_maxresponsesize,
        asked.ca_maxresponsesize_cached,
        asked.ca_maxoperations,
        asked.ca_maxrequests,
        [],
    )


def require_usable(parms: list[callback_sec_parms4]) -> None:
    """NOENT when all that callbacks may use is RPCSEC_GSS contexts: this server has none (18.36.3)."""
    if parms and all(one.cb_secflavor == RPCSEC_GSS for one in parms):
        raise NFSError(NFS4ERR_NOENT)
