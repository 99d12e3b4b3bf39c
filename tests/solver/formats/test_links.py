"""Addresses of Sudoku sites are read where they show the 81 cells, and written for a puzzle."""

from __future__ import annotations

import pytest

from solver.board.grid import Grid
from solver.formats import FormatError, read_argument, read_text
from solver.formats.links import SITES, is_address, link

CELLS = "000305000000070029000000560930006100001020800002700095065000000780060000000208000"
PUZZLE = Grid.parse(CELLS)
WRITTEN = [
    f"https://www.sudokuwiki.org/sudoku.htm?bd={CELLS}",
    f"https://sudoku.coach/en/play/{CELLS}",
    f"https://sudokuexchange.com/play/?s={CELLS}",
]
OTHERS = [
    f"http://example.org/solve#{CELLS.replace('0', '.')}",
    f"https://example.org/?d=1&p={CELLS.replace('0', '%2E')}&x=2",
    f"example.org/s/{CELLS}",
    f"https://sudoku.coach/en/solver/{CELLS}",
]


def test_each_site_has_its_address() -> None:
    assert [link(PUZZLE, site) for site in SITES] == WRITTEN


@pytest.mark.parametrize("address", [*WRITTEN, *OTHERS])
def test_an_address_is_a_puzzle_wherever_a_puzzle_is(address: str) -> None:
    [given] = read_argument(address)
    [listed] = read_text(f"{address}\n")
    [told] = read_text(f"today: <{address}>.\n")
    [row] = read_text(f"id,puzzle\n7,{address}\n", "table.csv")
    [item] = read_text(f'{{"puzzle": "{address}"}}\n', "list.jsonl")
    assert {record.givens for record in (given, listed, told, row, item)} == {PUZZLE}
    assert listed.metadata["url"] == address


@pytest.mark.parametrize(
    "address",
    ["https://sudokupad.app/fpuzN4IgzglgXgpiBcBOANCA5gJwgEwQbT2AF9ljSSzKLryBdZQmq8l54+x1p7rjtn",
     f"https://www.sudokuwiki.org/sudoku.htm?bd=S9B{CELLS}{CELLS}", "https://sudoku.coach/"],
)  # fmt: skip
def test_an_address_without_81_cells_is_refused_by_its_site(address: str) -> None:
    host = address.split("/")[2]
    with pytest.raises(FormatError, match=f"an address at {host} that doesn't show 81 cells"):
        list(read_argument(address))
    with pytest.raises(FormatError, match="nothing is fetched"):
        read_text(f"{address}\n")


def test_an_unknown_site_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no site 'sudoku.com'; known: sudokuwiki, "):
        link(PUZZLE, "sudoku.com")


@pytest.mark.parametrize("name", ["puzzles/hard.sdk", "a.b/c.sdm", "../x/list.txt", CELLS])
def test_the_name_of_a_file_is_no_address(name: str) -> None:
    assert not is_address(name)
