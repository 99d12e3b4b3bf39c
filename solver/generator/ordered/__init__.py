"""Puzzles to order: of a level, for a technique, with clues in a pattern."""
