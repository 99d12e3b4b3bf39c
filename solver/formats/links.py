"""Addresses of Sudoku sites: the puzzle read out of one, and one made for a puzzle.

Nothing is fetched: an address is read where it shows the 81 cells, of whatever site it is.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from solver.board.grid import Grid
from solver.formats.cells import digits
from solver.formats.errors import FormatError

SITES: Final = {
    "sudokuwiki": "https://www.sudokuwiki.org/sudoku.htm?bd=",
    "sudoku.coach": "https://sudoku.coach/en/play/",
    "sudokuexchange": "https://sudokuexchange.com/play/?s=",
}
"""Name of a site -> the address that opens a puzzle there, up to the 81 digits."""

_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S+", re.IGNORECASE)
_CELLS: Final = re.compile(r"(?<![\w.*-])[0-9.*_-]{81}(?![\w.*-])")
_SURE: Final = re.compile(r"https?://|www\.", re.IGNORECASE)


def link(puzzle: Grid, site: str) -> str:
    """The address that opens a puzzle at a site.

    >>> link(Grid.parse("1" + 80 * "."), "sudoku.coach")[:40]
    'https://sudoku.coach/en/play/10000000000'

    Raises `ValueError` that lists the known sites.
    """
    if site not in SITES:
        raise ValueError(f"no site {site!r}; known: {', '.join(SITES)}")
    return SITES[site] + puzzle.line("0")


def find_address(text: str) -> tuple[str, Grid] | None:
    """The first address in a text, and the puzzle that it shows; None where there is no address.

    Raises `FormatError` for an address that doesn't show its puzzle.
    """
    for match in _ADDRESS.finditer(text):
        whole, bare = match[0], match[0].rstrip(".,;)>]\"'")
        for address in (whole, bare):
            if cells := _CELLS.search(unquote(address)):
                return address, Grid(digits(cells[0]) or b"")
        if _SURE.match(whole):
            raise FormatError(
                f"an address at {_host(bare)} that doesn't show 81 cells",
                "one that does, or the puzzle itself: nothing is fetched",
                column=match.start() + 1,
            )
    return None


def is_address(text: str) -> bool:
    """Whether a text is an address of a site rather than the name of a file."""
    if any(character.isspace() for character in text):
        return False
    return bool(_SURE.match(text) or (_ADDRESS.fullmatch(text) and _CELLS.search(unquote(text))))


def _host(address: str) -> str:
    full = address if "://" in address else f"https://{address}"
    try:
        return urlsplit(full).hostname or "an unknown site"
    except ValueError:
        return "an unknown site"
