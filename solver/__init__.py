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

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solver.board.grid import Grid, Violation
    from solver.generator.chunks import generate
    from solver.solving.api import count_solutions, load, rate
    from solver.solving.solver import Solution, Solver

__version__ = "0.1.0"

__all__ = [
    "Grid",
    "Solution",
    "Solver",
    "Violation",
    "count_solutions",
    "generate",
    "load",
    "rate",
]

_HOME = {
    "Grid": "solver.board.grid",
    "Solution": "solver.solving.solver",
    "Solver": "solver.solving.solver",
    "Violation": "solver.board.grid",
    "count_solutions": "solver.solving.api",
    "generate": "solver.generator.chunks",
    "load": "solver.solving.api",
    "rate": "solver.solving.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
