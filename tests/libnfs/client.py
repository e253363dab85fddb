"""libnfs (Debian's libnfs13, 4.0.0) by its C interface, and its commands, as processes of their own.

What of it does not work, and is not the gateway's fault: docs/conformance.md.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from pathlib import Path
from typing import Final

LIBRARY: Final = "libnfs.so.13"
PIECE: Final = 3072  # bytes of one WRITE: its requests are encoded into 4 KiB, headers included


class Url(ctypes.Structure):
    _fields_ = (("server", ctypes.c_char_p), ("path", ctypes.c_char_p), ("file", ctypes.c_char_p))


class Entry(ctypes.Structure):
    """The beginning of struct nfsdirent."""

    _fields_ = (("next", ctypes.c_void_p), ("name", ctypes.c_char_p), ("inode", ctypes.c_uint64))


class Stat(ctypes.Structure):
    """The beginning of struct nfs_stat_64, and room for its rest."""

    _fields_ = (
        *((name, ctypes.c_uint64) for name in ("dev", "ino", "mode", "nlink", "uid", "gid", "rdev", "size")),
        ("rest", ctypes.c_uint64 * 9),
    )


class Flock(ctypes.Structure):
    """struct nfs4_flock."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("whence", ctypes.c_int),
        ("pid", ctypes.c_uint32),
        ("start", ctypes.c_uint64),
        ("length", ctypes.c_uint64),
    )


def library() -> ctypes.CDLL:
    found = ctypes.CDLL(LIBRARY)
    for name in ("nfs_init_context", "nfs_get_error", "nfs_parse_url_full"):
        getattr(found, name).restype = ctypes.c_void_p
    found.nfs_get_error.restype = ctypes.c_char_p
    found.nfs_parse_url_full.restype = ctypes.POINTER(Url)
    found.nfs_readdir.restype = ctypes.POINTER(Entry)
    return found


class Failed(Exception):
    """`number`: the errno."""

    def __init__(self, number: int, said: str) -> None:
        super().__init__(f"{os.strerror(number)}: {said}")
        self.number = number


class Mounted:
    """The gateway's root, mounted by version 4. Handles of open files are addresses."""

    def __init__(self, port: int, name: str, uid: int = 0) -> None:
        self._library = library()
        self._context = ctypes.c_void_p(self._library.nfs_init_context())
        # Its own names are of process and second: two mounts would throw one another out.
        self._library.nfs4_set_client_name(self._context, name.encode())
        self._library.nfs_set_uid(self._context, uid)
        self._library.nfs_set_gid(self._context, uid)
        parsed = self._library.nfs_parse_url_full(self._context, url(port, "/x").encode())
        self._call("nfs_mount", parsed.contents.server, b"/")
        self._library.nfs_destroy_url(parsed)

    def _call(self, name: str, *arguments: object) -> int:
        """Raises: Failed."""
        done = int(getattr(self._library, name)(self._context, *arguments))
        if done < 0:
            said = self._library.nfs_get_error(self._context)
            raise Failed(-done, said.decode() if said else "")
        return done

    def gone(self) -> None:
        self._library.nfs_destroy_context(self._context)

    def mkdir(self, path: str, mode: int = 0o755) -> None:
        self._call("nfs_mkdir2", path.encode(), mode)

    def names(self, path: str) -> list[str]:
        directory = ctypes.c_void_p()
        self._call("nfs_opendir", path.encode(), ctypes.byref(directory))
        found: list[str] = []
        while entry := self._library.nfs_readdir(self._context, directory):
            found.append(entry.contents.name.decode())
        self._library.nfs_closedir(self._context, directory)
        return sorted(name for name in found if name not in (".", ".."))

    def stat(self, path: str) -> Stat:
        about = Stat()
        self._call("nfs_lstat64", path.encode(), ctypes.byref(about))
        return about

    def open(self, path: str, flags: int = os.O_RDONLY) -> ctypes.c_void_p:
        handle = ctypes.c_void_p()
        if flags & os.O_CREAT:
            self._call("nfs_open2", path.encode(), flags, 0o644, ctypes.byref(handle))
        else:
            self._call("nfs_open", path.encode(), flags, ctypes.byref(handle))
        return handle

    def close(self, handle: ctypes.c_void_p) -> None:
        self._call("nfs_close", handle)

    def write(self, path: str, data: bytes, piece: int = PIECE) -> None:
        """A new file."""
        handle = self.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        for at in range(0, len(data), piece):
            part = data[at : at + piece]
            done = self._call("nfs_pwrite", handle, ctypes.c_uint64(at), ctypes.c_uint64(len(part)), part)
            assert done == len(part)
        self._call("nfs_fsync", handle)
        self.close(handle)

    def read(self, path: str, piece: int = 1 << 20) -> bytes:
        handle = self.open(path)
        buffer = ctypes.create_string_buffer(piece)
        found = b""
        while True:
            done = self._call("nfs_pread", handle, ctypes.c_uint64(len(found)), ctypes.c_uint64(piece), buffer)
            if not done:
                break
            found += buffer.raw[:done]
        self.close(handle)
        return found

    def rename(self, old: str, new: str) -> None:
        self._call("nfs_rename", old.encode(), new.encode())

    def link(self, old: str, new: str) -> None:
        self._call("nfs_link", old.encode(), new.encode())

    def symlink(self, target: str, path: str) -> None:
        self._call("nfs_symlink", target.encode(), path.encode())

    def readlink(self, path: str) -> str:
        buffer = ctypes.create_string_buffer(4096)
        self._call("nfs_readlink", path.encode(), buffer, 4096)
        return buffer.value.decode()

    def chmod(self, path: str, mode: int) -> None:
        """Of a file: it opens what it changes."""
        self._call("nfs_chmod", path.encode(), mode)

    def unlink(self, path: str) -> None:
        self._call("nfs_unlink", path.encode())

    def rmdir(self, path: str) -> None:
        self._call("nfs_rmdir", path.encode())

    def lock(self, handle: ctypes.c_void_p, kind: int, start: int, length: int) -> None:
        """fcntl's F_SETLK. Raises: Failed."""
        self._call("nfs_fcntl", handle, 0, ctypes.byref(Flock(kind, 0, os.getpid(), start, length)))


def url(port: int, path: str) -> str:
    return f"nfs://127.0.0.1{path}?version=4&nfsport={port}"


def command(name: str, *arguments: str) -> bytes:
    """Of libnfs-utils: what it says. Raises: AssertionError."""
    done = subprocess.run([name, *arguments], capture_output=True, timeout=60)
    assert done.returncode == 0, (name, done.stdout, done.stderr)
    return done.stdout


def copied(source: str, target: str | Path) -> None:
    command("nfs-cp", source, str(target))
