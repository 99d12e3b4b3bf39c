"""Text for people: plurals, and untrusted text made harmless."""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def plural(number: int, noun: str, several: str | None = None) -> str:
    """`number` with its noun; `several` is the plural where it is not the noun with an s.

    >>> plural(1, "row"), plural(9, "row"), plural(1000, "guess", "guesses")
    ('1 row', '9 rows', '1,000 guesses')
    """
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"


def inert(text: object) -> str:
    r"""`text` on one line, with every character that is not printable written as an escape.

    What a file, a file's name or an argument holds goes through here before it is shown, so that
    it can move no cursor, set no clipboard and turn no writing around.

    >>> inert("a\x1b]52;c;aGk=\x07 \u202eb\n c")
    'a\\x1b]52;c;aGk=\\x07 \\u202eb c'
    """
    line = " ".join(str(text).split())
    return "".join(
        c if c.isprintable() else f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}"
        for c in line
    )


def no_formula(text: str) -> str:
    """`text` for a field of CSV: behind an apostrophe where a spreadsheet would calculate it.

    >>> no_formula("=1+1"), no_formula("-5"), no_formula("plain")
    ("'=1+1", '-5', 'plain')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_written(field: str) -> str:
    """The text that `no_formula` made a field of.

    >>> as_written("'=1+1"), as_written("'twas"), as_written("''-x")
    ('=1+1', "'twas", "'-x")
    """
    guarded = field.startswith("'") and no_formula(field[1:]) == field
    return field[1:] if guarded else field
