"""Any bytes give grids or a FormatError; and the fuzzer would notice if they did not."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from solver.formats import FormatError, Record, csv_table, read
from solver.formats.registry import FORMATS
from tools import fuzz


def test_a_slice_of_seeded_inputs_keeps_every_promise() -> None:
    tally = fuzz.fuzz(1500, seed=7)
    assert tally.inputs == 1500
    assert tally.puzzles > 300
    assert tally.errors > 1000
    assert tally.by_format.keys() == {"detected", *FORMATS}


def test_the_same_seed_gives_the_same_tally() -> None:
    first, second = fuzz.fuzz(200, seed=3), fuzz.fuzz(200, seed=3)
    assert (first.puzzles, first.errors) == (second.puzzles, second.errors)


def test_every_error_of_a_text_format_has_a_place() -> None:
    seeds = fuzz._good_files()
    errors: list[FormatError] = []
    for index in range(600):
        rng = random.Random(f"place:{index}")
        data = fuzz.make_input(rng, seeds)
        format = rng.choice([name for name in FORMATS if name != "parquet"])
        list(read(data, "some file", format=format, on_error=errors.append))
    assert len(errors) > 600
    for error in errors:
        assert error.file == "some file"
        assert (error.line or 0) > 0, str(error)
        assert (error.column or 0) > 0, str(error)


def test_a_reader_that_fails_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[Record]:
        raise KeyError("broken")

    monkeypatch.setattr(csv_table, "rows", broken)
    with pytest.raises(fuzz.FuzzError, match="KeyError") as caught:
        fuzz.fuzz(500, seed=1)
    assert caught.value.data
