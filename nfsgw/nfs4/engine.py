"""Runs COMPOUNDs: operations in order, each answered at its place, the reply held until it may leave.

A compound that never waits runs from start to reply in one call and costs no task. One that must wait is left where
it is and goes on from a callback. Non-idempotent replies are kept in their slot, those of changes to the tree also with
the change. RFC 8881, 2.10.6 and 16.2.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from nfsgw.chunks.checksum import crc32c, crc32c_from
from nfsgw.errors import NFSError
from nfsgw.metrics.counts import UNKNOWN
from nfsgw.namespace.model import DIR, Credential
from nfsgw.nfs4.compound import Compound, Services
from nfsgw.nfs4.minor0.callers import of_connection
from nfsgw.nfs4.minor0.clients import InUseError
from nfsgw.nfs4.minor0.statuses import of_minor0
from nfsgw.nfs4.operations.locking import DeniedError
from nfsgw.nfs4.optable import (
    ALONE,
    BOTH,
    CHANGES,
    CURRENT,
    ILLEGAL,
    INSIDE,
    LASTS,
    LEADS,
    TABLES,
    Row,
)
from nfsgw.nfs4.settings import ROOT_SQUASH_ALL, ROOT_SQUASH_NONE
from nfsgw.nfs4.state.replays import STORED_LIMIT, Replay
from nfsgw.nfs4.state.sessions import uncached
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.rpc import AUTH_SYS
from nfsgw.wire.runtime import Reader, Writer, XdrError

if TYPE_CHECKING:
    from nfsgw.nfs4.minor0.requests import Request
    from nfsgw.rpc.core import Call
    from nfsgw.rpc.credentials import RpcCredential

log = logging.getLogger("nfsgw.nfs4")

PROC_UNAVAIL: Final = 3
GARBAGE_ARGS: Final = 4

TAG_LIMIT: Final = 1024
DIGESTED: Final = 512  # bytes of the request that its digest looks at
NOT_DIGESTED: Final = 4 + 16 + 4 + 4 + 4  # SEQUENCE up to sa_highest_slotid, which may differ when it is sent again


class Engine:
    """The NFS program (100003) of the RPC layer, version 4."""

    def __init__(self, services: Services) -> None:
        self.number = 100003
        self.versions: tuple[int, ...] = (4,)
        # RFC 5531 would have PROG_MISMATCH; macOS panics on it, and every client takes a closed connection for "no".
        self.quiet_on_version_mismatch = True
        self.services = services
        self.counts = services.counts
        self.running = 0  # compounds begun and not yet answered

    def dispatch(self, call: Call) -> None:
        if call.procedure == 1:
            Execution(self, call).begin()
        elif call.procedure == 0:
            call.finish(call.reply())
        else:
            call.fail(PROC_UNAVAIL)

    def connection_lost(self, connection: object) -> None:
        self.services.state.connection_lost(connection)

    def identity(self, credential: RpcCredential) -> Identity:
        """Kept on the credential, which the RPC layer keeps while a connection goes on sending the same one."""
        known = credential.data
        if isinstance(known, Identity):
            return known
        identity = Identity(self.squashed(credential), b"%d:%d" % (credential.flavor, credential.uid))
        credential.data = identity
        return identity

    def squashed(self, credential: RpcCredential) -> Credential:
        settings = self.services.settings
        squash = settings.root_squash
        if credential.flavor != AUTH_SYS or squash == ROOT_SQUASH_ALL:
            return Credential(settings.anonymous_uid, settings.anonymous_gid, frozenset())
        uid, gid, groups = credential.uid, credential.gid, frozenset(credential.gids)
        if squash != ROOT_SQUASH_NONE:
            uid = uid if uid else settings.anonymous_uid
            gid = gid if gid else settings.anonymous_gid
            groups = groups - {0}
        return Credential(uid, gid, groups)


class Identity:
    """Who a credential stands for: to files (after squashing), and to client records (the principal of RFC 8881,
    2.4.3)."""

    def __init__(self, who: Credential, principal: bytes) -> None:
        self.who = who
        self.principal = principal
        self.seed = crc32c(principal)  # of the digests of its requests


class Execution:
    """One COMPOUND from its first byte to its reply."""

    def __init__(self, engine: Engine, call: Call) -> None:
        self.engine = engine
        self.call = call
        self.reader: Reader = call.args
        self.writer: Writer = call.reply()
        self.start = self.writer.length()  # of COMPOUND4res, which is what a slot keeps
        self.count_at = 0
        self.ctx: Compound | None = None
        self.row: Row = ILLEGAL
        self.decoded: object = None  # arguments of the operation that waits
        self.resumed: bool = False
        self.gone: NFSError | None = None
        self.pending = 0
        self.held_at = -1  # where the result of the first operation that held the reply begins
        self.held_index = 0
        self.held_count = 0
        self.changed = False  # an operation that changes something has run: the reply must be kept
        self.lasted_to = 0  # where the result of the last operation that changed the tree ends
        self.lasted_count = 0  # operations up to it; 0: the tree is as it was
        self.begun = 0.0
        self.named = UNKNOWN  # the operation that the compound is named after in the metrics
        self.weight = -1
        self.status = w4.NFS4_OK

    def begin(self) -> None:
        call = self.call
        r = self.reader
        services = self.engine.services
        try:
            tag = r.opaque(TAG_LIMIT)
            minor = r.u32()
            count = r.u32()
            if count * 4 > r.remaining():
                raise XdrError("more operations than bytes")
        except XdrError:
            call.fail(GARBAGE_ARGS)
            return
        told_apart = r.position() + (NOT_DIGESTED if minor else 0)
        w = self.writer
        w.u32(w4.NFS4_OK)
        w.opaque(tag)
        self.count_at = w.length()
        w.u32(0)
        ctx = Compound(services, minor, count, call.size)
        self.ctx = ctx
        self.engine.running += 1
        self.begun = services.monotonic()
        if minor not in services.settings.minor_versions:
            self.status = w4.NFS4ERR_MINOR_VERS_MISMATCH
            self.deliver(0)
            return
        if not is_utf8(tag):
            self.status = w4.NFS4ERR_INVAL
            self.deliver(0)
            return
        if minor == 0 and count > services.settings.max_operations:
            self.status = w4.NFS4ERR_RESOURCE
            self.deliver(0)
            return
        record = call.record
        identity = self.engine.identity(call.credential)
        ctx.digest = crc32c_from(identity.seed, bytes(record[told_apart : told_apart + DIGESTED])) | len(record) << 32
        ctx.who = identity.who
        ctx.principal = identity.principal
        ctx.connection = call.connection
        if minor == 0:
            connection = call.connection
            ctx.caller = of_connection(ctx, connection)
            ctx.room = services.state.settings.max_response_size
            address, port = connection.peer
            earlier = services.state.minor0.requests.find(address, port, call.xid, ctx.digest)
            if earlier is not None:
                self.repeat(earlier)
                return
        self.run()

    def repeat(self, earlier: Request) -> None:
        """4.0: the same request has come before. It gets the same reply, when there is one."""
        if earlier.reply is None:
            earlier.over().when_done(partial(self.repeat_now, earlier))
        else:
            self.repeat_now(earlier, None)

    def repeat_now(self, earlier: Request, completion: Completion | None) -> None:
        self.engine.running -= 1
        self.engine.counts.replays += 1
        if earlier.reply is None:
            self.call.drop()
            return
        again = self.call.reply()
        again.raw(earlier.reply)
        self.call.finish(again)

    def resume(self, completion: Completion) -> None:
        """What was waited for is over: the operation runs again from its start, in the world as it is now."""
        ctx = self.ctx
        assert ctx is not None
        self.resumed = True
        try:
            self.run()
        except Exception:
            log.exception("compound failed after a wait")
            self.engine.running -= 1
            if ctx.slot is not None:
                ctx.slot.abandon()
            if ctx.request is not None:
                ctx.request.abandon()
            self.call.drop()

    def run(self) -> None:
        ctx = self.ctx
        assert ctx is not None
        services = ctx.services
        ctx.now = services.wall_clock()
        ctx.instant = services.monotonic() if self.resumed else self.begun
        names = services.names
        outer = names.met  # what finishing one compound sets in motion may run another inside it
        names.met = 0
        try:
            if self.resumed:
                self.look_up_again(ctx)
            self.run_operations(ctx)
        finally:
            names.met = outer
        delegated = services.state.delegated
        if delegated.freed:
            delegated.wake()

    def look_up_again(self, ctx: Compound) -> None:
        """Inodes that were kept over a wait may have changed (which is met anew), been read anew, or be gone."""
        self.gone = None
        try:
            if ctx.handle is not None:
                ctx.handle = ctx.names.get(ctx.handle.id)
            if ctx.saved is not None:
                ctx.saved = ctx.names.get(ctx.saved.id)
        except NFSError as error:
            self.gone = error

    def run_operations(self, ctx: Compound) -> None:
        names = ctx.names
        counts = self.engine.counts
        tallies = counts.operations
        table = TABLES[ctx.minor]
        w = self.writer
        r = self.reader
        done = ctx.index
        status = w4.NFS4_OK
        while done < ctx.count:
            ctx.index = done
            if self.resumed:
                row = self.row
            else:
                try:
                    number = r.u32()
                except XdrError:
                    w.u32(w4.OP_ILLEGAL)
                    w.u32(w4.NFS4ERR_BADXDR)
                    status = w4.NFS4ERR_BADXDR
                    counts.fail(w4.OP_ILLEGAL, status)
                    done += 1
                    break
                row = table[number] if number < len(table) else ILLEGAL
                self.row = row
            mark = w.length()
            w.u32(row.number)
            at = w.length()
            w.u32(w4.NFS4_OK)
            try:
                self.execute(ctx, row, w, r, mark)
            except NFSError as error:
                status = error.status if ctx.minor else of_minor0(row.number, error.status)
                w.truncate(at)
                w.u32(status)
                if row.number == w4.OP_SETATTR:
                    w.bitmap(0)
                elif isinstance(error, DeniedError):
                    w4.pack_LOCK4denied(w, error.denied)
                elif isinstance(error, InUseError):
                    w4.pack_netaddr4(w, error.using)
            except Suspend as wait:
                w.truncate(mark)
                if self.lasted_count:
                    # What has changed may be durable long before this compound is done.
                    self.store(ctx, row.number)
                counts.suspended += 1
                self.meet(names.met)
                wait.completion.when_done(self.resume)
                return
            except Replay as replay:
                counts.replays += 1
                self.engine.running -= 1
                again = self.call.reply()
                again.raw(replay.reply)
                self.call.finish(again)
                return
            except XdrError:
                # Only a reply that does not fit its own definition gets here: a defect, and the state is what it is.
                log.exception("%s: the result cannot be encoded", row.name)
                ctx.lasting = ctx.lasting or row.effect == LASTS
                status = w4.NFS4ERR_SERVERFAULT
                w.truncate(at)
                w.u32(status)
            except Exception:
                log.exception("%s failed", row.name)
                ctx.lasting = ctx.lasting or row.effect == LASTS
                status = w4.NFS4ERR_SERVERFAULT
                w.truncate(at)
                w.u32(status)
                if row.number == w4.OP_SETATTR:
                    w.bitmap(0)
            if status == w4.NFS4_OK:
                tallies[row.number].done += 1
            else:
                counts.fail(row.number, status)
            if row.weight > self.weight:
                self.weight = row.weight
                self.named = row.number
            self.resumed = False
            self.decoded = None
            ctx.waiting_since = -1.0
            ctx.changed = self.changed
            if ctx.holds and self.held_at < 0:
                self.held_at = at
                self.held_index = done
            done += 1
            if ctx.lasting:
                ctx.lasting = False
                self.lasted_to = w.length()
                self.lasted_count = done
            if status != w4.NFS4_OK:
                break
        self.status = status
        w.patch_u32(self.start, status)
        w.patch_u32(self.count_at, done)
        if self.lasted_count:
            self.store(ctx, -1)
        self.meet(names.met)
        self.settle(done)

    def execute(self, ctx: Compound, row: Row, w: Writer, r: Reader, mark: int) -> None:
        """One operation: its place, its filehandle, its arguments, its effect, its result."""
        if row is ILLEGAL:
            raise NFSError(w4.NFS4ERR_OP_ILLEGAL)
        if self.gone is not None:
            raise self.gone
        if not self.resumed:
            place = row.place
            if ctx.index == 0:
                if place == INSIDE:
                    raise NFSError(w4.NFS4ERR_OP_NOT_IN_SESSION)
                if place == ALONE and ctx.count > 1:
                    raise NFSError(w4.NFS4ERR_NOT_ONLY_OP)
            elif place == LEADS:
                raise NFSError(w4.NFS4ERR_SEQUENCE_POS)
        handler = row.handler
        if handler is None:
            raise NFSError(w4.NFS4ERR_NOTSUPP)
        if self.resumed:
            args = self.decoded
        else:
            unpack = row.unpack
            args = None
            if unpack is not None:
                try:
                    args = unpack(r)
                except XdrError:
                    raise NFSError(w4.NFS4ERR_BADXDR) from None
            self.decoded = args
        handles = row.handles
        if handles >= CURRENT and ctx.handle is None:
            raise NFSError(w4.NFS4ERR_NOFILEHANDLE)
        if handles == BOTH and ctx.saved is None:
            raise NFSError(w4.NFS4ERR_NOFILEHANDLE)
        if row.effect >= CHANGES:
            # What has taken effect must be told: room for its result is made sure of before.
            self.check_room(ctx, mark + row.reply_bound)
            if ctx.minor == 0 and ctx.request is None and not row.repeatable:
                self.remember(ctx)
            self.changed = True
            if row.effect == LASTS:
                ctx.await_grace()
        result = handler(ctx, args)
        if row.effect == LASTS:
            ctx.lasting = True
        if row.pack is not None:
            row.pack(w, result)
        if row.effect < CHANGES:
            self.check_room(ctx, w.length())

    def remember(self, ctx: Compound) -> None:
        """4.0: from now on this request must not run a second time."""
        call = self.call
        address, port = call.connection.peer
        ctx.request = ctx.state.minor0.requests.begin(address, port, call.xid, ctx.digest)

    def check_room(self, ctx: Compound, length: int) -> None:
        """REP_TOO_BIG and REP_TOO_BIG_TO_CACHE (RFC 8881, 2.10.6.4), in 4.0 RESOURCE. `length`: of the whole reply,
        record mark included."""
        session = ctx.session
        slot = ctx.slot
        if session is None or slot is None:
            if length > ctx.room:
                raise NFSError(w4.NFS4ERR_RESOURCE)
            return
        if length - 4 > session.max_response_size:
            raise NFSError(w4.NFS4ERR_REP_TOO_BIG)
        if slot.cache_this and length - 4 > session.max_response_size_cached:
            raise NFSError(w4.NFS4ERR_REP_TOO_BIG_TO_CACHE)

    def store(self, ctx: Compound, waiting: int) -> None:
        """Puts the reply into the transaction of the change. `waiting`: the operation that has to wait now, -1 when all
        have run."""
        session = ctx.session
        slot = ctx.slot
        request = ctx.request
        if request is None and (session is None or slot is None or session.gone):
            return
        w = self.writer
        if waiting < 0 and self.held_at < 0 and w.length() - self.start <= STORED_LIMIT:
            reply = w.getvalue()[self.start :]
        else:
            reply = self.so_far(waiting)
        if request is not None:
            if len(reply) <= STORED_LIMIT:
                ctx.state.minor0.requests.keep(request, reply)
        elif session is not None and slot is not None:
            ctx.state.replays.keep(session, slot, reply)

    def so_far(self, waiting: int) -> bytes:
        """A reply that is true whatever comes after the last change to the tree, or does not come because of a crash:
        the results up to it, and DELAY for the operation after it. One that holds the reply has not kept its promise
        yet, so nothing from there on is told."""
        ctx = self.ctx
        assert ctx is not None
        w = self.writer
        whole = w.getvalue()
        end = self.lasted_to
        count = self.lasted_count
        if self.held_at >= 0 and self.held_index < count:
            end = self.held_at - 4
            count = self.held_index
        if end - self.start > STORED_LIMIT:
            return uncached(whole, self.start) if ctx.request is None else whole
        number = waiting if end == len(whole) else int.from_bytes(whole[end : end + 4], "big")
        reply = Writer()
        reply.u32(w4.NFS4ERR_DELAY)
        reply.raw(whole[self.start + 4 : self.count_at])
        reply.u32(count + 1)
        reply.raw(whole[self.count_at + 4 : end])
        reply.u32(number)
        reply.u32(w4.NFS4ERR_DELAY)
        if number == w4.OP_SETATTR:
            reply.bitmap(0)
        return reply.getvalue()

    def meet(self, seq: int) -> None:
        ctx = self.ctx
        assert ctx is not None
        if seq > ctx.depends:
            ctx.depends = seq

    def settle(self, done: int) -> None:
        """All operations have run: the reply leaves now, or when what it shows is durable."""
        ctx = self.ctx
        assert ctx is not None
        names = ctx.names
        waits = ctx.holds
        if ctx.depends > names.durable:
            waits.append(names.reach(ctx.depends))
        if not waits:
            self.deliver(done)
            return
        self.held_count = done
        self.pending = len(waits)
        for completion in waits:
            completion.when_done(self.released)

    def released(self, completion: Completion) -> None:
        error = completion.error
        if error is not None and self.held_at >= 0 and self.status == w4.NFS4_OK:
            # What the reply would promise did not come true: the operation that promised it fails instead.
            self.status = error.status if isinstance(error, NFSError) else w4.NFS4ERR_IO
            self.writer.truncate(self.held_at)
            self.writer.u32(self.status)
            self.held_count = self.held_index + 1
        self.pending -= 1
        if self.pending == 0:
            self.deliver(self.held_count)

    def deliver(self, done: int) -> None:
        ctx = self.ctx
        assert ctx is not None
        w = self.writer
        w.patch_u32(self.start, self.status)
        w.patch_u32(self.count_at, done)
        self.engine.running -= 1
        slot = ctx.slot
        if slot is not None:
            slot.finish(w, self.start, self.changed)
        elif ctx.request is not None:
            moot = self.status in (w4.NFS4ERR_DELAY, w4.NFS4ERR_GRACE) and not self.lasted_count
            ctx.request.finish(w, self.start, moot)
        self.call.finish(w)
        self.engine.counts.compound(self.named, ctx.services.monotonic() - self.begun)


def release(services: Services, inode_id: int) -> None:
    """The last open of a file is gone: an object without a name goes now (PRESERVE_UNLINKED ends with the last
    CLOSE)."""
    names = services.names
    inode = names.get(inode_id)
    names.unpin(inode)
    if inode.nlink == 0:
        attributes = names.named(inode)
        now = services.monotonic()
        for other in attributes:
            if other.kind == DIR:
                services.state.delegated.vanish(other.id)
        kept = frozenset([other.id for other in attributes if services.state.may_be_open(other.id, now)])
        names.release(inode, kept)
        services.chunks.forget(inode_id)
        for other in attributes:
            if other.gone:
                services.chunks.forget(other.id)


def is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
