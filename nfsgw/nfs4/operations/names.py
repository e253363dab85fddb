"""Operations on names: LOOKUP, LOOKUPP, CREATE, LINK, REMOVE, RENAME, READDIR, READLINK.

The rules of names and permissions live in the namespace; here is what NFS adds to them. RFC 8881, 18.4, 18.9, 18.13,
18.14, 18.23 to 18.26.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import BLK, CHR, DIR, FIFO, LNK, NAMED, SOCK, ChangeInfo, Inode
from nfsgw.nfs4.attributes import SET_ONLY_V42, SETTABLE_BOTH_WAYS, decode_changes, fattr_of, mask_of
from nfsgw.nfs4.compound import READ, Compound
from nfsgw.nfs4.holders import concerned, consult, dubious
from nfsgw.nfs4.operations.named import attached, held_on, kept_of, let_go, part, showing
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Writer

if TYPE_CHECKING:
    from nfsgw.nfs4.state.filestate import Delegation

SETTABLE_AT_CREATE: Final = (SETTABLE_BOTH_WAYS | SET_ONLY_V42) & ~mask_of(w4.FATTR4_SIZE)

# A page of READDIR: as many entries as could fit, within reason. A few fixed sizes, so that pages can be kept.
ENTRY_BYTES_GUESS: Final = 128
PAGE_SIZES: Final = (16, 64, 256, 1024)


def change_info(info: ChangeInfo) -> w4.change_info4:
    return w4.change_info4(True, info.before, info.after)


def own_change(ctx: Compound, directory_id: int, info: ChangeInfo) -> w4.change_info4:
    """Of a directory, to the client that has changed it."""
    client = ctx.client()
    if directory_id in client.looks:
        ctx.state.delegated.followed(client, directory_id, info.before, info.after, ctx.grant())
    return change_info(info)


def lookup(ctx: Compound, args: w4.LOOKUP4args) -> None:
    """LOOKUP (15). Raises: NOTDIR, SYMLINK, NOENT, ACCESS, INVAL, BADNAME, NAMETOOLONG."""
    ctx.move_to(ctx.names.lookup(ctx.current_directory(), args.objname, ctx.who))


def lookupp(ctx: Compound, args: None) -> None:
    """LOOKUPP (16): the root has no parent. Raises: NOTDIR, SYMLINK, NOENT, ACCESS."""
    ctx.move_to(ctx.names.lookup_parent(ctx.current_directory(), ctx.who))


def create(ctx: Compound, args: w4.CREATE4args) -> w4.CREATE4resok:
    """CREATE (6): every type but regular files. Raises: BADTYPE, EXIST, PERM (devices need root), WRONG_TYPE (among
    named attributes), and those of names."""
    directory = ctx.current_directory()
    if directory.flags & NAMED:
        raise NFSError(w4.NFS4ERR_WRONG_TYPE)
    what = args.objtype
    kind = what.type
    target = b""
    major = minor = 0
    if kind == LNK:
        target = what.linkdata or b""
        if not target:
            raise NFSError(w4.NFS4ERR_INVAL)
        if len(target) > 4095:
            raise NFSError(w4.NFS4ERR_NAMETOOLONG)
    elif kind in (BLK, CHR):
        if ctx.who.uid != 0:
            raise NFSError(w4.NFS4ERR_PERM)
        data = what.devdata
        if data is not None:
            major = data.specdata1
            minor = data.specdata2
    elif kind != DIR and kind != SOCK and kind != FIFO:
        raise NFSError(w4.NFS4ERR_BADTYPE)
    changes = decode_changes(ctx, args.createattrs, SETTABLE_AT_CREATE)
    if changes.mode is None:
        changes.mode = 0o700 if kind == DIR else 0o600  # as of a file: the creator's alone, and of use to him
    found = ctx.conflicts(directory)
    if found:
        ctx.names.check_create(directory, args.objname, kind, changes, ctx.who, ctx.now, target)
        ctx.recall(found)
    made, info = ctx.names.create(directory, args.objname, kind, changes, ctx.who, ctx.now, target, major, minor)
    ctx.move_to(made)
    return w4.CREATE4resok(own_change(ctx, directory.id, info), args.createattrs.attrmask)


def link(ctx: Compound, args: w4.LINK4args) -> w4.LINK4resok:
    """LINK (11): the saved object gets another name in the current directory. Raises: ISDIR, NOTDIR, EXIST, MLINK,
    and those of names."""
    inode = ctx.saved_handle()
    directory = ctx.current_directory()
    if inode.kind == DIR:
        raise NFSError(w4.NFS4ERR_ISDIR)
    found = ctx.conflicts(inode) + ctx.conflicts(directory)
    if found:
        ctx.names.check_link(inode, directory, args.newname, ctx.who)
        ctx.recall(found)
    info = ctx.names.link(inode, directory, args.newname, ctx.who, ctx.now)
    return w4.LINK4resok(own_change(ctx, directory.id, info))


def remove(ctx: Compound, args: w4.REMOVE4args) -> w4.REMOVE4resok:
    """REMOVE (28): an object that is open lives on as an orphan until its last CLOSE (OPEN4_RESULT_PRESERVE_UNLINKED).

    Raises: NOTDIR, NOENT, NOTEMPTY, ACCESS, PERM (sticky), and those of names."""
    directory = ctx.current_directory()
    target = ctx.names.peek(directory, args.target)
    attributes = attached(ctx, target)
    found = ctx.conflicts(directory) + showing(ctx, directory, 1)
    if target is not None:
        found = held_on(ctx, found + ctx.conflicts(target), attributes)
    if found:
        ctx.names.check_unlink(directory, args.target, ctx.who)
        ctx.recall(found)
    in_use = target is not None and ctx.in_use(target)
    if target is not None and in_use and target.kind == DIR:
        ctx.names.check_unlink(directory, args.target, ctx.who)
        ctx.state.delegated.vanish(target.id)
    if attributes and not in_use:
        ctx.names.check_unlink(directory, args.target, ctx.who)
        part(ctx, attributes)
    kept = kept_of(ctx, attributes)
    info, gone = ctx.names.unlink(directory, args.target, ctx.who, ctx.now, in_use, kept)
    if gone.nlink == 0 and not in_use:
        ctx.chunks.forget(gone.id)
        let_go(ctx, attributes)
    return w4.REMOVE4resok(own_change(ctx, directory.id, info))


def rename(ctx: Compound, args: w4.RENAME4args) -> w4.RENAME4resok:
    """RENAME (29): atomic, also over an existing object. Raises: NOTDIR, NOENT, EXIST, INVAL (into itself), XDEV (into
    or out of named attributes), and those of names."""
    source = ctx.saved_handle()
    target = ctx.current_directory()
    if source.kind != DIR:
        raise NFSError(w4.NFS4ERR_NOTDIR)
    replaced = ctx.names.peek(target, args.newname)
    attributes = attached(ctx, replaced)
    found = rename_conflicts(ctx, source, target, args.oldname, replaced)
    found = held_on(ctx, found, attributes)
    if found:
        ctx.names.check_rename(source, args.oldname, target, args.newname, ctx.who)
        ctx.recall(found)
    in_use = replaced is not None and ctx.in_use(replaced)
    if replaced is not None and in_use and replaced.kind == DIR:
        ctx.names.check_rename(source, args.oldname, target, args.newname, ctx.who)
        if ctx.names.peek(source, args.oldname) is not replaced:
            ctx.state.delegated.vanish(replaced.id)
    if attributes and not in_use:
        ctx.names.check_rename(source, args.oldname, target, args.newname, ctx.who)
        if ctx.names.peek(source, args.oldname) is not replaced:
            part(ctx, attributes)
    kept = kept_of(ctx, attributes)
    before, after, gone = ctx.names.rename(source, args.oldname, target, args.newname, ctx.who, ctx.now, in_use, kept)
    if gone is not None and gone.nlink == 0 and not in_use:
        ctx.chunks.forget(gone.id)
        let_go(ctx, attributes)
    return w4.RENAME4resok(change_info(before), change_info(after))


def rename_conflicts(
    ctx: Compound, source: Inode, target: Inode, oldname: bytes, replaced: Inode | None
) -> list[Delegation]:
    """Both directories, what moves, and what it replaces; nothing where both names are one object's."""
    moved = ctx.names.peek(source, oldname)
    if moved is None or moved is replaced:
        return []
    found = ctx.conflicts(source) + ctx.conflicts(moved)
    if target is not source:
        found += ctx.conflicts(target)
    return found if replaced is None else found + ctx.conflicts(replaced)


def readlink(ctx: Compound, args: None) -> w4.READLINK4resok:
    """READLINK (27). Raises: INVAL, or WRONG_TYPE for what is not a symbolic link (RFC 8881, 18.24.3)."""
    inode = ctx.current()
    if inode.kind != LNK:
        raise NFSError(w4.NFS4ERR_INVAL if inode.kind == DIR else w4.NFS4ERR_WRONG_TYPE)
    return w4.READLINK4resok(inode.target)


def readdir(ctx: Compound, args: w4.READDIR4args) -> bytes:
    """READDIR (26): entries after a cookie with the attributes asked for, encoded as READDIR4resok.

    Cookies stay good for as long as their entry lives, so the verifier is always zero and never checked.
    Raises: NOTDIR, ACCESS, BAD_COOKIE (1 and 2 are never given), TOOSMALL, INVAL.
    """
    directory = ctx.current_directory()
    ctx.require(directory, READ, w4.NFS4ERR_ACCESS)
    if args.cookie == 1 or args.cookie == 2 or args.cookie > 0x7FFF_FFFF_FFFF_FFFF:
        raise NFSError(w4.NFS4ERR_BAD_COOKIE)
    room = min(args.maxcount, ctx.settings.max_read)
    w = Writer()
    w.fixed(ZERO_VERIFIER, 8)
    names_room = args.dircount if args.dircount else room
    wanted = args.attr_request
    guess = room // ENTRY_BYTES_GUESS
    page = PAGE_SIZES[-1]
    for size in PAGE_SIZES:
        if size >= guess:
            page = size
            break
    cookie = args.cookie
    names = ctx.names
    written = 0
    used_names = 0
    while True:
        entries = names.readdir(directory, cookie, page)
        if concerned(ctx):
            consult(ctx, [names.get(entry.inode) for entry in entries if dubious(ctx, entry.inode)], wanted)
        if not entries:  # a page may be short; only an empty one is the end
            return end_of_listing(w, True, written, room)
        for entry in entries:
            mark = w.length()
            name = entry.name
            w.boolean(True)
            w.u64(entry.cookie)
            w.opaque(name)
            w.raw(fattr_of(ctx, names.get(entry.inode), wanted))
            used_names += 16 + len(name)
            if w.length() + END_OF_LISTING > room or (used_names > names_room and written):
                w.truncate(mark)
                return end_of_listing(w, False, written, room)
            written += 1
            cookie = entry.cookie


def end_of_listing(w: Writer, eof: bool, written: int, room: int) -> bytes:
    """Closes a READDIR4resok of `written` entries. TOOSMALL when it has no room for what it must hold."""
    if (not written and not eof) or w.length() + END_OF_LISTING > room:
        raise NFSError(w4.NFS4ERR_TOOSMALL)
    w.boolean(False)
    w.boolean(eof)
    return w.getvalue()


END_OF_LISTING: Final = 8  # bytes: no further entry, eof
ZERO_VERIFIER: Final = bytes(8)
