"""Compiled functions answer as plain ones do, whichever processes filled the cache before."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from solver.exact import compiled

pytest.importorskip("numba")

ENTRIES = Path(__file__).parent / "compiled_entries.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each order runs in a forked process")
@pytest.mark.parametrize(
    ("options", "orders"), [([], 2), pytest.param(["--pairs"], 72, marks=pytest.mark.slow)]
)
def test_every_two_entry_points_agree_with_the_plain_engine_in_either_order(
    tmp_path: Path, options: list[str], orders: int
) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    shared = environment.pop("NUMBA_CACHE_DIR")
    done = subprocess.run(
        [sys.executable, ENTRIES, *options], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"9 compiled, {orders} orders right\n"
    functions = 8  # one both solves and searches
    assert len(list(tmp_path.rglob("*.kept"))) == functions, "not all were cached"
    [made] = (tmp_path / "sudoku-policy" / "compiled").iterdir()
    shutil.copytree(made, shared, dirs_exist_ok=True)


def add_one(number: int) -> int:
    return number + 1


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one file of a compiled function."""
    import numba

    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    assert compiled.compiled(add_one)(1) == 2
    [file] = tmp_path.rglob("*.kept")
    return file


@pytest.mark.parametrize("torn", [b"", b"\0" * 5000, "half", "flipped"])
def test_compiled_code_that_is_torn_on_disk_is_compiled_again(
    kept: Path, torn: bytes | str
) -> None:
    data = kept.read_bytes()
    flipped = data[:500] + bytes([data[500] ^ 1]) + data[501:]
    found = {"half": data[: len(data) // 2], "flipped": flipped}.get(str(torn), b"") or torn
    assert isinstance(found, bytes)
    kept.write_bytes(found)
    assert compiled.compiled(add_one)(1) == 2
    assert len(kept.read_bytes()) > len(data) // 2
    assert kept.read_bytes() != found


def test_where_compiled_code_cannot_be_kept_it_runs_all_the_same(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(compiled, "write_bytes", full)
    kept.unlink()
    assert compiled.compiled(add_one)(1) == 2
    assert not kept.exists()


def test_a_second_kernel_of_one_name_is_refused() -> None:
    def made_inside() -> None: ...

    with pytest.raises(ValueError, match="plain function of its module"):
        compiled.kernel(made_inside)
    made_inside.__qualname__ = "twice"
    compiled.kernel(made_inside)
    with pytest.raises(ValueError, match=r"a kernel .*twice already"):
        compiled.kernel(made_inside)
