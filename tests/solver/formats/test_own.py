"""JSON: what the commands write is read again, and nothing of it is lost without a name."""

from __future__ import annotations

import json

import pytest

from solver.board.grid import Grid
from solver.formats import FormatError, Record, read, read_batches, read_text, to_text
from tests.solver.puzzles import SINGLES, SINGLES_SOLVED, XY_WING

DOCUMENT = {
    "schema": "sudoku-solve/1",
    "policy": {"file": "policy.onnx"},
    "puzzles": [
        {
            "source": "a.sdm:1",
            "puzzle": SINGLES,
            "solution": SINGLES_SOLVED,
            "second": None,
            "confidence": 0.5,
            "steps": [{"cell": "r1c1"}],
        },
        {"puzzle": XY_WING, "solution": None},
    ],
}
LINES = "\n".join(map(json.dumps, DOCUMENT["puzzles"])) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(DOCUMENT),
        json.dumps(DOCUMENT, indent=1),
        json.dumps(DOCUMENT["puzzles"]),
        json.dumps(DOCUMENT["puzzles"], indent=2),
        LINES,
        LINES.replace("\n", "\r\n\r\n"),
        "\ufeff" + LINES,
    ],
    ids=["object", "indented", "list", "indented list", "lines", "carriage returns", "mark"],
)
def test_json_of_the_solver_is_read_again(text: str) -> None:
    first, second = read_text(text, "answers")
    assert (first.givens, first.solution) == (Grid.parse(SINGLES), Grid.parse(SINGLES_SOLVED))
    assert first.metadata == {"source": "a.sdm:1", "confidence": "0.5"}
    assert first.unread == ("steps",)
    assert (second.givens, second.solution) == (Grid.parse(XY_WING), None)
    (batch,) = read_batches(text.encode(), solutions=True)
    assert batch.cells.tolist() == [list(first.givens), list(second.givens)]


def test_a_long_line_is_read_whole() -> None:
    item = {"note": "x" * 200_000, "puzzle": SINGLES}
    assert [r.givens.line() for r in read_text(f"{json.dumps(item)}\n" * 2)] == [SINGLES] * 2


def test_a_bad_object_is_an_error_in_its_place() -> None:
    errors: list[FormatError] = []
    bad = [{"puzzle": "12"}, {"level": "easy"}, 7, {"puzzle": XY_WING, "pencil": ["1"]}]
    items = [{"puzzle": SINGLES}, *bad, {"puzzle": SINGLES}]
    for text in (json.dumps(items), "\n".join(map(json.dumps, items))):
        errors.clear()
        found = list(read(text.encode(), "a.jsonl", on_error=errors.append))
        assert [record.line for record in found] == [1, 6]
        assert [error.line for error in errors] == [2, 3, 4, 5]


@pytest.mark.parametrize("text", ['{"puzzle": "', "[" * 100_000 + '"puzzle"', '{"puzzle": 1e999}'])
def test_broken_json_is_one_error(text: str) -> None:
    errors: list[FormatError] = []
    assert list(read(text.encode(), on_error=errors.append)) == []
    assert len(errors) == 1


def test_all_of_a_record_survives() -> None:
    givens = Grid.parse(SINGLES)
    marks = tuple(frozenset({1, 2}) if not digit else frozenset[int]() for digit in givens)
    record = Record(givens, None, Grid.parse(SINGLES_SOLVED), {"level": "é\n<b>"}, marks)
    for format in ("json", "jsonl"):
        assert read_text(to_text([record, record], format)) == [record, record]
