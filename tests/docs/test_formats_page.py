"""The page of the file formats names every format that is read and written, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from solver.formats import FORMATS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
HOLDS = {
    "play so far": "state",
    "solutions": "solution",
    "pencil marks": "pencil",
    "metadata": "metadata",
    "comments": "metadata",
}


def rows() -> dict[str, tuple[list[str], str, set[str]]]:
    """Of each row of the table: suffixes, how many puzzles, and what else it holds."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\| `(\w+)` \|(.*)\|(.*)\|(.*)\|(.*)\|$", line):
            name, suffixes, _, puzzles, holds = match.groups()
            parts = {HOLDS[part.strip()] for part in holds.split(",") if part.strip()}
            found[name] = (re.findall(r"`(\.\w+)`", suffixes), puzzles.strip(), parts)
    return found


def test_the_table_says_of_every_format_what_its_registry_says() -> None:
    assert rows() == {
        name: (list(format.suffixes), "many" if format.many else "one", set(format.holds))
        for name, format in FORMATS.items()
    }
