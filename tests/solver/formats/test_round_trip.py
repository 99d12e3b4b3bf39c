"""What is written reads back the same, in every format, as far as the format holds it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver.board.grid import Grid
from solver.formats import FORMATS, Record, read, to_bytes

SOLVED = Grid.parse(
    "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
)
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z"), exclude_characters="#/:[]"),
    min_size=1,
    max_size=12,
).filter(lambda text: not text.isspace() and "\ufffe" not in text and "\uffff" not in text)
WORDS = st.lists(TEXT, min_size=1, max_size=3).map(" ".join)
KEYS = {
    "sdk": ("author", "description", "comment", "date", "source", "level", "url", "X"),
    "txt": ("comment", "heading"),
    "hodoku": ("code", "digits", "eliminations", "placements", "extra"),
    "opensudoku": (
        "name", "author", "description", "comment", "date", "source", "level", "url",
    ),
    "csv": ("level", "clues", "id number", "a,b", 'say "so"'),
    "parquet": ("level", "clues", "id number"),
}  # fmt: skip
DETERMINISTIC = settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)


MASKS = st.integers(0, 2**81 - 1)
"""One bit a cell."""


def part(grid: Grid, mask: int) -> Grid:
    """The cells of `grid` whose bit is set."""
    return Grid(digit if mask >> cell & 1 else 0 for cell, digit in enumerate(grid))


@st.composite
def records(draw: st.DrawFn, format: str, metadata: dict[str, str]) -> Record:
    """A record with all that `format` holds, drawn to be there or not."""
    holds = FORMATS[format].holds
    state = part(SOLVED, draw(MASKS))
    givens = part(state, draw(MASKS))
    record = Record(givens, metadata=metadata)
    if "state" in holds and state != givens and draw(st.booleans()):
        record = replace(record, state=state)
    if "solution" in holds and draw(st.booleans()):
        record = replace(record, solution=SOLVED)
    if "pencil" in holds and draw(st.booleans()):
        full = tuple(record.grid.candidates(cell) for cell in range(81))
        mask, dropped = draw(MASKS), draw(st.integers(1, 9))
        pencil = tuple(
            marks - {dropped, min(marks)} if marks and mask >> cell & 1 else marks
            for cell, marks in enumerate(full)
        )
        if any(pencil) and pencil != full:
            record = replace(record, pencil=pencil)
    return record


@st.composite
def files(draw: st.DrawFn, format: str) -> list[Record]:
    """The records of one file; they share the metadata that it holds once for all."""
    count = draw(st.integers(1, 4)) if FORMATS[format].many else 1
    metadata = st.dictionaries(st.sampled_from(KEYS.get(format, ("none",))), WORDS)
    if "metadata" not in FORMATS[format].holds:
        metadata = st.just({})
    once = FORMATS[format].once
    shared = {key: text for key, text in draw(metadata).items() if key in once}
    own = metadata.map(lambda one: {key: one[key] for key in one.keys() - once})
    return [draw(records(format, shared | draw(own))) for _ in range(count)]


@pytest.mark.parametrize("format", list(FORMATS))
def test_written_then_read_is_the_same(format: str) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow")

    @DETERMINISTIC
    @given(files(format))
    def holds(held: list[Record]) -> None:
        data = to_bytes(held, format)
        assert list(read(data, format=format)) == held
        assert list(read(data, f"file.{format}")) == held

    holds()


@pytest.mark.parametrize("format", list(FORMATS))
def test_givens_survive_every_format(format: str) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow")

    @DETERMINISTIC
    @given(MASKS, WORDS)
    def holds(mask: int, text: str) -> None:
        givens = part(SOLVED, mask)
        record = Record(givens, solution=SOLVED, metadata={"comment": text, "other": text})
        (again,) = read(to_bytes([record], format), format=format)
        assert again.givens == givens

    holds()
