"""The output formats, and when text is coloured."""

from __future__ import annotations

import enum
import os
from typing import TextIO


class Format(enum.StrEnum):
    """The forms in which `sudoku-solve` prints."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    SVG = "svg"
    HTML = "html"

    @property
    def tells_steps(self) -> bool:
        """Whether the form shows the steps unless asked otherwise."""
        return self not in (Format.CSV, Format.SVG)


class Color(enum.StrEnum):
    """When text gets colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"

    def wanted(self, stream: TextIO) -> bool:
        """Whether `stream` gets colours; NO_COLOR, set to anything, means no."""
        if self is Color.AUTO:
            return stream.isatty() and not os.environ.get("NO_COLOR")
        return self is Color.ALWAYS
