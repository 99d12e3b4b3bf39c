"""Packed files: several processes, and disks that fill up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from training.data import cache
from training.data.cache import packed
from training.data.rows import DataError


def test_runs_that_read_a_file_first_at_the_same_time_all_get_it(
    make_csv: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, made = make_csv(20), []
    put = cache._put

    def meanwhile(temporary: Path, folder: Path) -> None:
        made.append(folder)
        if len(made) == 1:
            assert len(packed(path)) == 20  # another process packs it first
        put(temporary, folder)

    monkeypatch.setattr(cache, "_put", meanwhile)
    assert len(packed(path)) == 20
    assert len(made) == 2
    assert not list(made[0].parent.glob(".new-*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_disk_that_fills_up_while_packing_is_told_with_the_folder(
    make_csv: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data, temporary = make_csv(9000), tmp_path / "full"  # more than a buffer holds
    temporary.mkdir()
    (temporary / "cells.bin").symlink_to("/dev/full")
    monkeypatch.setattr("tempfile.mkdtemp", lambda **named: str(temporary))
    with pytest.raises(DataError, match=r"can't hold the packed puzzles: .*[Nn]o space"):
        packed(data)
