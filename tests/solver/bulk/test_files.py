"""Files of any size: rows in order, the same as one by one; and a kill costs nothing done."""

from __future__ import annotations

import csv
import itertools
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from solver import formats
from solver.board.grid import Grid
from solver.bulk import part as bulk_part
from solver.bulk.files import (
    AHEAD,
    Reading,
    columns_of,
    job_of,
    read_files,
    solve_blocks,
    solve_files,
)
from solver.bulk.part import BusyError, Part
from solver.bulk.rows import Asked, ExactEngine, PolicyEngine, Tally
from solver.formats import Record
from solver.formats.batches import Batch
from solver.formats.folders import expand
from solver.policy.session import ModelError
from solver.render.document import Solved, to_csv
from solver.solving.columns import COLUMNS
from solver.solving.solver import Solver
from tests.solver import puzzles
from tests.solver.policies import clueless, policy_that, sure_of

LINES = [
    *puzzles.ALL,
    puzzles.SINGLES_SOLVED,
    puzzles.TWO_SOLUTIONS,
    puzzles.NO_SOLUTION,
    puzzles.BROKEN,
]


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A list of puzzles of every status, with a line in the middle that is none."""
    return write(tmp_path / "some.sdm", [*LINES[:4], "12345", *LINES[4:]])


class Counting(ExactEngine):
    """The exact engine, in blocks of two; `seen` are the puzzles that it got."""

    block = 2

    def __init__(self, fails_at: int | None = None) -> None:
        self.seen: list[str] = []
        self.fails_at = fails_at

    def ask(self, batch: Batch) -> Asked:
        self.seen += ["".join(map(str, puzzle)) for puzzle in batch.cells]
        if self.fails_at is not None and len(self.seen) > self.fails_at:
            raise ModelError("the policy failed at work")
        return super().ask(batch)


def solve(engine: ExactEngine | PolicyEngine, source: Path, target: Path) -> Part:
    """What the command does, without what it says."""
    files = [str(source)]
    columns = columns_of(files)
    with Part(target, job_of(engine.name, files, columns), engine.block) as part:
        for block, _ in solve_files(engine, files, part.block, part.done.blocks, columns):
            part.write(block)
        part.finish()
    return part


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("policy", [clueless(), sure_of(puzzles.SINGLES_SOLVED, 0.9)])
@pytest.mark.parametrize("copies", [1, 4])
def test_the_rows_are_those_of_single_puzzles(tmp_path: Path, policy, copies: int) -> None:
    source = write(tmp_path / "some.sdm", LINES * copies)
    solve(PolicyEngine(policy), source, tmp_path / "out.csv")
    solver = Solver(policy)
    expected = [to_csv(Solved("", solver.solve(line)), 1) for line in LINES] * copies
    rows = (tmp_path / "out.csv").read_text(encoding="ascii")
    assert rows == ",".join(COLUMNS) + "\n" + "".join(expected)


def test_the_tally_counts_what_became_of_the_puzzles(source: Path, tmp_path: Path) -> None:
    part = solve(PolicyEngine(sure_of(puzzles.SINGLES_SOLVED)), source, tmp_path / "out.csv")
    tally = part.done.tally
    assert (tally.policy, tally.search) == (2, 6)
    assert (tally.several, tally.no_solution, tally.invalid, tally.bad) == (1, 1, 1, 1)
    assert tally.puzzles == len(LINES)
    rows = table(tmp_path / "out.csv")
    assert tally.violations == sum(int(row["violations"]) for row in rows) > 0


def test_the_exact_engine_answers_without_a_policy(source: Path, tmp_path: Path) -> None:
    part = solve(ExactEngine(), source, tmp_path / "out.csv")
    assert part.done.tally == Tally(
        exact=8, several=1, no_solution=1, invalid=1, bad=1, violations=2
    )
    rows = table(tmp_path / "out.csv")
    assert [row["puzzle"] for row in rows] == [line.replace(".", "0") for line in LINES]
    assert rows[0]["solution"] == puzzles.SINGLES_SOLVED
    assert {(row["confidence"], row["passes"]) for row in rows} == {("", "")}
    assert [row["status"] for row in rows[-3:]] == ["several solutions", "no solution", "invalid"]


@pytest.mark.parametrize("copies", [1, 4])
def test_the_size_of_a_block_changes_nothing(tmp_path: Path, copies: int) -> None:
    source = write(tmp_path / "some.sdm", LINES * copies)
    solve(ExactEngine(), source, tmp_path / "one.csv")
    solve(Counting(), source, tmp_path / "two.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_without_a_compiler_the_answers_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "some.sdm", LINES * 4)
    solve(ExactEngine(), source, tmp_path / "compiled.csv")
    solve(PolicyEngine(clueless()), source, tmp_path / "policy.csv")
    monkeypatch.setattr("solver.exact.compiled.available", lambda: False)
    solve(ExactEngine(), source, tmp_path / "plain.csv")
    solve(PolicyEngine(clueless()), source, tmp_path / "policy_plain.csv")
    for one, other in (("compiled", "plain"), ("policy", "policy_plain")):
        pair = [(tmp_path / f"{name}.csv").read_bytes() for name in (one, other)]
        assert pair[0] == pair[1]


def test_a_bad_line_is_skipped_and_stands_in_the_side_file(source: Path, tmp_path: Path) -> None:
    solve(ExactEngine(), source, tmp_path / "out.csv")
    [row] = table(tmp_path / "out.bad.csv")
    assert (row["file"], row["line"]) == (str(source), "5")
    assert "5 cells" in row["found"]
    assert names(tmp_path) == {"some.sdm", "out.csv", "out.bad.csv"}


def test_a_side_file_of_an_earlier_run_goes_where_no_line_is_bad(tmp_path: Path) -> None:
    source = write(tmp_path / "some.sdm", LINES)
    (tmp_path / "out.bad.csv").write_text("file,line,column,found,expected\n", encoding="utf-8")
    solve(ExactEngine(), source, tmp_path / "out.csv")
    assert names(tmp_path) == {"some.sdm", "out.csv"}


def test_parquet_holds_the_same_rows(source: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    engine = PolicyEngine(sure_of(puzzles.SINGLES_SOLVED, 0.9))
    solve(engine, source, tmp_path / "out.csv")
    solve(engine, source, tmp_path / "out.parquet")
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    for row, expected in zip(found, table(tmp_path / "out.csv"), strict=True):
        assert f"{row.pop('confidence'):.6f}" == expected.pop("confidence")
        assert {name: str(value) for name, value in row.items()} == expected


def test_parquet_of_the_exact_engine_has_no_confidence(source: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    solve(ExactEngine(), source, tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["confidence"].null_count == len(LINES)


KILLED = """
import os, signal, sys
from pathlib import Path
from solver.bulk import part as bulk_part
from tests.solver.bulk.test_files import Counting, solve

write, bulk_part.SECONDS = bulk_part.Part.write, -1.0

def killed(part, block):
    if part.done.blocks == 3:
        part._rows.write(b"half a ro")
        part._rows.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    write(part, block)

bulk_part.Part.write = killed
solve(Counting(), Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_after_a_kill_the_rest_is_done_and_nothing_twice(
    source: Path, tmp_path: Path, name: str
) -> None:
    target = tmp_path / name
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", KILLED, source, target], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    left = {"some.sdm", f"{name}.part", f"{name}.job", f".{name}.lock", "out.bad.csv"}
    assert names(tmp_path) == left
    engine = Counting()
    part = solve(engine, source, target)
    assert engine.seen == [line.replace(".", "0") for line in LINES[5:]]
    assert names(tmp_path) == {"some.sdm", name, "out.bad.csv"}
    assert part.done.tally.puzzles == len(LINES)
    solve(Counting(), source, tmp_path / f"whole_{name}")
    assert target.read_bytes() == (tmp_path / f"whole_{name}").read_bytes()
    bad = [(tmp_path / f"{stem}.bad.csv").read_bytes() for stem in ("out", "whole_out")]
    assert bad[0] == bad[1]


def test_a_failing_policy_loses_nothing_done(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="failed at work"):
        solve(Counting(fails_at=6), source, tmp_path / "out.csv")
    engine = Counting()
    solve(engine, source, tmp_path / "out.csv")
    assert 0 < len(engine.seen) < len(LINES)
    assert [row["puzzle"] for row in table(tmp_path / "out.csv")] == [
        line.replace(".", "0") for line in LINES
    ]


def test_a_part_that_is_cut_short_is_begun_anew(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        solve(Counting(fails_at=6), source, tmp_path / "out.csv")
    (tmp_path / "out.csv.part").write_bytes(b"cut short")
    engine = Counting()
    solve(engine, source, tmp_path / "out.csv")
    assert engine.seen == [line.replace(".", "0") for line in LINES]
    assert len(table(tmp_path / "out.csv")) == len(LINES)


@pytest.mark.parametrize("change", ["emptied", "cut", "blocks", "size", "seal", "list"])
def test_a_job_file_that_was_changed_is_refused_by_name_and_nothing_is_lost(
    source: Path, tmp_path: Path, change: str
) -> None:
    with pytest.raises(ModelError):
        solve(Counting(fails_at=6), source, tmp_path / "out.csv")
    job, part = tmp_path / "out.csv.job", tmp_path / "out.csv.part"
    text, rows = job.read_text(encoding="utf-8"), part.read_bytes()
    found = json.loads(text)
    if change in found:
        found[change] = found[change] + 1 if change != "seal" else "0"
    changed = {"emptied": "", "cut": text[:-9], "list": "[]"}.get(change, json.dumps(found))
    job.write_text(changed, encoding="utf-8")
    with pytest.raises(ValueError, match=r"out\.csv\.job: was changed since a run wrote it"):
        solve(Counting(), source, tmp_path / "out.csv")
    assert part.read_bytes() == rows
    job.write_text(text, encoding="utf-8")
    solve(Counting(), source, tmp_path / "out.csv")
    assert len(table(tmp_path / "out.csv")) == len(LINES)


@pytest.mark.parametrize("change", ["input", "engine"])
def test_the_part_of_another_job_is_never_thrown_away(
    source: Path, tmp_path: Path, change: str
) -> None:
    with pytest.raises(ModelError):
        solve(Counting(fails_at=6), source, tmp_path / "out.csv")
    part = (tmp_path / "out.csv.part").read_bytes()
    engine = Counting()
    if change == "input":
        write(source, LINES)
    else:
        engine.name = "another"
    with pytest.raises(ValueError, match=r"out\.csv\.part: \d+ puzzles of an unfinished run"):
        solve(engine, source, tmp_path / "out.csv")
    assert (tmp_path / "out.csv.part").read_bytes() == part
    (tmp_path / "out.csv.part").unlink()
    solve(engine, source, tmp_path / "out.csv")
    assert len(table(tmp_path / "out.csv")) == len(LINES)


def test_a_kill_between_the_last_two_acts_is_no_reason_to_start_over(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.csv"
    monkeypatch.setattr(bulk_part, "SECONDS", -1.0)
    with Part(target, job_of("exact", [str(source)]), 2) as part:
        for block, _ in solve_files(Counting(), [str(source)], 2, 0):
            part.write(block)
        job = part.job_path.read_bytes()
        part.finish()
        part.job_path.write_bytes(job)
    rows = target.read_bytes()
    engine = Counting()
    solve(engine, source, target)
    assert (engine.seen, target.read_bytes()) == ([], rows)


def test_two_runs_cannot_write_one_output(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with (
        Part(tmp_path / "out.csv", job_of("exact", [str(source)]), 2),
        pytest.raises(BusyError, match="another run is writing it"),
    ):
        solve(ExactEngine(), source, tmp_path / "out.csv")


def test_reading_is_never_far_ahead_of_writing() -> None:
    read = 0

    def readings() -> Iterator[Reading]:
        nonlocal read
        while True:
            read += 1
            yield Reading(Batch(np.zeros((1, 81), np.int8), np.ones(1, np.int64), ()), None)

    engine = PolicyEngine(policy_that(lambda cells: np.zeros((len(cells), 81, 9))))
    for number, _ in enumerate(itertools.islice(solve_blocks(engine, readings()), 10), 1):
        assert read <= number + AHEAD


NOTES = ["plain", "", 'a "quoted", note', "two\nlines", "=1+1", "é"]


@pytest.mark.parametrize("made", ["csv", "parquet"])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_all_columns_of_a_table_come_out_again(tmp_path: Path, suffix: str, made: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    given = {
        "id": [str(number) for number in range(len(NOTES))],
        "quizzes": [puzzles.SINGLES] * len(NOTES),
        "solution": [puzzles.SINGLES_SOLVED] * len(NOTES),
        "Status": ["new"] * len(NOTES),
        "note": NOTES,
    }
    source, target = tmp_path / f"in.{suffix}", tmp_path / f"out.{made}"
    if suffix == "csv":
        with source.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([list(given), *zip(*given.values(), strict=True)])
    else:
        pq.write_table(pa.table(given), source)
    solve(Counting(), source, target)
    rows = table(target) if made == "csv" else pq.read_table(target).to_pylist()
    assert tuple(rows[0]) == (*COLUMNS, "id", "input_solution", "input_Status", "note")
    for row, number, note in zip(rows, given["id"], NOTES, strict=True):
        assert (row["id"], row["solution"]) == (number, puzzles.SINGLES_SOLVED)
        assert (row["input_solution"], row["input_Status"]) == (puzzles.SINGLES_SOLVED, "new")
        assert row["note"] == (f"'{note}" if note.startswith("=") else note)


def test_what_lists_say_of_their_puzzles_comes_out_too(tmp_path: Path) -> None:
    source = write(tmp_path / "some.sdm", [f"{line} # no {i}" for i, line in enumerate(LINES)])
    solve(Counting(), source, tmp_path / "out.csv")
    assert [row["comment"] for row in table(tmp_path / "out.csv")] == [
        f"no {number}" for number in range(len(LINES))
    ]


def test_files_of_other_columns_share_one_table(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", ["puzzle,a", f"{puzzles.SINGLES},1"])
    two = write(tmp_path / "two.csv", ["b,puzzle", f"2,{puzzles.SINGLES}"])
    files = [str(one), str(two)]
    columns = columns_of(files)
    with Part(tmp_path / "out.csv", job_of("exact", files, columns), 2) as part:
        for block, _ in solve_files(Counting(), files, 2, 0, columns):
            part.write(block)
        part.finish()
    assert [(row["a"], row["b"]) for row in table(tmp_path / "out.csv")] == [("1", ""), ("", "2")]


def test_a_file_is_solved_within_its_play_and_candidates(tmp_path: Path) -> None:
    givens, solved = Grid.parse(puzzles.TWO_SOLUTIONS), Grid.parse(puzzles.SINGLES_SOLVED)
    cell = next(c for c in range(81) if Grid.parse(puzzles.SINGLES)[c] and not givens[c])
    only = list(givens.all_candidates())
    only[cell] = frozenset({solved[cell]})
    wrong = Grid.parse(puzzles.SINGLES)
    blank = wrong.cells.index(0)
    games = [
        Record(givens),
        Record(givens, pencil=tuple(only)),
        Record(givens, state=givens.place(cell, solved[cell])),
        Record(wrong, state=wrong.place(blank, solved[blank] % 9 + 1)),
    ]
    source = tmp_path / "games.txt"
    formats.write(games, source, "hodoku")
    for engine in (ExactEngine(), PolicyEngine(clueless())):
        part = solve(engine, source, tmp_path / "out.csv")
        rows = table(tmp_path / "out.csv")
        assert [row["status"] for row in rows] == ["several solutions", *["solved"] * 3]
        assert {row["solution"] for row in rows[1:]} == {puzzles.SINGLES_SOLVED}
        assert [row["puzzle"] for row in rows] == [game.givens.line("0") for game in games]
        assert (part.done.tally.played, part.done.tally.faulty) == (3, 1)


def test_the_share_that_is_read_grows_to_one(source: Path, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    other = write(tmp_path / "other.sdm", LINES)
    parquet = tmp_path / "table.parquet"
    pq.write_table(pa.table({"puzzle": LINES}), parquet)
    shares = [reading.share for reading in read_files([str(source), str(other)], 2)]
    assert None not in shares
    shares += [1 + (reading.share or 0) for reading in read_files([str(parquet)], 2)]
    assert shares == sorted(shares, key=lambda share: share or 0)
    assert shares[-1] == 2.0


def test_a_folder_stands_for_its_puzzle_files_by_name(tmp_path: Path) -> None:
    for name in ("b.csv", "a.parquet", "notes.md", "c.sdm"):
        (tmp_path / name).touch()
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "deep" / "deeper" / "d.sdm").touch()
    found = [Path(file).name for file in expand([str(tmp_path), "-"])]
    assert found == ["a.parquet", "b.csv", "c.sdm", "d.sdm", "-"]


def test_the_output_is_a_table(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends in \.csv or \.parquet"):
        Part(tmp_path / "out.txt", job_of("exact", [str(source)]), 2)


PEAK = """
import resource, sys
from pathlib import Path
from solver.bulk.rows import ExactEngine
from tests.solver.bulk.test_files import solve
solve(ExactEngine(), Path(sys.argv[1]), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        source = write(tmp_path / "many.sdm", [puzzles.SINGLES] * count)
        done = subprocess.run(
            [sys.executable, "-c", PEAK, source, tmp_path / "out.csv"],
            cwd=Path(__file__).parents[3],
            check=True,
            capture_output=True,
        )
        return int(done.stdout)

    assert peak(200_000) < 1.1 * peak(20_000)
