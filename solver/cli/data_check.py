"""sudoku-data rate and check: how hard puzzles are, and whether they are proper ones."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
import numpy.typing as npt
import typer

from solver.board.words import plural
from solver.cli.asides import by_givens_alone
from solver.cli.common import ExitCode
from solver.cli.data_convert import Input, counted, puzzles
from solver.cli.reader import Bad

if TYPE_CHECKING:
    from solver.formats import Record

CHUNK: Final = 512
"""Puzzles that go through the exact engine together."""

RATE_EXAMPLES: Final = """
Examples:

\b
  sudoku-data rate puzzles/hard.sdk
  sudoku-data rate list.sdm | sort -k2 -n | tail
  sudoku-data rate --seed 7 list.csv > ratings.txt

A rating of 0 says that naked and hidden singles alone solve the puzzle; any other
is the number of guesses that prove its solution the only one. The depth counts the
wrong candidates that trying each by itself leaves, added up over four rounds: 0 to
200 for most puzzles, 500 and up for the hardest known. A puzzle without exactly one
solution has neither.

Exit status: 0 all rated, 2 wrong usage or unreadable input, 3 one has no solution,
4 one has several.
"""

CHECK_EXAMPLES: Final = """
Examples:

\b
  sudoku-data check puzzles/hard.sdk
  sudoku-data check --each list.sdm
  sudoku-data check --no-minimal big.csv
  cat list.sdm | sudoku-data check -

A puzzle is minimal when no clue can go without a second solution coming up.

Exit status: 0 each has one solution, 2 wrong usage or unreadable input, 3 one has
no solution, 4 one has several.
"""

Cells = npt.NDArray[np.int8]
_COUNTS: Final = ("none", "", "several")
"""What is said of a puzzle by its number of solutions."""


def rate(
    source: Input,
    seed: Annotated[int, typer.Option(help="Of the order in which guesses are tried.")] = 0,
) -> int:
    """Rate puzzles by the guesses that they take, and by their depth.

    Prints a line a puzzle: its line in the file, the rating, the depth and the clues, with a head.
    """
    from solver.exact import rate_many, solve_many
    from solver.exact.depth import depths

    bad = Bad()
    ratings: list[int] = []
    deep: list[int] = []
    code = ExitCode.SOLVED
    print("line\trating\tdepth\tclues")
    for records, cells in _chunks(by_givens_alone(counted(puzzles(source, bad, rules=False)))):
        counts = solve_many(cells)[1]
        proper = counts == 1
        rated, depth = np.full(len(cells), -1), np.full(len(cells), -1)
        rated[proper] = rate_many(cells[proper], seed=seed)
        depth[proper] = depths(cells[proper])
        for record, count, *both in zip(records, counts, rated, depth, strict=True):
            code = max(code, _code(int(count)))
            shown = "\t".join(str(each) if count == 1 else _COUNTS[count] for each in both)
            print(f"{record.line}\t{shown}\t{record.givens.clues}")
        ratings.extend(rated[proper].tolist())
        deep.extend(depth[proper].tolist())
    if len(ratings) > 1:
        array = np.array(ratings)
        print(
            f"{len(array)} rated: {np.mean(array == 0):.1%} by singles, "
            f"median {np.median(array):g}, mean {array.mean():.1f}, most {array.max()}; "
            f"depth {min(deep)} to {max(deep)}, median {np.median(deep):g}",
            file=sys.stderr,
        )
    return max(code, bad.finish())


def check(
    source: Input,
    each: Annotated[
        bool, typer.Option("--each", help="Print a line for each puzzle, not for bad ones alone.")
    ] = False,
    minimal: Annotated[bool, typer.Option(help="Whether to look for clues that could go.")] = True,
) -> int:
    """Check that puzzles have one solution, and are minimal."""
    from solver.exact import solve_many

    bad = Bad()
    code = ExitCode.SOLVED
    verdict = "", False
    tally = dict.fromkeys(("one", "none", "several", "wrong", "minimal", "differs"), 0)
    for records, cells in _chunks(by_givens_alone(counted(puzzles(source, bad, rules=False)))):
        solutions, counts = solve_many(cells)
        spare = redundant_clues(cells, counts) if minimal else None
        for index, record in enumerate(records):
            count = int(counts[index])
            code = max(code, _code(count))
            clues = int(spare[index].sum()) if spare is not None and count == 1 else None
            verdict = _verdict(record, count, solutions[index], clues, tally)
            if each or verdict[1]:
                print(f"line {record.line}: {verdict[0]}")
    total = tally["one"] + tally["none"] + tally["several"]
    if total == 1 and not (each or verdict[1]):
        print(verdict[0])
    elif total > 1:
        print(_summary(total, tally, minimal))
    return max(code, bad.finish())


def _verdict(
    record: Record, count: int, solution: Cells, spare: int | None, tally: dict[str, int]
) -> tuple[str, bool]:
    """What to say of a puzzle, and whether it has to be said; counts it."""
    tally[("none", "one", "several")[count]] += 1
    if violations := record.givens.violations():
        tally["wrong"] += 1
        return f"no solution: {violations[0]}", True
    if count == 0:
        dead = record.givens.violations(deep=True)
        return "no solution" + (f": {dead[0]}" if dead else ""), True
    if count != 1:
        return "more than one solution", True
    tally["minimal"] += spare == 0
    said = "one solution"
    if spare is not None:
        said += ", minimal" if not spare else f", {spare} of {record.givens.clues} clues could go"
    differs = record.solution is not None and tuple(solution) != record.solution.cells
    tally["differs"] += differs
    return said + (", not the one in the file" if differs else ""), differs


def _summary(total: int, tally: dict[str, int], minimal: bool) -> str:
    parts = [f"{tally['one']} with one solution"]
    if minimal:
        parts[0] += f" ({tally['minimal']} minimal)"
    parts += [f"{tally['several']} with several", f"{tally['none']} with none"]
    if tally["wrong"]:
        parts[-1] += f" ({tally['wrong']} break a rule)"
    if tally["differs"]:
        parts.append(f"{tally['differs']} with a wrong solution in the file")
    return f"{plural(total, 'puzzle')}: {', '.join(parts)}"


def redundant_clues(cells: Cells, counts: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Which clues of puzzles [n, 81] could go and leave one solution: bool [n, 81].

    Of puzzles with one solution; all False where `counts` [n] is not 1.
    """
    from solver.exact import solve_many

    rows, places = np.nonzero((cells > 0) & (counts == 1)[:, None])
    redundant = np.zeros(cells.shape, dtype=np.bool_)
    for start in range(0, len(rows), 16 * CHUNK):
        some = slice(start, start + 16 * CHUNK)
        without = cells[rows[some]]
        without[np.arange(len(without)), places[some]] = 0
        redundant[rows[some], places[some]] = solve_many(without)[1] == 1
    return redundant


def _code(count: int) -> ExitCode:
    return (ExitCode.NO_SOLUTION, ExitCode.SOLVED, ExitCode.SEVERAL)[count]


def _chunks(records: Iterable[Record]) -> Iterator[tuple[list[Record], Cells]]:
    stream = iter(records)
    while held := list(islice(stream, CHUNK)):
        yield held, np.array([record.givens.cells for record in held], dtype=np.int8)
