"""Puzzles to checked answers: the policy proposes, the exact engine decides."""
