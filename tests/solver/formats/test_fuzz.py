"""Any bytes give grids or a FormatError; and the fuzzer would notice if they did not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from solver.formats import Record, csv_table, fuzz
from solver.formats.registry import FORMATS
from solver.formats.source import Source


def test_a_slice_of_seeded_inputs_keeps_every_promise() -> None:
    tally = fuzz.fuzz(1500, seed=7)
    assert tally.inputs == 1500
    assert tally.puzzles > 300
    assert tally.errors > 1000
    assert tally.by_format.keys() == {"detected", *FORMATS}


def test_the_same_seed_gives_the_same_tally() -> None:
    first, second = fuzz.fuzz(200, seed=3), fuzz.fuzz(200, seed=3)
    assert (first.puzzles, first.errors) == (second.puzzles, second.errors)


def test_a_reader_that_fails_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(source: Source) -> Iterator[Record]:
        raise KeyError(source.name)

    monkeypatch.setattr(csv_table, "rows", broken)
    with pytest.raises(fuzz.FuzzError, match="KeyError") as caught:
        fuzz.fuzz(500, seed=1)
    assert caught.value.data
