"""A neural Sudoku solver whose every answer is checked against the rules.

>>> from solver import Grid, Solver
>>> solver = Solver(device="cpu")
>>> puzzle = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
>>> solution = solver.solve(puzzle)
>>> solution.status.value, solution.grid.solved, solution.grid.keeps(Grid.parse(puzzle))
('solved', True, True)
>>> step = solver.steps(puzzle)[0]
>>> 0 <= step.confidence <= 1 and solution.grid[step.cell] == step.digit
True

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solver.board.grid import Grid, Violation
    from solver.formats.errors import FormatError
    from solver.generator.chunks import generate
    from solver.generator.ordered.search import Order, to_order
    from solver.logic.hint import Hint
    from solver.logic.steps import Step
    from solver.policy.session import ModelError
    from solver.solving.api import count_solutions, diagnose, load, rate
    from solver.solving.clues import Diagnosis
    from solver.solving.solution import Solution, Status
    from solver.solving.solver import Solver

__version__ = "0.1.0"

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
"""ONNX Runtime reports its use unless this is set before it is first imported."""

_HOME = {
    "Diagnosis": "solver.solving.clues",
    "FormatError": "solver.formats.errors",
    "Grid": "solver.board.grid",
    "Hint": "solver.logic.hint",
    "ModelError": "solver.policy.session",
    "Order": "solver.generator.ordered.search",
    "Solution": "solver.solving.solution",
    "Solver": "solver.solving.solver",
    "Status": "solver.solving.solution",
    "Step": "solver.logic.steps",
    "Violation": "solver.board.grid",
    "count_solutions": "solver.solving.api",
    "diagnose": "solver.solving.api",
    "generate": "solver.generator.chunks",
    "load": "solver.solving.api",
    "rate": "solver.solving.api",
    "to_order": "solver.generator.ordered.search",
}

__all__ = [
    "Diagnosis",
    "FormatError",
    "Grid",
    "Hint",
    "ModelError",
    "Order",
    "Solution",
    "Solver",
    "Status",
    "Step",
    "Violation",
    "count_solutions",
    "diagnose",
    "generate",
    "load",
    "rate",
    "to_order",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
