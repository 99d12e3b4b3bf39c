"""No option is ignored: those that say nothing beside another are refused before any work."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.solver import puzzles

CODE = "from solver.cli.solve import main; main()"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["-q", "-f", "json"], "--format"),
        (["-q", "--steps"], "--steps"),
        (["-q", "--no-steps"], "--no-steps"),
        (["-f", "html", "--no-steps"], "--no-steps"),
        (["-f", "svg", "--steps"], "--steps"),
        (["-H", "-f", "json"], "--format"),
        (["-H", "--no-steps"], "--no-steps"),
        (["-H", "--order", "confidence"], "--order"),
        (["-H", "-f", "svg"], "-HHH"),
        (["-q", "--no-uniqueness"], "--no-uniqueness"),
        (["-f", "csv", "--no-uniqueness"], "--no-uniqueness"),
        (["--order", "confidence", "--no-uniqueness"], "--no-uniqueness"),
        (["-q", "--order", "confidence"], "--order"),
        (["-f", "csv", "--order", "confidence"], "--order"),
        (["-o", "x.csv", "--order", "logic"], "--order"),
        (["-o", "x.csv", "--color", "always"], "--color"),
        (["-o", "x.csv", "--engine", "exact", "--threads", "2"], "--threads"),
        (["-f", "json", "--color", "always"], "--color"),
        (["--engine", "exact"], "--output"),
        (["--workers", "2"], "--workers"),
        (["--views", "100"], "--views 100: the policy has"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused_by_name(
    arguments: list[str], named: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments, puzzles.SINGLES], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert named in line
