"""`sudoku-export`: a trained policy becomes one ONNX file, checked before it appears."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from solver.board.words import plural
from solver.cli.common import ExitCode, fail, run, version_option
from solver.cli.help import command_app
from solver.cli.outputs import refuse_overlap, refuse_unwritable, writing
from solver.system.files import write_bytes

if TYPE_CHECKING:
    import numpy as np

    from export.tables import Score
    from export.views import Sharpness
    from training.network.base import Network

app = command_app()


class Precision(StrEnum):
    """The arithmetic of the exported graph."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"


def parity_puzzles(count: int, seed: int) -> np.ndarray:
    """`count` puzzles from nearly full grids to minimal ones, int64 [count, 81]."""
    import numpy as np

    from solver.generator.chunks import generate

    made = generate(count, seed, mode="mixed")
    return np.asarray(made.puzzles, np.int64)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is exported: the most views and passes, the arithmetic, the seed of the views."""

    views: int
    passes: int
    precision: Precision
    seed: int
    rewrite: bool = True
    sharpness: Sharpness | None = None


def _checked(
    policy: Network, made_by: dict[str, Any], order: Order, parity: int, sets: dict[str, np.ndarray]
) -> tuple[bytes, list[Score]]:
    """The file's bytes after all checks, and what it scores; raises `ParityError`."""
    from export.build import seal
    from export.parity import check, check_reduced
    from export.quantise import build
    from export.tables import score
    from export.views import PolicyWithViews, Sharpness, Views

    views = Views.draw(order.views, order.seed)
    _note("building the graph")
    model = build(
        policy,
        views,
        order.passes,
        order.precision,
        sharpness=order.sharpness,
        rewrite=order.rewrite,
    )
    metadata: dict[str, Any] = {
        "views": str(order.views),
        "passes": str(order.passes),
        "precision": order.precision.value,
        "seed": str(order.seed),
        "run": made_by,
        "sharpness": asdict(order.sharpness or Sharpness()),
        "accuracy": {},
    }
    data = seal(model, policy, metadata)
    _note(f"comparing torch and ONNX Runtime on {plural(parity, 'puzzle')}")
    reference = PolicyWithViews(policy, views, order.sharpness)
    compare = check if order.precision is Precision.FP32 else check_reduced
    agreed = compare(reference, data, parity_puzzles(parity, order.seed), order.passes)
    _note(
        f"they agree: probabilities within {agreed.largest:.1e}, "
        f"{agreed.solved} of {agreed.puzzles} solved in view 0 by both"
    )
    scores = [score(data, name, puzzles) for name, puzzles in sets.items()]
    metadata["accuracy"] = {
        row.name: {"puzzles": row.puzzles, "solved": row.solved, "passes": row.passes}
        for row in scores
    }
    return seal(model, policy, metadata), scores


def _other_precisions(
    policy: Network, order: Order, sets: dict[str, np.ndarray]
) -> list[tuple[str, Score]]:
    """What the other precisions score on the same puzzles."""
    from export.build import seal
    from export.quantise import build
    from export.tables import score
    from export.views import Views

    rows = []
    views = Views.draw(order.views, order.seed)
    for precision in Precision:
        if precision is not order.precision:
            data = seal(build(policy, views, order.passes, precision), policy, {})
            rows += [(precision.value, score(data, name, sets[name])) for name in sets]
    return rows


def _calibrated(policy: Network, order: Order, puzzles: np.ndarray) -> Sharpness:
    """How sharp the policy's answers have to be to fit `puzzles`."""
    from export.calibrate import fitted
    from export.views import PolicyWithViews, Views
    from solver.exact import solve_many

    solutions, counts = solve_many(puzzles)
    proper = counts == 1
    drawn = Views.draw(order.views, order.seed)
    views = PolicyWithViews(_fast(policy), drawn)
    fit = fitted(views, puzzles[proper], solutions[proper], order.passes)
    _note(
        f"valid answers to the power of {fit.sharpness.right:.2f}, others of "
        f"{fit.sharpness.wrong:.2f}: on {plural(fit.puzzles, 'puzzle')} the calibration "
        f"error goes from {fit.before:.4f} to {fit.after:.4f} of cells, "
        f"from {fit.grid_before:.4f} to {fit.grid_after:.4f} of whole grids"
    )
    return fit.sharpness


def _fast(policy: Network) -> Network:
    """A copy with the kernel where there is one: for what is counted, not compared."""
    import copy

    from training.network.kernel import equipped

    return equipped(copy.deepcopy(policy))


def print_views(name: str, policy: Network, order: Order, puzzles: np.ndarray) -> None:
    """What 1 to 16 views solve of one file, by three ways to choose among them."""
    from export.tables import VIEWS, views_table
    from export.views import PolicyWithViews, Views

    drawn = Views.draw(max(VIEWS), order.seed)
    views = PolicyWithViews(_fast(policy), drawn)
    print(
        f"\n{name}: {plural(len(puzzles), 'puzzle')}, "
        f"at most {plural(order.passes, 'pass', 'passes')} a view"
    )
    print("views  by rules  by confidence  by mean  passes until right  passes of all")
    for row in views_table(views, puzzles, order.passes):
        print(
            f"{row.views:5}  {row.by_rules:8.2%}  {row.by_confidence:13.2%}  {row.by_mean:7.2%}  "
            f"{row.passes_by_rules:18.1f}  {row.passes_all:13.1f}"
        )


def print_speed(policy: Network, data: bytes) -> None:
    """Milliseconds a pass a puzzle of ONNX Runtime and of compiled torch."""
    from export.speed import against_torch

    print("\nbatch  ONNX Runtime ms  compiled torch ms  ratio")
    for row in against_torch(policy, data):
        print(f"{row.batch:5}  {row.onnx_ms:15.3f}  {row.torch_ms:17.3f}  {row.ratio:5.2f}")


def _note(text: str) -> None:
    typer.echo(text, err=True)


def print_scores(rows: list[tuple[str, Score]]) -> None:
    """A table of what was solved, a line a precision and file."""
    print(f"{'precision':9}  {'puzzles':28}  {'number':>6}  {'solved':>7}  {'passes':>6}  ms")
    for precision, row in rows:
        print(
            f"{precision:9}  {row.name:28.28}  {row.puzzles:6}  {row.solved:7.2%}  "
            f"{row.passes:6.1f}  {row.milliseconds:.2f}"
        )


EXAMPLES: Final = """
Examples:

\b
  sudoku-export policy_ema.pt -o policy.onnx
  sudoku-export policy_ema.pt -o p.onnx --views 16 --accuracy hard.sdm
  sudoku-export policy_ema.pt -o p.onnx --accuracy hard.sdm --table --torch

Exit status: 0 exported, 2 wrong usage or unreadable input, 5 the policy can't be used or the
check failed.
"""


@app.command(epilog=EXAMPLES)
def export(
    checkpoint: Annotated[
        Path, typer.Argument(metavar="CHECKPOINT", help="Policy to export, .pt.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="ONNX file to write.")],
    views: Annotated[
        int, typer.Option(min=1, max=64, help="Views to build in, all tried by default.")
    ] = 8,
    passes: Annotated[
        int, typer.Option(min=1, max=4096, help="Most passes per view, by default.")
    ] = 64,
    precision: Annotated[
        Precision, typer.Option(help="Precision of the arithmetic.")
    ] = Precision.FP32,
    seed: Annotated[int, typer.Option(help="Seed of the views and of the parity puzzles.")] = 0,
    parity: Annotated[
        int, typer.Option(min=1, help="Puzzles on which to compare torch with ONNX Runtime.")
    ] = 2000,
    accuracy: Annotated[
        list[Path] | None,
        typer.Option(help="Puzzle file to measure; stamped into the policy. May be repeated."),
    ] = None,
    calibrate: Annotated[
        Path | None,
        typer.Option(help="Puzzles to calibrate confidence on, unseen in training."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="Most puzzles per --accuracy or --calibrate file.")
    ] = 500,
    table: Annotated[
        bool,
        typer.Option("--table", help="Also print what each precision and 1 to 16 views solve."),
    ] = False,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain", help="Export the pass unoptimised, as a baseline for sudoku-profile."
        ),
    ] = False,
    torch: Annotated[
        bool, typer.Option("--torch", help="Also print the time of a pass beside compiled torch's.")
    ] = False,
    version: Annotated[bool, version_option] = False,
) -> None:
    """Turn a trained policy into one ONNX file with views and early stopping.

    The file appears only when ONNX Runtime and torch agree on the parity puzzles.
    """
    from export.parity import ParityError
    from export.tables import puzzles_of
    from solver.formats import FormatError
    from training.network.checkpoint import CheckpointError, load_policy

    if output.suffix.lower() != ".onnx":
        fail(f"{output}: an exported policy's name ends in .onnx")
    refuse_unwritable(output)
    refuse_overlap([checkpoint, *(accuracy or ()), *filter(None, [calibrate])], [output])
    try:
        sets = {path.name: puzzles_of(path, limit) for path in accuracy or ()}
        policy, made_by = load_policy(checkpoint)
        order = Order(views=views, passes=passes, precision=precision, seed=seed, rewrite=not plain)
        if calibrate is not None:
            sharpness = _calibrated(policy, order, puzzles_of(calibrate, limit))
            order = replace(order, sharpness=sharpness)
        data, scores = _checked(policy, made_by, order, parity, sets)
        with writing(output):
            output.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(output, data)
        _note(f"wrote {output}, {len(data) // 1000} kB")
        rows = [(precision.value, score) for score in scores]
        if table:
            rows += _other_precisions(policy, order, sets)
        if rows:
            print_scores(rows)
        for name, puzzles in sets.items() if table else ():
            print_views(name, policy, order, puzzles)
        if torch:
            print_speed(policy, data)
    except (CheckpointError, ParityError) as error:
        fail(error, ExitCode.MODEL)
    except FormatError as error:
        fail(error)


def main() -> NoReturn:
    """The entry point of `sudoku-export`."""
    run(app, watched=True)
