"""Figures as people read them: sizes to three digits, durations in their two largest units."""

from __future__ import annotations

from nfsgw.config.kinds import size_text


def near(size: int) -> str:
    """A size to three digits, for people."""
    if size < 1024:
        return size_text(size)
    for unit, factor in (("PiB", 1 << 50), ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}" if size < 1000 * factor else f"{size / factor:.0f} {unit}"
    return size_text(size)


def duration(seconds: float) -> str:
    whole = int(seconds)
    for unit, factor in (("d", 86400), ("h", 3600), ("min", 60)):
        if whole >= factor:
            smaller = {"d": ("h", 3600), "h": ("min", 60), "min": ("s", 1)}[unit]
            return f"{whole // factor} {unit} {whole % factor // smaller[1]} {smaller[0]}"
    return f"{seconds:.1f} s"
