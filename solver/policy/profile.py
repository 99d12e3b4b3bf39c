"""How fast a policy file runs: latency, throughput, operators and memory, measured on puzzles.

Times are wall-clock times of `session.run`, outputs included. A *setting* is what one measurement
varies: file, device, threads, views and passes.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.policy.providers import create_session, session_options
from solver.policy.session import OUTPUTS, Policy

Puzzles = npt.NDArray[np.int64]
CONTAINERS: Final = frozenset({"Loop", "If", "Scan"})
"""Operators whose time is that of the operators inside."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One way to run a policy file; None leaves what the file says."""

    model: Path
    device: str = "auto"
    threads: int | None = None
    views: int | None = None
    passes: int | None = None


class Runner:
    """A session for one setting. Raises `ModelError` for a file or a device that can't be used."""

    def __init__(self, setting: Setting, trace_to: str | None = None) -> None:
        self.setting = setting
        policy = Policy.load(setting.model, setting.device, setting.threads)
        self.provider = policy.provider.removesuffix("ExecutionProvider")
        self.precision = policy.metadata.get("precision", "fp32")
        self.threads = policy.threads
        self.views = setting.views or policy.views
        self.passes = setting.passes or policy.passes
        self.session: Any = create_session(
            setting.model.read_bytes(), setting.device, session_options(policy.threads, trace_to)
        )
        self._limits = {
            "max_views": np.array(self.views, np.int64),
            "max_passes": np.array(self.passes, np.int64),
        }

    def run(self, puzzles: Puzzles) -> dict[str, npt.NDArray[Any]]:
        """All outputs for `puzzles` int64 [n, 81], in one batch."""
        found = self.session.run(list(OUTPUTS), {"puzzle": puzzles, **self._limits})
        return dict(zip(OUTPUTS, found, strict=True))

    def timed(self, puzzles: Puzzles) -> tuple[float, dict[str, npt.NDArray[Any]]]:
        """Seconds and outputs of one batch."""
        start = time.perf_counter()
        out = self.run(puzzles)
        return time.perf_counter() - start, out


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One measurement: what ran, and times in milliseconds a batch."""

    model: str
    provider: str
    precision: str
    threads: int
    views: int
    passes: int
    batch: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    puzzles_per_second: float
    passes_per_puzzle: float
    solved: float
    ratio: float | None = None
    """Median time over that of the baseline on the same batches, alternating."""


def batches(puzzles: Puzzles, size: int, seconds: float) -> Iterator[Puzzles]:
    """Batches of `size` from `puzzles`, round and round, at least three and then for `seconds`."""
    start, at, count = time.perf_counter(), 0, 0
    while count < 3 or time.perf_counter() - start < seconds:
        yield np.take(puzzles, np.arange(at, at + size), axis=0, mode="wrap")
        at, count = at + size, count + 1


def measure(
    runner: Runner, puzzles: Puzzles, batch: int, seconds: float, baseline: Runner | None = None
) -> Measurement:
    """Run batches for about `seconds`, after one that warms up.

    With a `baseline`, every batch runs on both, each going first every other time.
    """
    first = next(batches(puzzles, batch, 0))
    times: list[float] = []
    others: list[float] = []
    spent, solved = [], []
    for one in (runner, baseline):
        if one is not None:
            one.run(first)
    for number, part in enumerate(batches(puzzles, batch, seconds)):
        if baseline is not None and number % 2:
            others.append(baseline.timed(part)[0])
        took, out = runner.timed(part)
        if baseline is not None and not number % 2:
            others.append(baseline.timed(part)[0])
        times.append(took)
        spent.append(out["passes"].mean())
        solved.append(out["valid"].mean())
    p50, p90, p99 = (1000 * float(p) for p in np.percentile(times, (50, 90, 99)))
    return Measurement(
        model=runner.setting.model.name,
        provider=runner.provider,
        precision=runner.precision,
        threads=runner.threads,
        views=runner.views,
        passes=runner.passes,
        batch=batch,
        p50_ms=p50,
        p90_ms=p90,
        p99_ms=p99,
        puzzles_per_second=batch * len(times) / sum(times),
        passes_per_puzzle=float(np.mean(spent)),
        solved=float(np.mean(solved)),
        ratio=float(np.median(times) / np.median(others)) if others else None,
    )


def cold_start(setting: Setting, puzzle: Puzzles) -> float:
    """Milliseconds from a fresh interpreter's first line to the first answer, imports included."""
    import subprocess
    import sys

    code = (
        "import time; start = time.perf_counter(); import sys, numpy as np;"
        "from solver.policy.session import Policy;"
        "policy = Policy.load(sys.argv[1], sys.argv[2], int(sys.argv[3]) or None);"
        "policy.predict(np.array([[int(c) for c in sys.argv[4]]]));"
        "print(1000 * (time.perf_counter() - start))"
    )
    digits = "".join(str(digit) for digit in puzzle)
    arguments = [str(setting.model), setting.device, str(setting.threads or 0), digits]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


@dataclass(frozen=True, kw_only=True)
class Operator:
    """All nodes of a kind over one run: calls, milliseconds, share of all, and the arithmetic (a
    multiplication and an addition count two; only products of matrices are counted) and bytes
    read and written that their shapes stand for."""

    name: str
    calls: int
    milliseconds: float
    share: float
    gigaflops: float
    gigabytes: float


def operators(setting: Setting, puzzles: Puzzles) -> list[Operator]:
    """ONNX Runtime's own profile of one batch, summed by operator, the slowest first."""
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(setting, trace_to=str(Path(folder, "profile")))
        runner.run(puzzles)
        events = json.loads(Path(runner.session.end_profiling()).read_bytes())
    sums: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0, 0.0])
    for event in events:
        if event.get("cat") != "Node" or not event["name"].endswith("_kernel_time"):
            continue
        arguments = event["args"]
        kind = arguments["op_name"]
        if kind in CONTAINERS:
            continue
        flops, moved = _work(kind, arguments)
        for place, amount in enumerate((1, event["dur"] / 1e3, flops / 1e9, moved / 1e9)):
            sums[kind][place] += amount
    total = sum(values[1] for values in sums.values()) or 1.0
    found = [
        Operator(
            name=kind,
            calls=int(values[0]),
            milliseconds=values[1],
            share=values[1] / total,
            gigaflops=values[2],
            gigabytes=values[3],
        )
        for kind, values in sums.items()
    ]
    return sorted(found, key=lambda operator: -operator.milliseconds)


_BYTES: Final = {"float": 4, "int64": 8, "int32": 4, "bool": 1, "float16": 2, "uint8": 1, "int8": 1}


def _work(kind: str, arguments: dict[str, Any]) -> tuple[float, float]:
    """Floating-point operations and bytes of one call, from the shapes in the profile."""
    inputs = [next(iter(each.items())) for each in arguments.get("input_type_shape", []) if each]
    outputs = [next(iter(each.items())) for each in arguments.get("output_type_shape", []) if each]
    moved = sum(_BYTES.get(name, 4) * float(np.prod(shape)) for name, shape in inputs + outputs)
    flops = 0.0
    if "MatMul" in kind or kind == "Gemm":
        flops = 2.0 * float(np.prod(outputs[0][1])) * inputs[0][1][-1]
    return flops, moved


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What one thread of this machine does: float32 products and copying, measured now."""

    gigaflops_per_second: float
    gigabytes_per_second: float


def machine() -> Machine:
    """Measure a product of 729 x 32 with 32 x 64, repeated, and a copy that fits the L2 cache."""
    rng = np.random.default_rng(0)
    left = rng.standard_normal((729 * 8, 64)).astype(np.float32)
    right = rng.standard_normal((64, 64)).astype(np.float32)
    out = np.empty((len(left), 64), np.float32)
    flops = 2 * left.size * 64 / _fastest(lambda: np.matmul(left, right, out=out))
    source = np.zeros(1 << 17, np.float32)
    target = np.empty_like(source)
    moved = 2 * source.nbytes / _fastest(lambda: np.copyto(target, source))
    return Machine(gigaflops_per_second=flops / 1e9, gigabytes_per_second=moved / 1e9)


def _fastest(work: Any, repeats: int = 200) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def memory_mb() -> float | None:
    """The most memory this process has held, in megabytes; None where the system can't say."""
    try:
        import resource
    except ImportError:
        return None
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def settings(
    models: Sequence[Path],
    devices: Sequence[str],
    threads: Sequence[int],
    views: Sequence[int],
    passes: Sequence[int],
) -> list[Setting]:
    """All combinations; an empty sequence leaves what the file or the machine says."""
    return [
        Setting(model=model, device=device, threads=count, views=view, passes=limit)
        for model in models
        for device in devices
        for count in threads or (None,)
        for view in views or (None,)
        for limit in passes or (None,)
    ]
