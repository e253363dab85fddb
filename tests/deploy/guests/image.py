"""The disk that all guests start from: a Debian 12 as an installer leaves it, with SSH and Python and nothing of NFS.

What the roles install comes from a package source in the image itself (/srv/packages), for guests reach no other
machine. All guests have one machine id, as machines cloned from one image do.
"""

import shutil
from pathlib import Path

from tests.kernel.harness.build import cache, kernels, packages

FILES = Path(__file__).parent / "files"
SUITE = "sid"  # of the kernel, for it is several times as fast as those before it; the files are Debian 12's
SYSTEM = (
    *("systemd", "systemd-sysv", "dbus", "udev", "kmod", "iproute2", "procps", "openssh-server"),
    *("python3", "python3-apt", "ca-certificates"),
)
INSTALLABLE = ("nfs-common", "python3-venv")
LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*")
MACHINE_ID = "0123456789abcdef0123456789abcdef\n"


def build() -> Path:
    """The folder with the image `root.ext4` and the private key `key` of its root account. Raises: HarnessError."""
    recipe = [Path(__file__), Path(kernels.__file__), *sorted(FILES.iterdir())]
    return cache.part("deploy-image", recipe, _make)


def _make(folder: Path) -> None:
    packages.install("mmdebstrap", "e2fsprogs", "dpkg-dev", "openssh-client")
    root = folder / "root"
    fetch = (
        'APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get install --download-only --yes --no-install-recommends '
        + " ".join(INSTALLABLE)
        + ' && mkdir -p "$1/srv/packages" && mv "$1"/var/cache/apt/archives/*.deb "$1/srv/packages/"'
        + ' && cd "$1/srv/packages" && dpkg-scanpackages . >Packages 2>/dev/null'
    )
    packages.run(
        *("mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(SYSTEM)}"),
        '--aptopt=APT::Install-Recommends "false"',
        *(f"--dpkgopt=path-exclude={path}" for path in LEFT_OUT),
        f"--customize-hook={fetch}",
        *("bookworm", str(root), packages.mirror()),
    )
    (root / "etc/apt/sources.list").write_text("deb [trusted=yes] file:/srv/packages ./\n")
    packages.run("chroot", str(root), "apt-get", "update", "-qq")
    (root / "etc/machine-id").write_text(MACHINE_ID)
    (root / "etc/fstab").write_text("/dev/ubda / ext4 defaults 0 1\n")
    kernel = kernels.build(SUITE)
    shutil.copytree(kernel.folder / "modules", root / "usr/lib/modules", dirs_exist_ok=True)
    packages.run("depmod", "-b", str(root), kernel.version)
    shutil.copy(FILES / "guest-network", root / "usr/local/sbin/guest-network")
    (root / "usr/local/sbin/guest-network").chmod(0o755)
    shutil.copy(FILES / "guest-network.service", root / "etc/systemd/system/guest-network.service")
    for unit in ("guest-network.service", "ssh.service"):
        packages.run("systemctl", "--root", str(root), "enable", unit)
    for unit in ("getty@tty1.service", "apt-daily.timer", "apt-daily-upgrade.timer", "systemd-timesyncd.service"):
        packages.run("systemctl", "--root", str(root), "mask", unit)
    packages.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "deploy test", "-f", str(folder / "key"))
    (root / "root/.ssh").mkdir(0o700, exist_ok=True)
    shutil.copy(folder / "key.pub", root / "root/.ssh/authorized_keys")
    packages.run(
        *("mke2fs", "-q", "-t", "ext4", "-b", "4096", "-m", "0", "-d", str(root)),
        *(str(folder / "root.ext4"), "3G"),
    )
    shutil.rmtree(root)
