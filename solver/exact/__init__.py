"""The exact engine: solutions counted and found, ratings, depths and canonical forms.

The functions for one puzzle are plain Python; those for many are compiled by numba, where it is
installed, as soon as there are more than a few.
"""

from solver.exact.engine import (
    contradiction,
    count_solutions,
    guesses_many,
    search,
    search_many,
    solutions,
    solve,
    solve_many,
)
from solver.exact.rating import rate, rate_many

__all__ = [
    "contradiction",
    "count_solutions",
    "guesses_many",
    "rate",
    "rate_many",
    "search",
    "search_many",
    "solutions",
    "solve",
    "solve_many",
]
