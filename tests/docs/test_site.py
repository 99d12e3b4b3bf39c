"""The documentation builds strictly, without network, and asks for nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = """
import socket, sys
def refuse(*args, **kwargs):
    raise OSError("the documentation asked for the network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from mkdocs.__main__ import cli
cli(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; links to nothing and pages that are in no menu fail the build."""
    out = tmp_path_factory.mktemp("site")
    run = subprocess.run(
        [sys.executable, "-c", OFFLINE, "build", "--strict", "--quiet", "--site-dir", str(out)],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return out


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    loads = re.compile(r'<(?:script|img|iframe|source)[^>]* src="(https?:)?//')
    styles = re.compile(r'<link [^>]*rel="(?:stylesheet|preconnect|icon)"[^>]*href="https?://')
    pages = list(site.rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not loads.search(text), page
        assert not styles.search(text), page


def test_the_reference_holds_every_public_name(site: Path) -> None:
    import solver

    page = (site / "python.html").read_text(encoding="utf-8")
    for name in solver.__all__:
        assert f'id="solver.{name}"' in page


def test_every_command_has_its_help_on_the_commands_page(site: Path) -> None:
    page = (site / "commands.html").read_text(encoding="utf-8")
    for name in ("sudoku-solve", "sudoku-data-convert", "sudoku-train", "sudoku-tui"):
        assert f'<h2 id="{name}">' in page or f'<h3 id="{name}">' in page


def test_links_to_source_files_are_shown_as_paths(site: Path) -> None:
    page = (site / "train.html").read_text(encoding="utf-8")
    assert "training/network/kernel.cpp" in page
    assert 'href="../training' not in page
