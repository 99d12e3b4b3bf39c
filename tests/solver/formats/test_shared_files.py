"""Every real file reads; 16x16 grids and wrong ones say that they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.formats import FormatError, read, read_batches, to_text

pytestmark = pytest.mark.shared

COUNTS = {
    "lists/17_clue.dev.sdm": 3090,
    "lists/hardest_11plus.dev.sdm": 3083,
    "lists/eleven.dev.sdm": 1692,
    "lists/te3_mith.dev.sdm": 98,
    "lists/te3_monhard.dev.sdm": 554,
    "lists/sudocue_top50000.dev.sdm": 3168,
    "lists/magictour_top1465.sdm": 1465,
    "lists/norvig_easy50.sdm": 50,
    "lists/norvig_top95.sdm": 95,
    "lists/norvig_hardest11.sdm": 11,
    "lists/qqwing_simple.sdm": 1000,
    "lists/qqwing_easy.sdm": 1000,
    "lists/qqwing_intermediate.sdm": 1000,
    "lists/qqwing_expert.sdm": 1000,
    "csv/kaggle_1m_sample.csv": 20_000,
    "csv/kaggle_3m_sample.csv": 7034,
    "csv/sudoku_extreme_row.csv": 1,
    "csv/id_level_sudoku.csv": 26,
    "csv/quizzes_solutions_difficulty.csv": 199,
    "csv/semicolon_no_header.csv": 100,
    "csv/bom_test.csv": 30,
    "formats/sudocue_example.sdk": 1,
    "formats/sudocue_example.sdm": 8,
    "formats/sudocue_example.sdx": 1,
    "formats/simplesudoku_new.ss": 1,
    "formats/simplesudoku_old.ss": 1,
    "formats/hodoku_state.ss": 1,
    "formats/gs6-medium.opensudoku": 100,
    "formats/pastebin_0dmcCAqS_excerpt.opensudoku": 2,
    "formats/hodoku_library_exemplars.txt": 670,
    "formats/hodoku_reglib.dev.txt": 557,
    "formats/line_with_comment.txt": 100,
    "bad/multi_solution.sdm": 400,
    "bad/some_not_unique.csv": 448,
}


def test_every_file_of_the_folder_is_counted_here_or_an_sdk_or_wrong(shared: Path) -> None:
    found = {f"{p.parent.name}/{p.name}" for p in shared.glob("*/*") if p.parent.name != "sdk"}
    assert found == {*COUNTS, "bad/invalid_with_reasons.txt"}


@pytest.mark.parametrize("name", COUNTS)
def test_a_file_holds_as_many_puzzles_as_it_should(shared: Path, name: str) -> None:
    batches = list(read_batches(shared / name))
    assert sum(len(batch.cells) for batch in batches) == COUNTS[name]
    assert [error for batch in batches for error in batch.errors] == []
    if COUNTS[name] <= 3000:
        assert sum(1 for _ in read(shared / name)) == COUNTS[name]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("duck_bad.sdk", "found a wrong grid: two 9s in column 1"),
        ("duck_hexa1.sdk", "found a row of 16 cells, as of a 16x16 grid, expected a row of 9"),
    ],
)
def test_wrong_sdk_files_say_what_is_wrong(shared: Path, name: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        list(read(shared / "sdk" / name))
    assert message in str(caught.value)


def test_all_other_sdk_files_read(shared: Path) -> None:
    wrong = {"duck_bad.sdk", "duck_hexa1.sdk"}
    names = [path for path in sorted((shared / "sdk").iterdir()) if path.name not in wrong]
    assert len(names) == 21
    assert [len(list(read(path))) for path in names] == [1] * 21


def test_grids_that_break_a_rule_are_told_from_those_without_a_solution(shared: Path) -> None:
    errors: list[FormatError] = []
    records = list(read(shared / "bad/invalid_with_reasons.txt", on_error=errors.append))
    assert [error.line for error in errors] == [1, 2, 3]
    assert all("unsolvable" in record.metadata["comment"] for record in records)


@pytest.mark.parametrize(
    "name",
    [
        "sudocue_example.sdk",
        "sudocue_example.sdx",
        "sudocue_example.sdm",
        "simplesudoku_new.ss",
        "line_with_comment.txt",
    ],
)
def test_a_program_s_own_file_is_written_as_it_was(shared: Path, name: str) -> None:
    path = shared / "formats" / name
    written = to_text(read(path), path.suffix[1:])
    original = path.read_text()
    if name == "sudocue_example.sdm":
        original = original.replace("0", ".")
    assert written.replace(" # ", " #") == original
