"""sudoku-data rate and check: how hard puzzles are, and whether they are proper ones."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Final

import numpy as np
import numpy.typing as npt
import typer

from solver.board.words import inert, plural
from solver.cli.asides import Faults, by_givens_alone
from solver.cli.common import ExitCode, fail
from solver.cli.data.convert import counted
from solver.cli.reader import Bad, named, records
from solver.cli.rows import Form, RowFormat, Sources, print_rows

if TYPE_CHECKING:
    from solver.formats import Record

CHUNK: Final = 512
"""Puzzles that go through the exact engine together."""

RATE_EXAMPLES: Final = """
Examples:

\b
  sudoku-data rate puzzles/hard.sdk
  sudoku-data rate list.sdm | sort -t "$(printf '\\t')" -k6 -n | tail
  sudoku-data rate --format csv puzzles list.sdm > ratings.csv

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
_COUNTS: Final = ("none", "one", "several")
"""What is said of a puzzle by its number of solutions."""


def rate(
    sources: Sources,
    seed: Annotated[int, typer.Option(help="Seed of the order in which guesses are tried.")] = 0,
    form: Form = RowFormat.TEXT,
) -> int:
    """Rate puzzles by the techniques they need, by guesses, and by their depth.

    Prints a row for each puzzle, under a header: file, line, the level of the hardest technique
    that a person needs, that technique, the score (the sum of the weights of all that are used),
    rating (guesses), depth, clues and the puzzle.
    """
    bad = Bad()
    rated: list[tuple[int, int]] = []
    codes = [ExitCode.SOLVED]

    def rows() -> Iterator[dict[str, Any]]:
        for row in _rated(counted(by_givens_alone(records(sources, bad))), seed):
            codes.append(_code(row.pop("count")))
            if codes[-1] == ExitCode.SOLVED:
                rated.append((row["rating"], row["depth"]))
            elif form is RowFormat.TEXT:
                row |= dict.fromkeys(_FOUND, row["solutions"])
            yield row

    columns = RATED if form is not RowFormat.TEXT else [c for c in RATED if c != "solutions"]
    print_rows(form, "sudoku-rate/1", columns, rows())
    if len(rated) > 1:
        array, deep = np.array(rated).T
        print(
            f"{len(array)} rated: {np.mean(array == 0):.1%} by singles, "
            f"median {np.median(array):g}, mean {array.mean():.1f}, most {array.max()}; "
            f"depth {deep.min()} to {deep.max()}, median {np.median(deep):g}",
            file=sys.stderr,
        )
    return max(*codes, bad.finish())


RATED: Final = (
    "file", "line", "level", "hardest", "score", "rating", "depth", "clues", "solutions", "puzzle",
)  # fmt: skip
_FOUND: Final = ("level", "hardest", "score", "rating", "depth")
CHECKED: Final = ("file", "line", "solutions", "minimal", "clues", "said", "puzzle")


def _rated(stream: Iterator[Record], seed: int) -> Iterator[dict[str, Any]]:
    """The columns `RATED` of each puzzle, and the count of its solutions."""
    from solver.exact import rate_many, solve_many
    from solver.exact.depth import depths

    for held, cells in _chunks(stream):
        counts = solve_many(cells)[1]
        proper = counts == 1
        ratings, depth = np.full(len(cells), -1), np.full(len(cells), -1)
        ratings[proper] = rate_many(cells[proper], seed=seed)
        depth[proper] = depths(cells[proper])
        for record, count, *both in zip(held, counts.tolist(), ratings, depth, strict=True):
            rating, left = (int(each) if count == 1 else None for each in both)
            yield {
                **_place(record),
                **_by_technique(record, proper=count == 1),
                "rating": rating,
                "depth": left,
                "solutions": _COUNTS[count],
                "count": count,
            }


def _by_technique(record: Record, *, proper: bool) -> dict[str, Any]:
    """Level, hardest technique and score; nothing of a puzzle without exactly one solution."""
    if not proper:
        return {"level": None, "hardest": None, "score": None}
    from solver.logic.rating import difficulty

    found = difficulty(record.givens)
    name = "none" if found.hardest is None else found.hardest.value
    return {"level": found.level, "hardest": name, "score": found.score}


def _place(record: Record) -> dict[str, Any]:
    """Where a puzzle stands, and the puzzle."""
    givens = record.givens
    place = {"file": record.source, "line": record.line}
    return {**place, "clues": givens.clues, "puzzle": givens.line()}


def check(
    sources: Sources,
    each: Annotated[
        bool, typer.Option("--each", help="Print a line for every puzzle, not only for bad ones.")
    ] = False,
    minimal: Annotated[bool, typer.Option(help="Look for clues that could go.")] = True,
    form: Form = RowFormat.TEXT,
) -> int:
    """Check that puzzles have one solution, and are minimal.

    Play and candidates in a file count: a solution is one that they allow. As csv and json, prints
    a row for each puzzle.
    """
    if each and form is not RowFormat.TEXT:
        fail(f"--format {form} has a row for each puzzle; leave --each out")
    bad = Bad()
    tally = dict.fromkeys(("one", "none", "several", "wrong", "minimal", "differs"), 0)
    codes = [ExitCode.SOLVED]

    def rows() -> Iterator[dict[str, Any]]:
        for row in _checked(counted(records(sources, bad)), minimal, tally):
            codes.append(_code(row["count"]))
            yield row

    if form is not RowFormat.TEXT:
        print_rows(form, "sudoku-check/1", CHECKED, rows())
        return max(*codes, bad.finish())
    several = len(named(sources)) > 1
    last: dict[str, Any] = {}
    for last in rows():
        if each or last["wrong"]:
            place = f"{inert(last['file'])}, " if several else ""
            print(f"{place}line {last['line']}: {last['said']}")
    if len(codes) == 2 and not (each or last["wrong"]):
        print(last["said"])
    elif len(codes) > 2:
        print(_summary(len(codes) - 1, tally, minimal))
    return max(*codes, bad.finish())


def _checked(
    stream: Iterator[Record], minimal: bool, tally: dict[str, int]
) -> Iterator[dict[str, Any]]:
    """The columns `CHECKED` of each puzzle, its count of solutions, and whether it is wrong."""
    from solver.exact import solve_many
    from solver.solving.clues import redundant_clues
    from solver.solving.start import masks_of, starts_of

    faults = Faults()
    for held, cells in _chunks(stream):
        counts = solve_many(cells)[1]
        spare = redundant_clues(cells, counts) if minimal else None
        starts = starts_of(held)
        found, within = solve_many([it.grid.cells for it in starts], within=masks_of(starts))
        for index, record in enumerate(held):
            count, alone = int(within[index]), int(counts[index])
            clues = int(spare[index].sum()) if spare is not None and alone == 1 else None
            said, wrong = _verdict(record, count, alone, found[index], clues, tally)
            faults.add(f"{record.source}:{record.line}", starts[index].fault)
            yield {
                **_place(record),
                "solutions": _COUNTS[count],
                "minimal": None if clues is None else clues == 0,
                "said": "; ".join(filter(None, (said, starts[index].fault))),
                "count": count,
                "wrong": wrong,
            }
    faults.finish()


def _verdict(
    record: Record,
    count: int,
    alone: int,
    solution: Cells,
    spare: int | None,
    tally: dict[str, int],
) -> tuple[str, bool]:
    """What to say of a puzzle, and whether it has to be said; counts it.

    `count` are its solutions within play and candidates, `alone` those of the givens alone.
    """
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
    if alone != 1:
        said += " that the play and the candidates allow, more than one of the givens alone"
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


def _code(count: int) -> ExitCode:
    return (ExitCode.NO_SOLUTION, ExitCode.SOLVED, ExitCode.SEVERAL)[count]


def _chunks(records: Iterable[Record]) -> Iterator[tuple[list[Record], Cells]]:
    stream = iter(records)
    while held := list(islice(stream, CHUNK)):
        yield held, np.array([record.givens.cells for record in held], dtype=np.int8)
