"""`python -m training`, for torchrun: the same as `sudoku-train`."""

from training.commands.main import main

main()
