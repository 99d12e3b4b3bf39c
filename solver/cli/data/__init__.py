"""sudoku-data: make, convert, show, rate and check files of puzzles."""

from solver.cli.data.command import app, main

__all__ = ["app", "main"]
