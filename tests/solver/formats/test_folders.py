"""Which files a folder stands for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from solver.formats.folders import expand


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes by name")
def test_pipes_and_links_to_folders_are_no_puzzle_files(tmp_path: Path) -> None:
    (tmp_path / "one.sdk").touch()
    os.mkfifo(tmp_path / "pipe.sdk")
    (tmp_path / "below.sdk").symlink_to(tmp_path, target_is_directory=True)
    assert expand([str(tmp_path)]) == [str(tmp_path / "one.sdk")]


def test_a_link_that_leads_nowhere_is_listed_so_that_reading_it_tells(tmp_path: Path) -> None:
    (tmp_path / "lost.sdm").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.sdm").symlink_to(tmp_path / "loop.sdm")
    assert [Path(file).name for file in expand([str(tmp_path)])] == ["loop.sdm", "lost.sdm"]
