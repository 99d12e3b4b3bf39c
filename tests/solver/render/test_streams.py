"""Long outputs come in pieces, and nothing of a puzzle is kept once it is told."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli import solve as command
from solver.cli.common import run
from solver.render.document import Solved, head, solution_document
from solver.render.emit import emit
from solver.render.forms import Format
from solver.render.text import Style
from solver.solving.solver import Solver
from tests.solver import puzzles
from tests.solver.policies import clueless, onnx_bytes

COUNT = 12


@pytest.fixture
def little_to_collect() -> Iterator[None]:
    """What is alive already is left out by the collector, which takes long over all of it."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("little_to_collect")
@pytest.mark.parametrize("form", [Format.JSON, Format.JSONL, Format.HTML, Format.MARKDOWN])
def test_memory_does_not_grow_with_the_number_of_puzzles(form: Format) -> None:
    solver, alive = Solver(clueless()), set[int]()

    def solved() -> Iterator[Solved]:
        for number in range(COUNT):
            solution = solver.solve(puzzles.SINGLES)
            weakref.finalize(solution, alive.discard, number)
            alive.add(number)
            yield Solved(f"x:{number}", solution)

    most, pieces = 0, 0
    for _ in emit(form, solver.policy, solved(), Style(), steps=False):
        gc.collect()
        most, pieces = max(most, len(alive)), pieces + 1
    assert pieces >= COUNT
    assert 1 <= most <= 3


@pytest.mark.parametrize("lines", [[puzzles.SINGLES], [puzzles.SINGLES, puzzles.TWO_SOLUTIONS]])
def test_json_in_pieces_is_the_document_as_a_whole(lines: list[str]) -> None:
    solver = Solver(clueless())
    solved = [Solved("x:1", solver.solve(line)) for line in lines]
    text = "".join(emit(Format.JSON, solver.policy, iter(solved), Style(), steps=True))
    documents = [solution_document(one) for one in solved]
    whole = {**head(solver.policy), "puzzles": documents}
    assert text == json.dumps(whole, indent=1) + "\n"


@pytest.mark.parametrize("option", ["--report", "--heatmap"])
def test_a_picture_that_fails_half_way_leaves_the_old_one(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    model, old = tmp_path / "tiny.onnx", tmp_path / "old.svg"
    model.write_bytes(onnx_bytes())
    old.write_text("old")
    monkeypatch.setattr("solver.render.page.verdict", fails)
    monkeypatch.setattr("solver.render.svg.digit", fails)
    with pytest.raises(SystemExit) as left:
        run(command.app, ["--model", str(model), "-q", option, str(old), puzzles.SINGLES])
    assert left.value.code == 2
    assert "no space left on device" in capsys.readouterr().err
    assert old.read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"tiny.onnx", "old.svg"}
