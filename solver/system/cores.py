"""How many processors this process may use: its affinity and its container's quota."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

PROCESS: Final = Path("/proc/self")
MOST_THREADS: Final = 1024
"""Threads or processes that a command may be told to start; far more end it without a word."""


def available_cores() -> int:
    """Processors that this process may use, at least 1.

    The least of its affinity and of the quotas of its control groups (cgroup v1 and v2); a quota
    of 2.5 processors counts as 2.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return max(1, int(min([float(cores), *quotas()])))


def quotas(process: Path = PROCESS) -> Iterator[float]:
    """The quotas in processors of the control groups that a process is in, and of those above.

    `process` is its folder in /proc; nothing where there is none, as outside Linux.
    """
    try:
        groups = (process / "cgroup").read_text(encoding="utf-8").splitlines()
        mounts = (process / "mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    paths = {}
    for line in groups:
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), path))
    for line in mounts:
        place, _, kind = line.partition(" - ")
        root, mounted = place.split()[3:5]
        filesystem, _, options = kind.split()[:3]
        if filesystem == "cgroup2" and "" in paths:
            yield from _along(Path(mounted), root, paths[""])
        elif filesystem == "cgroup" and "cpu" in options.split(",") and "cpu" in paths:
            yield from _along(Path(mounted), root, paths["cpu"])


def _along(mounted: Path, root: str, path: str) -> Iterator[float]:
    """The quotas from a group up to the top of what is mounted."""
    inside = PurePosixPath(path)
    below = inside.relative_to(root) if inside.is_relative_to(root) else PurePosixPath()
    folder = mounted / below
    for group in (folder, *folder.parents):
        if group.is_relative_to(mounted):
            yield from _quota(group)


def _quota(group: Path) -> Iterator[float]:
    """The quota of one group, where it has one."""
    try:
        if (group / "cpu.max").is_file():
            quota, period = (group / "cpu.max").read_text(encoding="ascii").split()
        else:
            quota = (group / "cpu.cfs_quota_us").read_text(encoding="ascii").strip()
            period = (group / "cpu.cfs_period_us").read_text(encoding="ascii").strip()
        if quota not in ("max", "-1"):
            yield int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return
