"""One thing is told from several."""

from __future__ import annotations

import pytest

from solver.board.words import plural


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (12_345, "12,345 rows")]
)
def test_a_noun_stands_in_the_number_it_has(number: int, text: str) -> None:
    assert plural(number, "row") == text


def test_a_plural_may_be_named() -> None:
    assert [plural(number, "guess", "guesses") for number in (1, 2)] == ["1 guess", "2 guesses"]
