"""The commands that need no training extra: sudoku-data, sudoku-solve, sudoku-profile."""
