"""From a recipe and a folder to a finished run: the checks before the first step, and resuming."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.puzzles import Held
from training.data.puzzles import load as load_puzzles
from training.loop.checkpoints import first_policy
from training.loop.loop import ENDS, TrainingError, train
from training.loop.run import Run
from training.machine import device as machine
from training.machine import distributed
from training.measure.report import write_report
from training.network.checkpoint import RUN_SCHEMA, CheckpointError, load
from training.network.registry import FIRST, name_of, operations_of, parameters_of, rebuilt
from training.recipe.config import Recipe, changed
from training.recipe.toml import recipe_from, to_toml
from training.recipe.transition import changes, from_plain


def recipe_for(output: Path, base: Recipe | None, values: dict[str, Any]) -> Recipe:
    """`values` over `base`, or over the recipe that `output`'s run was started with."""
    return changed(base or recipe_from(output / "config.toml"), values)


def launch(recipe: Recipe, output: Path, resume: bool) -> str:
    """Train; returns why it ended (see `training.loop.loop.train`). Raises `ValueError`s."""
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    world, device = distributed.join(machine.chosen_device(recipe.device))
    try:
        with machine.reproducible(recipe.deterministic):
            return _launched(recipe, output, resume, world, device)
    except RuntimeError as error:
        if world.size > 1 and distributed.is_lost(error):
            raise TrainingError(
                "another process of this run has ended; resume it from its last checkpoint"
            ) from error
        raise
    finally:
        distributed.leave()


def _launched(
    recipe: Recipe, output: Path, resume: bool, world: distributed.World, device: torch.device
) -> str:
    kept = load(output / "policy.pt", RUN_SCHEMA) if resume else None
    differs = {} if kept is None else changes(from_plain(kept["recipe"]), recipe)
    if kept is None:
        first_policy(
            recipe
        )  # sizes and weights that don't fit are found before the puzzles are read
    held = kept_by_file(output) if resume else None
    quiet: list[str] = []
    # one process reads the files first, the others find them packed
    if world.writer:
        puzzles = load_puzzles(recipe, held, lambda line: print(line, file=sys.stderr, flush=True))
    world.wait()
    if not world.writer:
        puzzles = load_puzzles(recipe, held, quiet.append)
    data = {file.source: file.digest for file in puzzles.files}
    if kept is not None:
        _check_data(kept.get("data", {}), data)
    policy = None
    if kept is not None:
        policy = rebuilt(kept.get("architecture", FIRST), kept["config"])
    run = Run(recipe, puzzles, output, device, world, policy)
    if kept is not None:
        run.restore(kept)
        p = run.progress
        run.screen.say(
            f"going on at epoch {min(p.epoch + 1, run.plan.epochs)} of {run.plan.epochs}, "
            f"step {min(p.step, run.plan.steps):,} of {run.plan.steps:,}"
        )
    if world.writer:
        if not resume:
            np.save(output / "validation.npy", puzzles.validation)
            origin = json.dumps(puzzles.validation_files, ensure_ascii=False)
            (output / "validation.json").write_text(origin, encoding="utf-8")
        (output / "config.toml").write_text(to_toml(recipe), encoding="utf-8")
        _remember(output, run.progress.step, recipe, differs)
    for line in header(run):
        run.screen.say(line)
    run.begin()
    reason = train(run)
    if world.writer:
        _note(output, {"step": run.progress.step, "ended": reason})
        if reason in (*ENDS, "time") and (output / "metrics.jsonl").stat().st_size:
            path = write_report(output, puzzles.validation, puzzles.validation_rating)
            run.screen.say(f"the report is {path}")
    return reason


def header(run: Run) -> list[str]:
    """What is about to run: the machine, the network, and how much there is to do."""
    r, operations = run.recipe, operations_of(run.policy)
    each = 3 * r.passes * operations  # forward, and two of each product back
    return [
        f"{run.device} ({torch.get_num_threads()} threads, {run.world.size} processes), "
        f"{str(run.dtype).removeprefix('torch.')}, {run.path}, torch {torch.__version__}, "
        f"{run.course.workers} loader processes",
        f"network {name_of(run.policy)} of {parameters_of(run.policy):,} parameters, "
        f"{operations / 1e6:.1f} MFLOP a pass of a puzzle; {each / 1e6:,.0f} MFLOP a puzzle and "
        f"{each * r.effective_batch / 1e9:.1f} GFLOP a step, forward and back",
        f"{run.plan.steps - run.progress.step:,} of {run.plan.steps:,} steps to do, each of "
        f"{r.effective_batch} puzzles and {r.passes} passes; {r.optimizer}, {r.scheduler}",
    ]


def _check_data(before: dict[str, str], now: dict[str, str]) -> None:
    """Raise `ValueError` where a file that both name holds other puzzles than before."""
    for name in before.keys() & now.keys():
        if before[name] != now[name]:
            raise ValueError(
                f"{name}: holds other puzzles than when the run began; put the old file back, or "
                "start a new run in another folder (--weights takes over the weights)"
            )


def _remember(output: Path, step: int, recipe: Recipe, differs: dict[str, Any]) -> None:
    """Add a line to the run's history: when it began or went on, and with what changes."""
    line: dict[str, Any] = {"step": step, "torch": torch.__version__}
    line |= {"changes": differs} if step or differs else {"recipe": asdict(recipe)}
    _note(output, line)


def _note(output: Path, line: dict[str, Any]) -> None:
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **line}
    with (output / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def kept_validation(output: Path) -> NDArray[np.uint8]:
    """A run's validation puzzles, packed; raises `CheckpointError`."""
    path = output / "validation.npy"
    try:
        cells: NDArray[np.uint8] = np.load(path)
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path}: the run's validation puzzles can't be read") from error
    return cells


def kept_by_file(output: Path) -> Held:
    """A run's validation puzzles by the file that they are from; raises `CheckpointError`."""
    cells = kept_validation(output)
    try:
        origin = json.loads((output / "validation.json").read_text(encoding="utf-8"))
        ends = np.cumsum([count for _, count in origin])
        if ends[-1] != len(cells):
            raise ValueError("of other puzzles")
    except (OSError, ValueError, TypeError, IndexError):  # of a version that didn't keep it
        return [("", cells)]
    return [
        (name, part) for (name, _), part in zip(origin, np.split(cells, ends[:-1]), strict=True)
    ]


def resolved(recipe: Recipe) -> Recipe:
    """A recipe with its files as absolute paths, so that it means the same everywhere."""

    def absolute(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(Path(name).resolve()) for name in names)

    return replace(
        recipe,
        data=absolute(recipe.data),
        validation=absolute(recipe.validation),
        exclude=absolute(recipe.exclude),
        begin=str(Path(recipe.begin).resolve()) if recipe.begin else "",
    )
