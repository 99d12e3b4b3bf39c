"""Numbers of things in sentences: "1 row", "9 rows"."""

from __future__ import annotations


def plural(number: int, noun: str, several: str | None = None) -> str:
    """`number` with its noun; `several` is the plural where it is not the noun with an s.

    >>> plural(1, "row"), plural(9, "row"), plural(1000, "guess", "guesses")
    ('1 row', '9 rows', '1,000 guesses')
    """
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"
