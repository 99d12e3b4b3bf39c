"""On two local workers of Ray: the same bytes as here, and errors in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from solver.bulk.cluster import _shards
from tests.solver import puzzles
from tests.solver.policies import onnx_bytes

needs_ray = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("ray") is None, reason="needs Ray, the extra 'cluster'"),
]
ROOT = Path(__file__).parents[3]


def run(command: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A command as a user runs it: in a process of its own, which Ray fills with threads."""
    code = f"from solver.cli.{command} import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_what_an_earlier_run_has_done_is_left_out(tmp_path: Path) -> None:
    files = [
        str(write(tmp_path / f"{name}.sdm", [puzzles.SINGLES] * count))
        for name, count in (("a", 5), ("b", 4), ("c", 1))
    ]
    told = [(Path(row["file"]).stem, row["skip"]) for row in _shards(files, 2, 0)]
    assert told == [("a", 0), ("b", 0), ("c", 0)]
    told = [(Path(row["file"]).stem, row["skip"]) for row in _shards(files, 2, 4)]
    assert told == [("b", 1), ("c", 0)]
    assert _shards(files, 2, 6) == []


class TestTwoWorkers:
    pytestmark = needs_ray

    def test_write_the_same_bytes_as_one_process(self, tmp_path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        model = tmp_path / "tiny.onnx"
        model.write_bytes(onnx_bytes())
        shards = tmp_path / "shards"
        shards.mkdir()
        many = [*puzzles.ALL, puzzles.SINGLES_SOLVED, puzzles.TWO_SOLUTIONS, puzzles.BROKEN]
        write(shards / "a.csv", ["puzzle", *many * 20, "no puzzle", *many])
        pq.write_table(pa.table({"puzzle": many * 9}), shards / "b.parquet")
        one = run("solve", shards, "-o", tmp_path / "one.csv", "--model", model)
        ray = ("--engine", "ray", "--workers", 2)
        two = run("solve", shards, "-o", tmp_path / "two.csv", "--model", model, *ray)
        assert two.returncode == one.returncode == 4, two.stderr
        assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()
        sides = [(tmp_path / f"{name}.bad.csv").read_bytes() for name in ("one", "two")]
        assert sides[0] == sides[1]
        told = [result.stderr.splitlines() for result in (one, two)]
        assert told[0][0] == told[1][0]
        assert told[0][2:-1] == told[1][2:-1]
        assert len(told[0]) == len(told[1]) == 6

    def test_make_the_same_puzzles_as_one_process(self, tmp_path: Path) -> None:
        asked = ("generate", "--count", 1500, "--seed", 7)
        one = run("data", *asked, "--workers", 1, "--output", tmp_path / "one.csv")
        ray = ("--engine", "ray", "--workers", 2)
        two = run("data", *asked, *ray, "--output", tmp_path / "two.csv")
        assert one.returncode == two.returncode == 0, two.stderr
        assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()

    def test_tell_in_one_line_that_no_cluster_answers(self, tmp_path: Path) -> None:
        source = write(tmp_path / "some.sdm", [puzzles.SINGLES])
        model = tmp_path / "tiny.onnx"
        model.write_bytes(onnx_bytes())
        target = tmp_path / "out.csv"
        arguments = ("-o", target, "--model", model, "--engine", "ray")
        result = run("solve", source, *arguments, "--address", "127.0.0.1:1")
        assert result.returncode == 2
        assert result.stderr.startswith("error: Ray at 127.0.0.1:1: ")
        assert result.stderr.count("\n") == 1
        assert not target.exists()

    def test_tell_in_one_line_what_fails_on_a_worker(self, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path\n"
            "from solver.bulk.cluster import Cluster, ClusterError, solve_files_on\n"
            "def told(source, model):\n"
            "    asked = Cluster(None, 1), [source], 64, 0, Path(model), 'cpu', None\n"
            "    try: next(solve_files_on(*asked))\n"
            "    except ClusterError as error: print(error)\n"
            "told(*sys.argv[1:])"
        )
        source = write(tmp_path / "some.sdm", [puzzles.SINGLES])
        absent = tmp_path / "absent.onnx"
        done = subprocess.run(
            [sys.executable, "-c", code, source, absent],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == f"{absent}: no such policy file\n"
