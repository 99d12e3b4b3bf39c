"""Sudoku files, one module a format: `read` yields records, `write` takes them.

Given any bytes, a reader returns grids or raises `FormatError` with the file, the line, the column,
what was found and what was expected.
"""

from __future__ import annotations

from solver.formats.batches import Batch, read_batches
from solver.formats.errors import FormatError
from solver.formats.files import (
    format_for,
    read,
    read_argument,
    read_puzzles,
    read_text,
    to_bytes,
    to_text,
    write,
)
from solver.formats.record import Pencil, Record
from solver.formats.registry import FORMATS, Format

__all__ = [
    "FORMATS",
    "Batch",
    "Format",
    "FormatError",
    "Pencil",
    "Record",
    "format_for",
    "read",
    "read_argument",
    "read_batches",
    "read_puzzles",
    "read_text",
    "to_bytes",
    "to_text",
    "write",
]
