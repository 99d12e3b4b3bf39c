"""An allocator that keeps its memory and threads that wait asleep, without which training on a
CPU is several times slower."""

from __future__ import annotations

import os
import platform
import sys

SETTINGS = {
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
    "MALLOC_TOP_PAD_": "500000000",
    "OMP_WAIT_POLICY": "passive",
}
"""With glibc's defaults, memory freed after a step goes back to the system and is faulted in
again in the next one, which takes most of the time of training on a CPU. Torch's own threads spin
while they wait, on the cores that the kernel's threads (`training.network.kernel`) are to have."""


def keep_memory(argv: list[str] | None = None) -> None:
    """Start this process again with `SETTINGS` set, where glibc would read it and it isn't.

    The variables are read when a process starts, so setting them now would do nothing.
    """
    if not sys.platform.startswith("linux") or platform.libc_ver()[0] != "glibc":
        return
    if any(name in os.environ for name in SETTINGS) or "LD_PRELOAD" in os.environ:
        return
    os.environ.update(SETTINGS)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, argv or [sys.executable, *sys.orig_argv[1:]])
