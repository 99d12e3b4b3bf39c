"""Tables whose making was cut short."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from solver.bulk import part as bulk_part
from solver.bulk.files import (
    job_of,
    solve_files,
)
from solver.bulk.part import BusyError, Part
from solver.bulk.rows import ExactEngine
from solver.policy.session import ModelError
from tests.solver.bulk.tables import LINES, Counting, names, solve, table, write

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
