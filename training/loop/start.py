"""From a recipe and a folder to a finished run: checks, resuming, training, the report."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from solver.board.words import plural
from training.data.puzzles import Puzzles
from training.data.puzzles import load as load_puzzles
from training.loop.checkpoints import first_policy
from training.loop.folder import keep_puzzles, kept_by_file, note, remember
from training.loop.guard import is_out_of_memory
from training.loop.loop import ENDS, TrainingError, train
from training.loop.run import Run
from training.machine import device as machine
from training.machine import distributed
from training.measure.report import write_report
from training.network.checkpoint import RUN_SCHEMA, load
from training.network.registry import FIRST, name_of, operations_of, parameters_of, rebuilt
from training.recipe.config import Recipe
from training.recipe.toml import to_toml
from training.recipe.transition import changes, from_plain


def launch(recipe: Recipe, output: Path, resume: bool) -> str:
    """Train; returns why it ended (see `training.loop.loop.train`). Raises `ValueError`s, and
    `TrainingError` where the run can't go on."""
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    world, device = distributed.join(machine.chosen_device(recipe.device))
    try:
        with machine.reproducible(recipe.deterministic):
            return _launched(recipe, output, resume, world, device)
    except (RuntimeError, MemoryError) as error:
        if is_out_of_memory(error):
            raise TrainingError(
                "out of memory; try a smaller --chunk, --batch-size or --size, or fewer --passes"
            ) from error
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
    differs = changes(from_plain(kept["recipe"]), recipe) if kept else {}
    # a network that can't be made is found before the puzzles are read
    if kept:
        policy = rebuilt(kept.get("architecture", FIRST), kept["config"])
    else:
        policy = first_policy(recipe)
    puzzles = _puzzles(recipe, output, kept, world)
    run = Run(recipe, puzzles, output, device, world, policy)
    if kept:
        run.restore(kept)
    p, plan = run.progress, run.plan
    if kept:
        run.screen.say(
            f"resuming at epoch {min(p.epoch + 1, plan.epochs)} of {plan.epochs}, "
            f"step {min(p.step, plan.steps):,} of {plan.steps:,}"
        )
    run.open()
    # from here on nothing about the settings is wrong, so they may take the place of the old ones
    if world.writer:
        if not kept:
            keep_puzzles(output, puzzles)
        remember(output, recipe, to_toml(recipe), p.step, differs)
    for line in header(run):
        run.screen.say(line)
    run.save()
    reason = train(run)
    if world.writer:
        note(output, {"step": run.progress.step, "ended": reason})
        if reason in (*ENDS, "time") and (output / "metrics.jsonl").stat().st_size:
            path = write_report(output, puzzles.validation, puzzles.validation_rating)
            run.screen.say(f"the report is {path}")
    return reason


def _puzzles(
    recipe: Recipe, output: Path, kept: dict[str, Any] | None, world: distributed.World
) -> Puzzles:
    """The puzzles of a run, which is resumed where `kept` is its checkpoint.

    The first process reads the files; the others wait, and find them packed.
    """
    held = kept_by_file(output) if kept else None
    if not world.writer:
        world.wait()
    puzzles = load_puzzles(recipe, held, _tell if world.writer else lambda line: None)
    if world.writer:
        world.wait()
    _check_data((kept or {}).get("data", {}), puzzles.digests)
    return puzzles


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _check_data(before: dict[str, str], now: dict[str, str]) -> None:
    """Raise `ValueError` where a file that both name holds other puzzles than before."""
    for name in before.keys() & now.keys():
        if before[name] != now[name]:
            raise ValueError(
                f"{name}: holds other puzzles than when the run began; put the old file back, or "
                "start a new run in another folder (--weights takes over the weights)"
            )


def header(run: Run) -> list[str]:
    """What is about to run: the machine, the network, and how much there is to do."""
    r, operations = run.recipe, operations_of(run.policy)
    each = 3 * r.passes * operations  # forward, and two of each product back
    return [
        f"{run.device} ({plural(torch.get_num_threads(), 'thread')}, "
        f"{plural(run.world.size, 'process', 'processes')}), "
        f"{str(run.dtype).removeprefix('torch.')}, {run.path}, torch {torch.__version__}, "
        f"{plural(run.course.workers, 'loader process', 'loader processes')}",
        f"network {name_of(run.policy)} of {parameters_of(run.policy):,} parameters, "
        f"{operations / 1e6:.1f} MFLOP a pass of a puzzle; {each / 1e6:,.0f} MFLOP a puzzle and "
        f"{each * r.effective_batch / 1e9:.1f} GFLOP a step, forward and back",
        f"{run.plan.steps - run.progress.step:,} of {plural(run.plan.steps, 'step')} to do, "
        f"each of {plural(r.effective_batch, 'puzzle')} and {plural(r.passes, 'pass', 'passes')}; "
        f"{r.optimizer}, {r.scheduler}",
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
