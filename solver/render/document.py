"""Solutions as plain values, shared by JSON, JSON lines, CSV and the report page."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from solver.board.grid import COLUMN_OF, ROW_OF, Grid, Violation, cell_name, unit_name
from solver.formats.chunk import text_of
from solver.policy.session import Policy
from solver.solving.columns import answer_row, csv_line
from solver.solving.solution import Solution
from solver.solving.start import Start

if TYPE_CHECKING:
    from solver.logic.deduction import Deduction
    from solver.logic.pencil import Candidate
    from solver.logic.steps import Step

SCHEMA: Final = "sudoku-solve/1"
STEP_COLUMNS: Final = (
    "number", "step", "cell", "digit", "confidence", "technique", "reason",
    "runner_up", "runner_up_confidence", "depth", "violations",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Solved:
    """A solution, the place its puzzle came from, as "puzzles/hard.sdk:1", and what else is said
    of it there, by name."""

    label: str
    solution: Solution
    further: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    """What else there is, by name, that a record has no place for."""


def violation_document(violation: Violation) -> dict[str, Any]:
    """A violation by names, with its sentence."""
    return {
        "kind": violation.kind.value,
        "unit": None if violation.unit is None else unit_name(violation.unit),
        "cells": [cell_name(cell) for cell in violation.cells],
        "digit": violation.digit,
        "text": str(violation),
    }


def _pattern_document(pattern: Deduction) -> dict[str, Any]:
    return {
        "technique": pattern.technique.value,
        "cells": [cell_name(cell) for cell in pattern.cells],
        "units": [unit_name(unit) for unit in pattern.units],
        "digits": list(pattern.digits),
        "cause": _candidates(pattern.cause),
        "effect": _candidates(pattern.effect),
        "eliminations": _candidates(pattern.eliminations),
        "text": str(pattern),
        "sentences": list(pattern.sentences),
    }


def _candidates(candidates: Iterable[Candidate]) -> list[list[str | int]]:
    return [[cell_name(cell), digit] for cell, digit in candidates]


def step_document(number: int, step: Step) -> dict[str, Any]:
    """A step with everything known of it."""
    runner_up = None
    if step.runner_up is not None:
        runner_up = {"digit": step.runner_up[0], "confidence": _short(step.runner_up[1])}
    return {
        "step": number,
        "cell": cell_name(step.cell),
        "row": ROW_OF[step.cell] + 1,
        "column": COLUMN_OF[step.cell] + 1,
        "digit": step.digit,
        "confidence": _short(step.confidence),
        "technique": step.reason.technique.value,
        "reason": str(step.reason),
        "sentences": list(step.reason.sentences),
        "blockers": _candidates(step.reason.blockers),
        "patterns": [_pattern_document(pattern) for pattern in step.reason.after],
        "runner_up": runner_up,
        "depth": step.depth,
        "violations": [violation_document(v) for v in step.violations],
    }


def broken_rules(solution: Solution) -> tuple[Violation, ...]:
    """What the policy's own grid breaks; for a puzzle not tried, what its givens break."""
    grid = solution.puzzle if solution.attempt is None else solution.attempt
    return grid.violations()


def solution_document(solved: Solved, *, steps: bool = True) -> dict[str, Any]:
    """A solution as JSON values; grids are 81 characters, `.` for a blank."""
    solution = solved.solution
    document: dict[str, Any] = {
        "source": solved.label,
        "metadata": dict(solved.further),
        "puzzle": solution.puzzle.line(),
        "state": None if solution.start.grid == solution.puzzle else solution.start.grid.line(),
        "candidates": _marks(solution.start),
        "fault": solution.start.fault or None,
        "solution": _line(solution.grid),
        "second": _line(solution.second),
        "status": solution.status.value,
        "method": solution.method,
        "attempt": _line(solution.attempt),
        "violations": [violation_document(v) for v in broken_rules(solution)],
        "confidence": _short(solution.confidence),
        "passes": solution.passes,
        "view": solution.view,
        "guesses": solution.guesses,
        "seconds": round(solution.seconds, 6),
        "provider": solution.provider,
    }
    if steps:
        logical, count = solution.logic_share
        document["logic"] = {"explained": logical, "steps": count}
        document["steps"] = [step_document(n, s) for n, s in enumerate(solution.steps, 1)]
    return document


def _marks(start: Start) -> list[str] | None:
    """The candidates of each cell that a solve started from, as digits."""
    if start.marks is None:
        return None
    return ["".join(map(str, sorted(mark))) for mark in start.marks]


def _line(grid: Grid | None) -> str | None:
    return None if grid is None else grid.line()


def _short(confidence: float) -> float:
    return round(confidence, 6)


def head(policy: Policy) -> dict[str, Any]:
    """What solved: schema, policy file and hash, provider."""
    return {
        "schema": SCHEMA,
        "policy": {
            "file": policy.path.name,
            "hash": policy.hash,
            "views": policy.views,
            "passes": policy.passes,
        },
        "provider": policy.provider,
        "threads": policy.threads,
    }


def to_json(policy: Policy, solved: Iterable[Solved], *, steps: bool = True) -> Iterator[str]:
    """One JSON document with all puzzles, each piece as soon as it is known."""
    yield json.dumps(head(policy), indent=1)[:-2] + ',\n "puzzles": ['
    parted = "\n"
    for one in solved:
        text = json.dumps(solution_document(one, steps=steps), indent=1)
        yield parted + textwrap.indent(text, "  ")
        parted = ",\n"
    yield ("]" if parted == "\n" else "\n ]") + "\n}\n"


def to_jsonl(solved: Solved, *, steps: bool = True) -> str:
    """One line of JSON for one puzzle."""
    return json.dumps(solution_document(solved, steps=steps)) + "\n"


def to_csv(solved: Solved, columns: Sequence[str] = ()) -> str:
    """One CSV line for a puzzle: `columns.COLUMNS`, then further `columns`; blanks are 0."""
    solution = solved.solution
    row = answer_row(
        solution.puzzle.line("0"),
        "" if solution.grid is None else solution.grid.line("0"),
        solution.status.value,
        solution.method or "",
        solution.confidence,
        solution.passes,
        len(broken_rules(solution)),
    )
    return csv_line([*row, *(text_of(solved.further, name) for name in columns)])


def steps_to_csv(solution: Solution, number: int) -> str:
    """One CSV line for each step (`STEP_COLUMNS`) of puzzle `number`, from 1."""
    rows = []
    for count, step in enumerate(solution.steps, 1):
        other, likely = step.runner_up or ("", None)
        rows.append(
            csv_line(
                [
                    number,
                    count,
                    cell_name(step.cell),
                    step.digit,
                    f"{step.confidence:.6f}",
                    step.reason.technique.value,
                    str(step.reason),
                    other,
                    "" if likely is None else f"{likely:.6f}",
                    step.depth,
                    len(step.violations),
                ]
            )
        )
    return "".join(rows)
