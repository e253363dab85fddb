"""The guests' root file system: a Debian 12 with the programs that people's work needs, as one read-only image.

All guests share it, each under an overlay in its own memory. What belongs to the project (agent, scripts) is not in
it: guests see the source tree itself, so that the image need not be made anew for it.
"""

import shutil
from pathlib import Path

from tests.kernel.harness.build import cache, packages

INIT = Path(__file__).parent.parent / "guest" / "init"
PACKAGES = (
    *("bash", "coreutils", "util-linux", "mount", "busybox-static", "kmod", "iproute2", "procps", "psmisc", "lsof"),
    *("nfs-common", "nfs4-acl-tools", "keyutils", "attr", "acl", "strace", "tcpdump", "e2fsprogs"),
    *("python3", "perl", "git", "gcc", "libc6-dev", "make", "libacl1-dev", "libattr1-dev"),
    *("autoconf", "automake", "pkg-config"),
    *("sqlite3", "fio", "dbench", "stress-ng", "bonnie++", "rsync", "openssl", "time", "bc", "file", "gawk"),
    *("tar", "gzip", "bzip2", "xz-utils", "zstd", "zip", "unzip", "diffutils", "findutils", "patch", "less"),
)
USERS = (("alice", 1001), ("bob", 1002), ("carol", 1003))
LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*")


def build() -> Path:
    """The image file. Raises: HarnessError."""
    return cache.part("image", [Path(__file__), INIT], _make) / "root.ext4"


def _make(folder: Path) -> None:
    packages.install("mmdebstrap", "e2fsprogs", "iproute2", "util-linux")
    root = folder / "root"
    packages.run(
        *("mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(PACKAGES)}"),
        '--aptopt=APT::Install-Recommends "false"',
        *(f"--dpkgopt=path-exclude={path}" for path in LEFT_OUT),
        *("bookworm", str(root), packages.mirror()),
    )
    for mount_point in ("project", "host", "mnt/work", "overlay", "usr/lib/modules"):
        (root / mount_point).mkdir(parents=True, exist_ok=True)
    with open(root / "etc/passwd", "a") as passwd, open(root / "etc/group", "a") as group:
        for name, number in USERS:
            passwd.write(f"{name}:x:{number}:{number}::/tmp:/bin/bash\n")
            group.write(f"{name}:x:{number}:\n")
    for name in ("barrier", "hostctl"):
        (root / "usr/local/bin" / name).symlink_to(f"/project/tests/kernel/harness/guest/{name}")
    shutil.copy(INIT, root / "init")
    (root / "init").chmod(0o755)
    megabytes = int(packages.run("du", "-sm", str(root)).split()[0]) * 12 // 10 + 100
    packages.run(
        *("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-b", "4096", "-m", "0"),
        *("-d", str(root), str(folder / "root.ext4"), f"{megabytes}M"),
    )
    shutil.rmtree(root)
