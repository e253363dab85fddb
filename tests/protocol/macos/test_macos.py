"""A Mac mounts, lists, creates, writes, renames, and keeps Finder's information, beside a Linux machine."""

from __future__ import annotations

import pytest
import pytest_asyncio

from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Writer
from tests.protocol.files import putfh
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, getattr_, lookup, mkdir, remove
from tests.protocol.macos.mac import (
    DEFAULT,
    FILEHANDLE,
    FILESYSTEM,
    OBJECT,
    SIZE,
    Attributes,
    Mac,
    attributes_of,
    openattr,
)
from tests.protocol.operations import GETFH, handle_of

FINDER = b"com.apple.FinderInfo"
FORK = b"com.apple.ResourceFork"
INFORMATION = b"TEXTttxt" + bytes(24)
MODE = 1 << w4.FATTR4_MODE
NFC, NFD = "Käse.txt".encode(), "Ka\u0308se.txt".encode()


def unchecked(mode: int = 0o644) -> w4.createhow4:
    return w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(MODE, mode.to_bytes(4, "big")))


@pytest_asyncio.fixture
async def mac(house: House) -> Mac:
    machine = Mac(house)
    await machine.mount()
    return machine


async def made(mac: Mac, name: bytes, data: bytes = b"") -> bytes:
    handle, stateid, _ = await mac.open_new(mac.root, name, unchecked())
    if data:
        await mac.put(handle, stateid, data)
    await mac.shut(handle, stateid)
    return handle


# -- mount


async def test_a_mount_needs_nothing_but_the_port_and_learns_what_there_is(house: House) -> None:
    """nfs_connect (version and port are given: no portmapper), nfs_connect_search_ping, nfs4_setclientid, nfs4_mount of
    the server's root."""
    mac = Mac(house)
    shown = await mac.mount()
    assert mac.named
    assert shown.number(w4.FATTR4_TYPE) == w4.NF4DIR
    assert shown.number(w4.FATTR4_FH_EXPIRE_TYPE) == w4.FH4_PERSISTENT, "else it warns at each mount"
    assert not shown.number(w4.FATTR4_CASE_INSENSITIVE)
    assert shown.number(w4.FATTR4_CASE_PRESERVING)
    assert shown.number(w4.FATTR4_MAXREAD) >= 32 * 1024
    assert shown.number(w4.FATTR4_LEASE_TIME) > 0
    # what it asks for and cannot be had is left out, not refused
    assert shown.mask == DEFAULT & mac.supported
    assert DEFAULT & ~mac.supported == 1 << w4.FATTR4_ACLSUPPORT


async def test_a_directory_is_mounted_by_its_components_with_secinfo_for_the_last(house: House, a: Machine) -> None:
    """nfs4_mount: PUTROOTFH or PUTFH, LOOKUP, GETFH, GETATTR for each; nfs4_secinfo_rpc."""
    inner = handle_of(await a.ok(ROOT, mkdir(b"srv"), mkdir(b"work"), GETFH))
    mac = Mac(house)
    await mac.mount(b"srv", b"work")
    assert mac.root == inner


async def test_an_nfs_version_that_is_not_served_gets_no_answer_that_hurts(house: House) -> None:
    """nfs_connect_search_ping with vers=3, where no version was given: PROG_MISMATCH has been seen to bring macOS down
    (github.com/marmos91/dittofs, issue 62); a connection that ends makes it go on."""
    mac = Mac(house)
    assert await mac.ping(3) == b""
    assert mac.connection.closed
    mac.connect(house)
    assert (await mac.ping())[12:] == bytes(12)


async def test_the_attributes_of_the_file_system_can_be_had_by_themselves(mac: Mac) -> None:
    """nfs4_create_clientid: PUTFH, GETATTR with NFS4_PER_FS_ATTRIBUTES, at each recovery."""
    every = FILESYSTEM | 1 << w4.FATTR4_CANSETTIME | 1 << w4.FATTR4_FS_LOCATIONS | 1 << w4.FATTR4_TIME_DELTA
    done = await mac.ok(putfh(mac.root), getattr_(every))
    result = done.resarray[1].opgetattr
    assert result is not None
    assert result.resok4 is not None
    assert result.resok4.obj_attributes.attrmask == every & mac.supported


# -- directories


async def test_a_listing_goes_on_with_its_verifier_though_the_directory_changes(mac: Mac, a: Machine) -> None:
    """nfs4_readdir_rpc sends the verifier that it was given last (n_cookieverf), though that may be long ago. A refusal
    reaches Finder as error -8062 (github.com/marmos91/dittofs, 253 and 254)."""
    names = [b"%03d" % number for number in range(100)]
    for name in names:
        await a.ok(ROOT, mkdir(name))
    assert [entry.name for entry in await mac.read_directory(mac.root, 1024)] == names
    await a.ok(ROOT, remove(b"000"))
    assert [entry.name for entry in await mac.read_directory(mac.root, 1024)] == names[1:]
    args = w4.READDIR4args(50, b"of old!!", 1024, 1024, 0)
    await mac.ok(putfh(mac.root), w4.nfs_argop4(w4.OP_READDIR, opreaddir=args))


@pytest.mark.parametrize("plus", [False, True])
async def test_every_entry_has_what_finder_needs(mac: Mac, a: Machine, plus: bool) -> None:
    """nfs4_readdir_rpc, both bitmaps. A fileid of 0, or one that changes, has brought macOS down (github.com/marmos91/
    dittofs, issues 841 and 976); cookies 1 and 2 are its own for `.` and `..`, which it adds itself."""
    await a.ok(ROOT, mkdir(b"folder"))
    await made(mac, b"file")
    first = await mac.read_directory(mac.root, plus=plus)
    assert [entry.name for entry in first] == [b"folder", b"file"]
    assert min(entry.cookie for entry in first) > 2
    numbers = [Attributes(entry.attrs).number(w4.FATTR4_FILEID) for entry in first]
    assert 0 not in numbers
    assert len(set(numbers)) == 2
    for entry, number in zip(first, numbers, strict=True):
        shown = Attributes(entry.attrs)
        assert shown.number(w4.FATTR4_MOUNTED_ON_FILEID) == number
        assert shown.number(w4.FATTR4_RDATTR_ERROR) == w4.NFS4_OK
        if plus:
            assert shown.mask & OBJECT == OBJECT
            assert (await mac.stat(shown.text(w4.FATTR4_FILEHANDLE))).number(w4.FATTR4_FILEID) == number
    await mac.move(mac.root, b"file", (await mac.look_up(mac.root, b"folder"))[0], b"moved")
    shown = (await mac.look_up((await mac.look_up(mac.root, b"folder"))[0], b"moved"))[1]
    assert shown.number(w4.FATTR4_FILEID) == numbers[1]


async def test_names_are_bytes_whichever_way_an_umlaut_is_written(mac: Mac, a: Machine) -> None:
    """nfsm_chain_add_name_nfc: macOS sends what programs gave it composed; what others wrote is listed as it is. Both
    forms are names of their own, as are upper and lower case."""
    for name in (NFC, NFD, b"README", b"readme"):
        await made(mac, name, name)
    assert [entry.name for entry in await mac.read_directory(mac.root)] == [NFC, NFD, b"README", b"readme"]
    for name in (NFC, NFD, b"README", b"readme"):
        handle, shown = await mac.look_up(mac.root, name)
        assert shown.number(w4.FATTR4_SIZE) == len(name)
        assert handle_of(await a.ok(ROOT, lookup(name), GETFH)) == handle


# -- files


async def test_a_file_is_created_written_and_closed_and_others_see_it(mac: Mac, a: Machine) -> None:
    """nfs4_vnop_create, nfs4_open_rpc_internal, nfs4_open_confirm_rpc, nfs4_write_rpc_async, nfs4_commit_rpc,
    nfs4_close_rpc."""
    handle, stateid, shown = await mac.open_new(mac.root, b"file", unchecked(0o600))
    assert shown.number(w4.FATTR4_MODE) == 0o600
    assert (await mac.put(handle, stateid, b"words")).number(w4.FATTR4_SIZE) == 5
    await mac.shut(handle, stateid)
    read = w4.nfs_argop4(w4.OP_READ, opread=w4.READ4args(NO_STATEID, 0, 100))
    result = (await a.ok(ROOT, lookup(b"file"), read)).resarray[-1].opread
    assert result is not None
    assert result.resok4 is not None
    assert bytes(result.resok4.data) == b"words"


async def test_an_exclusive_create_is_followed_by_the_attributes(mac: Mac) -> None:
    """nfs4_open_rpc_internal with VA_EXCLUSIVE: EXCLUSIVE4, then nfs4_setattr_rpc of mode and both times, in that
    order."""
    how = w4.createhow4(w4.EXCLUSIVE4, createverf=b"12345678")
    handle, stateid, _ = await mac.open_new(mac.root, b"file", how)
    both = 1 << w4.FATTR4_TIME_ACCESS_SET | 1 << w4.FATTR4_TIME_MODIFY_SET
    shown = await mac.set(handle, MODE | both, (0o640).to_bytes(4, "big") + bytes(8))
    assert shown.number(w4.FATTR4_MODE) == 0o640
    await mac.shut(handle, stateid)


async def test_a_file_is_saved_by_renaming_a_new_one_over_it(mac: Mac, a: Machine) -> None:
    """nfs4_rename_rpc, as every document is saved: a new file with its attributes takes the old one's name."""
    old = await made(mac, b"document", b"old")
    await mac.setxattr(old, FINDER, INFORMATION)
    new = await made(mac, b".document.tmp", b"new")
    await mac.setxattr(new, FINDER, INFORMATION[::-1])
    await mac.move(mac.root, b".document.tmp", mac.root, b"document")
    handle, _ = await mac.look_up(mac.root, b"document")
    assert handle == new
    assert await mac.getxattr(handle, FINDER) == INFORMATION[::-1]
    assert await mac.status(putfh(old)) == w4.NFS4ERR_STALE


async def test_hidden_archive_and_the_time_of_backup_are_set_and_stay(house: House, mac: Mac) -> None:
    """nfs_vattr_set_bitmap: va_flags sets ARCHIVE and HIDDEN together, va_backup_time TIME_BACKUP, va_create_time
    TIME_CREATE (setattrlist(2), chflags(2), SetFile). It never sets SYSTEM, and reads it nowhere."""
    handle = await made(mac, b"file")
    assert (await mac.stat(handle)).number(w4.FATTR4_TIME_BACKUP) == 0
    flags = 1 << w4.FATTR4_ARCHIVE | 1 << w4.FATTR4_HIDDEN
    shown = await mac.set(handle, flags, (0).to_bytes(4, "big") + (1).to_bytes(4, "big"))
    assert (shown.number(w4.FATTR4_ARCHIVE), shown.number(w4.FATTR4_HIDDEN)) == (0, 1)
    values = Writer()
    values.i64(1_700_000_000)
    values.u32(5)
    values.i64(-1)
    values.u32(7)
    shown = await mac.set(handle, 1 << w4.FATTR4_TIME_BACKUP | 1 << w4.FATTR4_TIME_CREATE, values.getvalue())
    wanted = (1_700_000_000 * 10**9 + 5, -1 * 10**9 + 7)
    assert (shown.number(w4.FATTR4_TIME_BACKUP), shown.number(w4.FATTR4_TIME_CREATE)) == wanted
    await house.settled()
    shown = (await mac.look_up(mac.root, b"file"))[1]
    assert (shown.number(w4.FATTR4_TIME_BACKUP), shown.number(w4.FATTR4_HIDDEN)) == (wanted[0], 1)


# -- owners


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (b"501", 501),
        (b"501@example.org", 501),
        (b"4294967294", 4294967294),
        (b"root", 0),
        (b"wheel", 0),
        (b"wheel@example.org", 0),
        (b"nobody", 65534),
    ],
)
async def test_owners_are_understood_as_macos_writes_them(mac: Mac, written: bytes, number: int) -> None:
    """nfs4_guid2id and nfs4_fallback_id: a number, or root, wheel and nobody even where it knows the number, with a
    domain where nfs.conf has one (nfs4_addv4domain). What it is told is a plain number, which nfs4_id2guid takes
    without asking anybody."""
    handle = await made(mac, b"file")
    value = Writer()
    value.opaque(written)
    value.opaque(written)
    shown = await mac.set(handle, 1 << w4.FATTR4_OWNER | 1 << w4.FATTR4_OWNER_GROUP, value.getvalue())
    assert shown.text(w4.FATTR4_OWNER) == b"%d" % number
    assert shown.text(w4.FATTR4_OWNER_GROUP) == b"%d" % number


async def test_a_name_that_means_no_number_is_refused_as_an_owner(mac: Mac) -> None:
    """nfs4_guid2id with the mapping service gives the user's name. By AUTH_SYS a user is his number: a number looked up
    for that name would be that of somebody else."""
    handle = await made(mac, b"file")
    value = Writer()
    value.opaque(b"alice@example.org")
    change = w4.SETATTR4args(NO_STATEID, w4.fattr4(1 << w4.FATTR4_OWNER, value.getvalue()))
    refused = await mac.status(putfh(handle), w4.nfs_argop4(w4.OP_SETATTR, opsetattr=change))
    assert refused == w4.NFS4ERR_BADOWNER


async def test_every_object_has_an_owner_and_a_group(mac: Mac, a: Machine) -> None:
    """nfs4_parsefattr: an object without them gets the owner of the mount's last error."""
    await a.ok(ROOT, mkdir(b"folder"))
    for handle in (mac.root, (await mac.look_up(mac.root, b"folder"))[0]):
        shown = await mac.stat(handle)
        assert shown.text(w4.FATTR4_OWNER).isdigit()
        assert shown.text(w4.FATTR4_OWNER_GROUP).isdigit()


# -- extended attributes


@pytest.mark.parametrize("what", ["a file", "a folder", "the root"])
async def test_extended_attributes_are_kept_listed_and_removed(mac: Mac, a: Machine, what: str) -> None:
    """nfs4_vnop_setxattr, nfs4_vnop_getxattr, nfs4_vnop_listxattr, nfs4_vnop_removexattr over nfs4_named_attr_get."""
    await a.ok(ROOT, mkdir(b"folder"))
    holder = await made(mac, b"file")
    if what == "a folder":
        holder = (await mac.look_up(mac.root, b"folder"))[0]
    elif what == "the root":
        holder = mac.root
    assert await mac.getxattr(holder, FINDER) is None
    assert await mac.listxattr(holder) == []
    await mac.setxattr(holder, FINDER, INFORMATION, guarded=True)
    await mac.setxattr(holder, b"com.apple.quarantine", b"0081;")
    await mac.setxattr(holder, b"empty", b"")
    assert await mac.getxattr(holder, FINDER) == INFORMATION
    assert await mac.getxattr(holder, b"empty") == b""
    assert await mac.getxattr(holder, b"missing") is None
    assert await mac.listxattr(holder) == [FINDER, b"com.apple.quarantine", b"empty"]
    await mac.setxattr(holder, FINDER, b"shorter")
    assert await mac.getxattr(holder, FINDER) == b"shorter"
    for name in (FINDER, b"com.apple.quarantine", b"empty"):
        await mac.removexattr(holder, name)
    assert await mac.listxattr(holder) == []
    assert not (await mac.stat(holder)).number(w4.FATTR4_NAMED_ATTR)
    assert [entry.name for entry in await mac.read_directory(mac.root)] == [b"folder", b"file"], "no ._ files"


async def test_a_guarded_one_that_is_there_is_refused(mac: Mac) -> None:
    """nfs4_vnop_setxattr with XATTR_CREATE: NFS_GET_NAMED_ATTR_CREATE_GUARDED."""
    holder = await made(mac, b"file")
    await mac.setxattr(holder, FINDER, INFORMATION, guarded=True)
    how = w4.createhow4(w4.GUARDED4, createattrs=w4.fattr4(SIZE, bytes(8)))
    again = mac.open(FINDER, b"uid", how=how)
    assert await mac.status(putfh(holder), openattr(True), again) == w4.NFS4ERR_EXIST
    assert await mac.getxattr(holder, FINDER) == INFORMATION


async def test_a_resource_fork_is_written_in_place_and_grows(mac: Mac) -> None:
    """nfs4_vnop_setxattr and nfs4_vnop_makenamedstream of com.apple.ResourceFork: opened without a size, by its
    directory's handle (nfs4_named_attr_get with the directory's node), written at any offset."""
    holder = await made(mac, b"file")
    fork = await mac.setxattr(holder, FORK, b"first bytes")
    directory = await mac.attribute_directory(holder)
    how = w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(0, b""))
    done = await mac.ok(
        putfh(directory),
        mac.open(FORK, b"uid", how=how),
        mac.wants(FILEHANDLE),
        putfh(directory),
        mac.wants(),
    )
    shown = attributes_of(done, 2)
    assert (shown.text(w4.FATTR4_FILEHANDLE), shown.number(w4.FATTR4_TYPE)) == (fork, w4.NF4NAMEDATTR)
    stateid = await mac.sure(done, 1, fork, b"uid")
    size = 6 * 1024 * 1024
    assert (await mac.put(fork, stateid, b"last", size - 4)).number(w4.FATTR4_SIZE) == size
    await mac.shut(fork, stateid)
    got = await mac.getxattr(holder, FORK)
    assert got is not None
    assert got[:20] == b"first bytes" + bytes(9)


async def test_attributes_of_one_mac_are_seen_by_the_next(house: House, mac: Mac) -> None:
    """nfs4_vnop_getxattr asks nothing of a file that says it has no named attributes: `change` must move with that."""
    other = Mac(house, "another mac")
    await other.mount()
    holder = await made(mac, b"file")
    before = await other.stat(holder)
    await mac.setxattr(holder, b"com.apple.metadata:_kMDItemUserTags", b"bplist00")
    after = await other.stat(holder)
    assert (before.number(w4.FATTR4_NAMED_ATTR), after.number(w4.FATTR4_NAMED_ATTR)) == (0, 1)
    assert after.number(w4.FATTR4_CHANGE) > before.number(w4.FATTR4_CHANGE)
    assert await other.getxattr(holder, b"com.apple.metadata:_kMDItemUserTags") == b"bplist00"
