"""Who holds what, for commands and metrics: rows of values that JSON can hold, times in seconds."""

from __future__ import annotations

from collections.abc import Iterable

from nfsgw.nfs4.state.clients import Clients
from nfsgw.nfs4.state.files import Files
from nfsgw.nfs4.state.filestate import BOTH, RECALLING
from nfsgw.nfs4.state.sessions import Session

Row = dict[str, object]


def clients(table: Clients, now: float) -> list[Row]:
    return [
        {
            "client": format(client.clientid, "016x"),
            "owner": client.owner.decode("utf-8", "backslashreplace"),
            "address": client.address,
            "implementation": client.implementation.decode("utf-8", "backslashreplace"),
            "confirmed": client.confirmed,
            "silent_seconds": now - client.renewed,
            "courtesy": client.confirmed and table.lapsed(client, now),
            "reclaim_complete": client.reclaim_complete,
            "sessions": len(client.sessions),
            "states": len(client.states),
            "revoked": client.revoked,
        }
        for client in table.by_id.values()
    ]


def sessions(sessions: Iterable[Session], now: float) -> list[Row]:
    return [
        {
            "session": session.sessionid.hex(),
            "client": format(session.client.clientid, "016x"),
            "age_seconds": now - session.created,
            "slots": len(session.slots),
            "slots_used": sum(1 for slot in session.slots if slot.seqid != 0),
            "connections": len(session.connections),
            "back_channel": session.carries_back(),
        }
        for session in sessions
    ]


def opens(files: Files) -> list[Row]:
    rows: list[Row] = []
    for file in files.by_inode.values():
        for opened in file.opens.values():
            rows.append(
                {
                    "client": format(opened.client.clientid, "016x"),
                    "inode": file.inode_id,
                    "owner": opened.owner.hex(),
                    "access": opened.access,
                    "deny": opened.deny,
                    "stateid": opened.other.hex(),
                }
            )
    return rows


def delegations(files: Files, now: float) -> list[Row]:
    return [
        {
            "client": format(held.client.clientid, "016x"),
            "inode": file.inode_id,
            "write": held.access == BOTH,
            "stateid": held.other.hex(),
            "age_seconds": now - held.granted,
            "recalling_seconds": now - held.recalled if held.phase == RECALLING else None,
        }
        for file in files.by_inode.values()
        for held in file.delegations.values()
    ]


def locks(files: Files) -> list[Row]:
    rows: list[Row] = []
    for file in files.by_inode.values():
        for held in file.locks.held():
            rows.append(
                {
                    "client": format(held.owner.clientid, "016x"),
                    "inode": file.inode_id,
                    "owner": held.owner.owner.hex(),
                    "write": held.write,
                    "offset": held.start,
                    "length": held.length(),
                }
            )
    return rows
