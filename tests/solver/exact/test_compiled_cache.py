"""Compiled functions answer as plain ones do, whichever processes filled the cache before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from solver.exact import compiled

pytest.importorskip("numba")

ENTRIES = Path(__file__).parent / "compiled_entries.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each order runs in a forked process")
@pytest.mark.parametrize(
    ("options", "orders"), [([], 2), pytest.param(["--pairs"], 56, marks=pytest.mark.slow)]
)
def test_every_two_entry_points_agree_with_the_plain_engine_in_either_order(
    tmp_path: Path, options: list[str], orders: int
) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, ENTRIES, *options], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"8 compiled, {orders} orders right\n"
    functions = 7  # one both solves and searches
    assert len(list(tmp_path.rglob("*.nbi"))) == functions, "not all were cached"


def test_a_second_kernel_of_one_name_is_refused() -> None:
    def made_inside() -> None: ...

    with pytest.raises(ValueError, match="plain function of its module"):
        compiled.kernel(made_inside)
    made_inside.__qualname__ = "twice"
    compiled.kernel(made_inside)
    with pytest.raises(ValueError, match=r"a kernel .*twice already"):
        compiled.kernel(made_inside)
