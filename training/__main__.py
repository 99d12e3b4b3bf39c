"""`python -m training`, for torchrun: the same as `sudoku-train`."""

from training.cli import main

main()
