"""Puzzles to train on: read, packed, split, drawn and loaded."""
