"""Measurements of a policy: as tables for people, as CSV, and as a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from solver.policy.profile import Machine, Measurement, Operator
from solver.system.files import atomic_write


def throughput_lines(rows: list[Measurement]) -> list[str]:
    """The rows as a table; columns that say the same everywhere are left to the heading."""
    columns: list[tuple[str, Callable[[Measurement], str]]] = [
        ("model", lambda r: r.model[:20]),
        ("provider", lambda r: r.provider),
        ("precision", lambda r: r.precision),
        ("threads", lambda r: str(r.threads)),
        ("views", lambda r: str(r.views)),
        ("passes", lambda r: str(r.passes)),
    ]
    varied = [c for c in columns if len({c[1](row) for row in rows}) > 1]
    same = [f"{name} {text(rows[0])}" for name, text in columns if (name, text) not in varied]
    measured: list[tuple[str, Callable[[Measurement], str]]] = [
        ("batch", lambda r: str(r.batch)),
        ("p50 ms", lambda r: f"{r.p50_ms:.2f}"),
        ("p90 ms", lambda r: f"{r.p90_ms:.2f}"),
        ("p99 ms", lambda r: f"{r.p99_ms:.2f}"),
        ("puzzles/s", lambda r: f"{r.puzzles_per_second:.1f}"),
        ("used", lambda r: f"{r.passes_per_puzzle:.1f}"),
        ("solved", lambda r: f"{r.solved:.1%}"),
    ]
    if any(row.ratio is not None for row in rows):
        measured.append(("ratio", lambda r: f"{r.ratio:.3f}"))
    shown = [*varied, *measured]
    cells = [[name for name, _ in shown], *([text(row) for _, text in shown] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(shown))]
    table = ["  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) for line in cells]
    return [", ".join(same), *table]


def bars(rows: list[Measurement], width: int = 40) -> list[str]:
    """Puzzles a second by batch, as bars."""
    most = max(row.puzzles_per_second for row in rows)
    return [
        f"{row.batch:5}  {'█' * max(1, round(width * row.puzzles_per_second / most))} "
        f"{row.puzzles_per_second:.1f}/s"
        for row in rows
    ]


def operator_lines(operators: list[Operator], most: int = 12) -> list[str]:
    lines = [f"{'operator':24}  calls        ms   share  GFLOP     GB"]
    lines += [
        f"{o.name:24.24}  {o.calls:5}  {o.milliseconds:8.2f}  {o.share:6.1%}  "
        f"{o.gigaflops:5.2f}  {o.gigabytes:5.2f}"
        for o in operators[:most]
    ]
    return lines


def floor_of(
    operators: list[Operator], machine: Machine, batch: int
) -> tuple[str, dict[str, float]]:
    """The least time a puzzle that the arithmetic and the bytes allow on one thread."""
    products = sum(o.gigaflops for o in operators) / machine.gigaflops_per_second / batch * 1e3
    moving = sum(o.gigabytes for o in operators) / machine.gigabytes_per_second / batch * 1e3
    spent = sum(o.milliseconds for o in operators) / batch
    text = (
        f"operators took {spent:.2f} ms a puzzle; on one thread the floor is\n"
        f"{products:.2f} ms of products at {machine.gigaflops_per_second:.0f} GFLOP/s and "
        f"{moving:.2f} ms of moving at {machine.gigabytes_per_second:.0f} GB/s"
    )
    return text, {"products_ms": products, "moving_ms": moving, "operators_ms": spent}


def write_csv(path: Path, rows: list[Measurement]) -> None:
    import csv

    with atomic_write(path) as part, part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(asdict(rows[0])))
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def write_plot(path: Path, rows: list[Measurement]) -> None:
    """Throughput and latency by batch, a line a setting."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    names = ("model", "provider", "precision", "threads", "views", "passes")
    groups: dict[tuple[Any, ...], list[Measurement]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
    for key, group in groups.items():
        label = " ".join(str(part) for part in key)
        sizes = [row.batch for row in group]
        left.plot(sizes, [row.puzzles_per_second for row in group], marker="o", label=label)
        right.plot(sizes, [row.p50_ms for row in group], marker="o", label=label)
    for axes, title in ((left, "puzzles/s"), (right, "p50 of a batch, ms")):
        axes.set_xscale("log", base=2)
        axes.set(xlabel="batch", ylabel=title, ylim=(0, None))
        axes.grid(visible=True, alpha=0.3)
    left.legend(fontsize="x-small")
    try:
        with atomic_write(path) as part:
            figure.savefig(part, dpi=120, format=path.suffix[1:] or None)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    finally:
        plt.close(figure)


def print_tables(
    rows: list[Measurement], slowest: list[Operator], floor: str, summary: dict[str, Any]
) -> None:
    """What was measured, for people."""
    memory = summary["memory_mb"]
    print("\n".join(throughput_lines(rows)))
    print(f"\ncold start to the first answer: {summary['cold_start_ms']:.0f} ms")
    print("memory at most: " + ("unknown here" if memory is None else f"{memory:.0f} MB"))
    if slowest:
        print(f"\nwhere the time goes, a batch of {summary['sample']}:")
        print("\n".join(operator_lines(slowest)))
        print(floor)
    print("\npuzzles/s by batch:")
    print("\n".join(bars(rows)))
