"""Files of any size: rows in order, the same as one by one; and a kill costs nothing done."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from solver.bulk.files import (
    AHEAD,
    Reading,
    job_of,
    read_files,
    solve_blocks,
)
from solver.bulk.part import Part
from solver.bulk.rows import ExactEngine, PolicyEngine, Tally
from solver.formats.batches import Batch
from solver.formats.folders import expand
from solver.render.document import Solved, to_csv
from solver.solving.columns import COLUMNS
from solver.solving.solver import Solver
from tests.solver import puzzles
from tests.solver.bulk.tables import LINES, Counting, names, solve, table, write
from tests.solver.policies import clueless, policy_that, sure_of


@pytest.mark.parametrize("policy", [clueless(), sure_of(puzzles.SINGLES_SOLVED, 0.9)])
@pytest.mark.parametrize("copies", [1, 4])
def test_the_rows_are_those_of_single_puzzles(tmp_path: Path, policy, copies: int) -> None:
    source = write(tmp_path / "some.sdm", LINES * copies)
    solve(PolicyEngine(policy), source, tmp_path / "out.csv")
    solver = Solver(policy)
    expected = [to_csv(Solved("", solver.solve(line))) for line in LINES] * copies
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
