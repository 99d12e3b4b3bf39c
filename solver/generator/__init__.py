"""Puzzles made from a seed, the tables they are written to, and the library that is shipped."""
