"""sudoku-solve: puzzles in, checked answers out."""

from solver.cli.solve.command import app, main

__all__ = ["app", "main"]
