"""`python -m solver`: the same as `sudoku-solve`."""

from solver.cli.solve import main

main()
