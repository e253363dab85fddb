"""File attributes: which exist, how they are encoded from an Inode, and how a client's are decoded into Changes.

A set of attributes is an int mask (bit n: attribute n). What does not change with the moment is encoded once per
inode and kept on it until its next change. RFC 8881, chapter 5; RFC 7862, 12.2 (change_attr_type); RFC 8275
(mode_umask); RFC 8276, 8.2; RFC 9754, 2 (open_arguments).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import (
    ARCHIVE,
    ATTRDIR,
    DIR,
    HAS_NAMED,
    HIDDEN,
    NAMED,
    NAMEDATTR,
    SYSTEM,
    Changes,
    Inode,
)
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader, Writer, XdrError

if TYPE_CHECKING:
    from nfsgw.nfs4.compound import Compound

NANOSECONDS: Final = 1_000_000_000


def mask_of(*numbers: int) -> int:
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask


# Attributes that can be read, by the minor version that brought them.
READABLE_V41: Final = mask_of(
    w4.FATTR4_SUPPORTED_ATTRS,
    w4.FATTR4_TYPE,
    w4.FATTR4_FH_EXPIRE_TYPE,
    w4.FATTR4_CHANGE,
    w4.FATTR4_SIZE,
    w4.FATTR4_LINK_SUPPORT,
    w4.FATTR4_SYMLINK_SUPPORT,
    w4.FATTR4_NAMED_ATTR,
    w4.FATTR4_FSID,
    w4.FATTR4_UNIQUE_HANDLES,
    w4.FATTR4_LEASE_TIME,
    w4.FATTR4_RDATTR_ERROR,
    w4.FATTR4_ARCHIVE,
    w4.FATTR4_CANSETTIME,
    w4.FATTR4_CASE_INSENSITIVE,
    w4.FATTR4_CASE_PRESERVING,
    w4.FATTR4_CHOWN_RESTRICTED,
    w4.FATTR4_FILEHANDLE,
    w4.FATTR4_FILEID,
    w4.FATTR4_FILES_AVAIL,
    w4.FATTR4_FILES_FREE,
    w4.FATTR4_FILES_TOTAL,
    w4.FATTR4_HIDDEN,
    w4.FATTR4_HOMOGENEOUS,
    w4.FATTR4_MAXFILESIZE,
    w4.FATTR4_MAXLINK,
    w4.FATTR4_MAXNAME,
    w4.FATTR4_MAXREAD,
    w4.FATTR4_MAXWRITE,
    w4.FATTR4_MODE,
    w4.FATTR4_NO_TRUNC,
    w4.FATTR4_NUMLINKS,
    w4.FATTR4_OWNER,
    w4.FATTR4_OWNER_GROUP,
    w4.FATTR4_RAWDEV,
    w4.FATTR4_SPACE_AVAIL,
    w4.FATTR4_SPACE_FREE,
    w4.FATTR4_SPACE_TOTAL,
    w4.FATTR4_SPACE_USED,
    w4.FATTR4_SYSTEM,
    w4.FATTR4_TIME_ACCESS,
    w4.FATTR4_TIME_BACKUP,
    w4.FATTR4_TIME_CREATE,
    w4.FATTR4_TIME_DELTA,
    w4.FATTR4_TIME_METADATA,
    w4.FATTR4_TIME_MODIFY,
    w4.FATTR4_MOUNTED_ON_FILEID,
    w4.FATTR4_SUPPATTR_EXCLCREAT,
)
READABLE_V40: Final = READABLE_V41 & ~mask_of(w4.FATTR4_SUPPATTR_EXCLCREAT)
READABLE_V42: Final = READABLE_V41 | mask_of(
    w4.FATTR4_CHANGE_ATTR_TYPE, w4.FATTR4_XATTR_SUPPORT, w4.FATTR4_OPEN_ARGUMENTS
)

# Attributes that can only be set.
SET_ONLY_V40: Final = mask_of(w4.FATTR4_TIME_ACCESS_SET, w4.FATTR4_TIME_MODIFY_SET)
SET_ONLY_V41: Final = SET_ONLY_V40 | mask_of(w4.FATTR4_MODE_SET_MASKED)
SET_ONLY_V42: Final = SET_ONLY_V41 | mask_of(w4.FATTR4_MODE_UMASK)

SETTABLE_BOTH_WAYS: Final = mask_of(
    w4.FATTR4_SIZE,
    w4.FATTR4_ARCHIVE,
    w4.FATTR4_HIDDEN,
    w4.FATTR4_MODE,
    w4.FATTR4_OWNER,
    w4.FATTR4_OWNER_GROUP,
    w4.FATTR4_SYSTEM,
    w4.FATTR4_TIME_BACKUP,
    w4.FATTR4_TIME_CREATE,
)

# With EXCLUSIVE4_1 every settable attribute may come with the create but size, which would mean nothing.
SUPPATTR_EXCLCREAT_V41: Final = (SETTABLE_BOTH_WAYS | SET_ONLY_V41) & ~mask_of(w4.FATTR4_SIZE)
SUPPATTR_EXCLCREAT_V42: Final = (SETTABLE_BOTH_WAYS | SET_ONLY_V42) & ~mask_of(w4.FATTR4_SIZE)

# By minor version.
READABLE: Final = (READABLE_V40, READABLE_V41, READABLE_V42)
SET_ONLY: Final = (SET_ONLY_V40, SET_ONLY_V41, SET_ONLY_V42)

# These depend on the moment or on the whole filesystem: never kept with an inode.
OF_THE_MOMENT: Final = mask_of(
    w4.FATTR4_FILES_AVAIL,
    w4.FATTR4_FILES_FREE,
    w4.FATTR4_FILES_TOTAL,
    w4.FATTR4_SPACE_AVAIL,
    w4.FATTR4_SPACE_FREE,
    w4.FATTR4_SPACE_TOTAL,
)

# The tree can hold as many objects as SQLite has row ids; what df shows is a round number below that.
FILES_TOTAL: Final = 1 << 40


def supported(minor: int) -> int:
    return READABLE[minor] | SET_ONLY[minor]


def readable(minor: int) -> int:
    return READABLE[minor]


def settable(minor: int) -> int:
    return SETTABLE_BOTH_WAYS | SET_ONLY[minor]


def suppattr_exclcreat(minor: int) -> int:
    return SUPPATTR_EXCLCREAT_V42 if minor >= 2 else SUPPATTR_EXCLCREAT_V41


SET_ONLY_ANY: Final = SET_ONLY_V42


def fattr_of(ctx: Compound, inode: Inode, requested: int) -> bytes:
    """fattr4 of `inode`, encoded: the requested attributes that exist, unknown ones left out (RFC 8881, 18.7.3).
    INVAL for one that can only be set."""
    minor = ctx.minor
    # A bit that differs between minor versions makes the masks differ, but SUPPORTED_ATTRS and SUPPATTR_EXCLCREAT
    # differ in value: so the minor version is part of what the kept bytes are for.
    key = requested * 4 + minor
    told = bool(ctx.sizes) and inode.id in ctx.sizes
    if inode.attrs_mask == key and not told:
        kept = inode.attrs_blob
        if kept is not None:
            return kept
    if requested & SET_ONLY_ANY & supported(minor):
        raise NFSError(w4.NFS4ERR_INVAL)
    mask = requested & readable(minor)
    fattr = Writer()
    fattr.bitmap(mask)
    fattr.opaque(values_of(ctx, inode, mask))
    blob = fattr.getvalue()
    if not mask & OF_THE_MOMENT and not told:
        inode.attrs_mask = key
        inode.attrs_blob = blob
    return blob


def values_of(ctx: Compound, inode: Inode, mask: int) -> bytes:
    """The attrlist4 of exactly these attributes, for VERIFY and NVERIFY."""
    values = Writer()
    encode_values(ctx, values, inode, mask)
    return values.getvalue()


def type_of(inode: Inode) -> int:
    """nfs_ftype4."""
    if inode.flags & NAMED:
        return ATTRDIR if inode.kind == DIR else NAMEDATTR
    return inode.kind


def put_time(w: Writer, nanoseconds: int) -> None:
    w.i64(nanoseconds // NANOSECONDS)
    w.u32(nanoseconds % NANOSECONDS)


def owner_name(ctx: Compound, number: int) -> bytes:
    """Owners are numbers, as a string of digits (RFC 8881, 5.9: no name to translate to), with @domain where one is
    configured."""
    domain = ctx.settings.owner_domain
    digits = b"%d" % number
    return digits + b"@" + domain if domain else digits


def encode_values(ctx: Compound, w: Writer, inode: Inode, mask: int) -> None:
    """The values of `mask`, in ascending order of attribute number, as attrlist4 has them."""
    word0 = mask & 0xFFFF_FFFF
    word1 = (mask >> 32) & 0xFFFF_FFFF
    word2 = (mask >> 64) & 0xFFFF_FFFF
    if word0:
        encode_word0(ctx, w, inode, word0)
    if word1:
        encode_word1(ctx, w, inode, word1)
    if word2:
        encode_word2(ctx, w, word2)


def encode_word0(ctx: Compound, w: Writer, inode: Inode, word: int) -> None:
    if word & (1 << w4.FATTR4_SUPPORTED_ATTRS):
        w.bitmap(supported(ctx.minor))
    if word & (1 << w4.FATTR4_TYPE):
        w.u32(type_of(inode))
    if word & (1 << w4.FATTR4_FH_EXPIRE_TYPE):
        w.u32(w4.FH4_PERSISTENT)
    if word & (1 << w4.FATTR4_CHANGE):
        w.u64(inode.change)
    if word & (1 << w4.FATTR4_SIZE):
        w.u64(ctx.sizes.get(inode.id, inode.size) if ctx.sizes else inode.size)
    if word & (1 << w4.FATTR4_LINK_SUPPORT):
        w.boolean(True)
    if word & (1 << w4.FATTR4_SYMLINK_SUPPORT):
        w.boolean(True)
    if word & (1 << w4.FATTR4_NAMED_ATTR):
        w.boolean(inode.flags & HAS_NAMED != 0)
    if word & (1 << w4.FATTR4_FSID):
        w.u64(ctx.names.fsid_major)
        w.u64(ctx.names.fsid_minor)
    if word & (1 << w4.FATTR4_UNIQUE_HANDLES):
        w.boolean(True)
    if word & (1 << w4.FATTR4_LEASE_TIME):
        w.u32(ctx.settings.lease_seconds)
    if word & (1 << w4.FATTR4_RDATTR_ERROR):
        w.u32(w4.NFS4_OK)
    if word & (1 << w4.FATTR4_ARCHIVE):
        w.boolean(inode.flags & ARCHIVE != 0)
    if word & (1 << w4.FATTR4_CANSETTIME):
        w.boolean(True)
    if word & (1 << w4.FATTR4_CASE_INSENSITIVE):
        w.boolean(False)
    if word & (1 << w4.FATTR4_CASE_PRESERVING):
        w.boolean(True)
    if word & (1 << w4.FATTR4_CHOWN_RESTRICTED):
        w.boolean(True)
    if word & (1 << w4.FATTR4_FILEHANDLE):
        w.opaque(ctx.names.handle(inode))
    if word & (1 << w4.FATTR4_FILEID):
        w.u64(inode.id)
    if word & (1 << w4.FATTR4_FILES_AVAIL):
        w.u64(FILES_TOTAL - ctx.names.usage()[0])
    if word & (1 << w4.FATTR4_FILES_FREE):
        w.u64(FILES_TOTAL - ctx.names.usage()[0])
    if word & (1 << w4.FATTR4_FILES_TOTAL):
        w.u64(FILES_TOTAL)
    if word & (1 << w4.FATTR4_HIDDEN):
        w.boolean(inode.flags & HIDDEN != 0)
    if word & (1 << w4.FATTR4_HOMOGENEOUS):
        w.boolean(True)
    if word & (1 << w4.FATTR4_MAXFILESIZE):
        w.u64(ctx.settings.max_file_size)
    if word & (1 << w4.FATTR4_MAXLINK):
        w.u32(ctx.settings.max_link)
    if word & (1 << w4.FATTR4_MAXNAME):
        w.u32(ctx.settings.max_name)
    if word & (1 << w4.FATTR4_MAXREAD):
        w.u64(ctx.settings.max_read)
    if word & (1 << w4.FATTR4_MAXWRITE):
        w.u64(ctx.settings.max_write)


MODE_BIT: Final = 1 << (w4.FATTR4_MODE - 32)
NO_TRUNC_BIT: Final = 1 << (w4.FATTR4_NO_TRUNC - 32)
NUMLINKS_BIT: Final = 1 << (w4.FATTR4_NUMLINKS - 32)
OWNER_BIT: Final = 1 << (w4.FATTR4_OWNER - 32)
OWNER_GROUP_BIT: Final = 1 << (w4.FATTR4_OWNER_GROUP - 32)
RAWDEV_BIT: Final = 1 << (w4.FATTR4_RAWDEV - 32)
SPACE_AVAIL_BIT: Final = 1 << (w4.FATTR4_SPACE_AVAIL - 32)
SPACE_FREE_BIT: Final = 1 << (w4.FATTR4_SPACE_FREE - 32)
SPACE_TOTAL_BIT: Final = 1 << (w4.FATTR4_SPACE_TOTAL - 32)
SPACE_USED_BIT: Final = 1 << (w4.FATTR4_SPACE_USED - 32)
SYSTEM_BIT: Final = 1 << (w4.FATTR4_SYSTEM - 32)
TIME_ACCESS_BIT: Final = 1 << (w4.FATTR4_TIME_ACCESS - 32)
TIME_BACKUP_BIT: Final = 1 << (w4.FATTR4_TIME_BACKUP - 32)
TIME_CREATE_BIT: Final = 1 << (w4.FATTR4_TIME_CREATE - 32)
TIME_DELTA_BIT: Final = 1 << (w4.FATTR4_TIME_DELTA - 32)
TIME_METADATA_BIT: Final = 1 << (w4.FATTR4_TIME_METADATA - 32)
TIME_MODIFY_BIT: Final = 1 << (w4.FATTR4_TIME_MODIFY - 32)
MOUNTED_ON_FILEID_BIT: Final = 1 << (w4.FATTR4_MOUNTED_ON_FILEID - 32)
SUPPATTR_EXCLCREAT_BIT: Final = 1 << (w4.FATTR4_SUPPATTR_EXCLCREAT - 64)
CHANGE_ATTR_TYPE_BIT: Final = 1 << (w4.FATTR4_CHANGE_ATTR_TYPE - 64)
XATTR_SUPPORT_BIT: Final = 1 << (w4.FATTR4_XATTR_SUPPORT - 64)
OPEN_ARGUMENTS_BIT: Final = 1 << (w4.FATTR4_OPEN_ARGUMENTS - 64)

# What OPEN does something about. Timestamps that the holder of a delegation keeps, an open replaced by its delegation,
# and news of one that can be had now are understood and have no effect: a client that reads this does not ask.
OPEN_SHARE_ACCESS: Final = mask_of(
    w4.OPEN_ARGS_SHARE_ACCESS_READ, w4.OPEN_ARGS_SHARE_ACCESS_WRITE, w4.OPEN_ARGS_SHARE_ACCESS_BOTH
)
OPEN_SHARE_DENY: Final = mask_of(
    w4.OPEN_ARGS_SHARE_DENY_NONE,
    w4.OPEN_ARGS_SHARE_DENY_READ,
    w4.OPEN_ARGS_SHARE_DENY_WRITE,
    w4.OPEN_ARGS_SHARE_DENY_BOTH,
)
OPEN_WANTS: Final = mask_of(
    w4.OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG,
    w4.OPEN_ARGS_SHARE_ACCESS_WANT_NO_DELEG,
    w4.OPEN_ARGS_SHARE_ACCESS_WANT_CANCEL,
)
OPEN_CLAIMS: Final = mask_of(
    w4.OPEN_ARGS_OPEN_CLAIM_NULL,
    w4.OPEN_ARGS_OPEN_CLAIM_PREVIOUS,
    w4.OPEN_ARGS_OPEN_CLAIM_DELEGATE_CUR,
    w4.OPEN_ARGS_OPEN_CLAIM_FH,
    w4.OPEN_ARGS_OPEN_CLAIM_DELEG_CUR_FH,
)
OPEN_CREATE_MODES: Final = mask_of(
    w4.OPEN_ARGS_CREATEMODE_UNCHECKED4,
    w4.OPEN_ARGS_CREATE_MODE_GUARDED,
    w4.OPEN_ARGS_CREATEMODE_EXCLUSIVE4,
    w4.OPEN_ARGS_CREATE_MODE_EXCLUSIVE4_1,
)


def encode_word1(ctx: Compound, w: Writer, inode: Inode, word: int) -> None:
    if word & MODE_BIT:
        w.u32(inode.mode)
    if word & NO_TRUNC_BIT:
        w.boolean(True)
    if word & NUMLINKS_BIT:
        w.u32(inode.nlink)
    if word & OWNER_BIT:
        w.opaque(owner_name(ctx, inode.uid))
    if word & OWNER_GROUP_BIT:
        w.opaque(owner_name(ctx, inode.gid))
    if word & RAWDEV_BIT:
        w.u32(inode.rdev_major)
        w.u32(inode.rdev_minor)
    if word & (SPACE_AVAIL_BIT | SPACE_FREE_BIT | SPACE_TOTAL_BIT):
        space = ctx.chunks.space()
        if word & SPACE_AVAIL_BIT:
            w.u64(space.available)
        if word & SPACE_FREE_BIT:
            w.u64(space.free)
        if word & SPACE_TOTAL_BIT:
            w.u64(space.total)
    if word & SPACE_USED_BIT:
        w.u64(4096 if inode.kind == DIR else inode.used)
    if word & SYSTEM_BIT:
        w.boolean(inode.flags & SYSTEM != 0)
    if word & TIME_ACCESS_BIT:
        put_time(w, inode.atime)
    if word & TIME_BACKUP_BIT:
        put_time(w, inode.backup)
    if word & TIME_CREATE_BIT:
        put_time(w, inode.btime)
    if word & TIME_DELTA_BIT:
        w.i64(0)
        w.u32(1)
    if word & TIME_METADATA_BIT:
        put_time(w, inode.ctime)
    if word & TIME_MODIFY_BIT:
        put_time(w, inode.mtime)
    if word & MOUNTED_ON_FILEID_BIT:
        w.u64(inode.id)


def encode_word2(ctx: Compound, w: Writer, word: int) -> None:
    if word & SUPPATTR_EXCLCREAT_BIT:
        w.bitmap(suppattr_exclcreat(ctx.minor))
    if word & CHANGE_ATTR_TYPE_BIT:
        w.u32(w4.NFS4_CHANGE_TYPE_IS_VERSION_COUNTER_NOPNFS)
    if word & XATTR_SUPPORT_BIT:
        w.boolean(True)
    if word & OPEN_ARGUMENTS_BIT:
        w.bitmap(OPEN_SHARE_ACCESS)
        w.bitmap(OPEN_SHARE_DENY)
        w.bitmap(OPEN_WANTS)
        w.bitmap(OPEN_CLAIMS)
        w.bitmap(OPEN_CREATE_MODES)


# -- from the client


def get_time(r: Reader) -> int:
    """nfstime4 as nanoseconds. INVAL for a fraction of a second or more (RFC 8881, 3.3.1)."""
    seconds = r.i64()
    fraction = r.u32()
    if fraction >= NANOSECONDS:
        raise NFSError(w4.NFS4ERR_INVAL)
    total = seconds * NANOSECONDS + fraction
    if not -(1 << 62) < total < (1 << 62):
        raise NFSError(w4.NFS4ERR_INVAL, "a time that does not fit")
    return total


def get_settime(r: Reader) -> int:
    how = r.u32()
    if how == w4.SET_TO_SERVER_TIME4:
        return Changes.NOW
    if how == w4.SET_TO_CLIENT_TIME4:
        return get_time(r)
    raise XdrError("time_how4")


SUPERUSER: Final = (b"root", b"wheel")
NOBODY: Final = (b"nobody", b"nfsnobody")


def get_owner(ctx: Compound, r: Reader, anonymous: int) -> int:
    """A number from "1000" or "1000@domain", and from the three names that macOS writes even where it knows the number
    (nfs4_fallback_id): root and wheel for 0, nobody for -2, which is `anonymous` here. Any domain will do unless one is
    configured. BADOWNER for all else (RFC 8881, 5.9), INVAL for nothing at all."""
    text = r.opaque(1024)
    if not text:
        raise NFSError(w4.NFS4ERR_INVAL)
    at = text.find(b"@")
    if at >= 0:
        domain = ctx.settings.owner_domain
        if domain and text[at + 1 :] != domain:
            raise NFSError(w4.NFS4ERR_BADOWNER)
        text = text[:at]
    if text in SUPERUSER:
        return 0
    if text in NOBODY:
        return anonymous
    if not text.isdigit() or len(text) > 10:
        raise NFSError(w4.NFS4ERR_BADOWNER)
    number = int(text)
    if number > 0xFFFF_FFFE:  # (uid_t) -1 means "no owner" to every POSIX system
        raise NFSError(w4.NFS4ERR_BADOWNER)
    return number


def decode_changes(ctx: Compound, attributes: w4.fattr4, allowed: int) -> Changes:
    """What the client wants set. ATTRNOTSUPP for what does not exist or is not `allowed`, INVAL for what can only be
    read, BADXDR for values that do not fit the mask (RFC 8881, 18.30.3)."""
    mask = attributes.attrmask
    if mask & ~supported(ctx.minor):
        raise NFSError(w4.NFS4ERR_ATTRNOTSUPP)
    if mask & ~settable(ctx.minor):
        raise NFSError(w4.NFS4ERR_INVAL)
    if mask & ~allowed:
        raise NFSError(w4.NFS4ERR_INVAL)
    changes = Changes()
    r = Reader(attributes.attr_vals)
    try:
        decode_values(ctx, r, mask, changes)
        r.finish()
    except XdrError:
        raise NFSError(w4.NFS4ERR_BADXDR) from None
    return changes


def decode_values(ctx: Compound, r: Reader, mask: int, changes: Changes) -> None:
    if mask & (1 << w4.FATTR4_SIZE):
        changes.size = r.u64()
        if changes.size > ctx.settings.max_file_size:
            raise NFSError(w4.NFS4ERR_FBIG)
    if mask & (1 << w4.FATTR4_ARCHIVE):
        decode_flag(r, changes, ARCHIVE)
    if mask & (1 << w4.FATTR4_HIDDEN):
        decode_flag(r, changes, HIDDEN)
    if mask & (1 << w4.FATTR4_MODE):
        changes.mode = decode_mode(r)
    if mask & (1 << w4.FATTR4_OWNER):
        changes.uid = get_owner(ctx, r, ctx.settings.anonymous_uid)
    if mask & (1 << w4.FATTR4_OWNER_GROUP):
        changes.gid = get_owner(ctx, r, ctx.settings.anonymous_gid)
    if mask & (1 << w4.FATTR4_SYSTEM):
        decode_flag(r, changes, SYSTEM)
    if mask & (1 << w4.FATTR4_TIME_ACCESS_SET):
        changes.atime = get_settime(r)
    if mask & (1 << w4.FATTR4_TIME_BACKUP):
        changes.backup = get_time(r)
    if mask & (1 << w4.FATTR4_TIME_CREATE):
        changes.btime = get_time(r)
    if mask & (1 << w4.FATTR4_TIME_MODIFY_SET):
        changes.mtime = get_settime(r)
    if mask & (1 << w4.FATTR4_MODE_SET_MASKED):
        mode = decode_mode(r)
        bits = decode_mode(r)
        if mask & (1 << w4.FATTR4_MODE):
            raise NFSError(w4.NFS4ERR_INVAL)  # RFC 8881, 6.2.5
        changes.mode = mode & bits
        changes.mode_mask = bits
    if mask & (1 << w4.FATTR4_MODE_UMASK):
        mode = decode_mode(r)
        umask = decode_mode(r)
        if mask & ((1 << w4.FATTR4_MODE) | (1 << w4.FATTR4_MODE_SET_MASKED)):
            raise NFSError(w4.NFS4ERR_INVAL)  # RFC 8275, 4.1
        changes.mode = mode & ~umask


def decode_flag(r: Reader, changes: Changes, flag: int) -> None:
    if r.boolean():
        changes.flags_set |= flag
    else:
        changes.flags_clear |= flag


def decode_mode(r: Reader) -> int:
    mode = r.u32()
    if mode > 0o7777:
        raise NFSError(w4.NFS4ERR_INVAL)
    return mode
