"""The training loop: step, validate, save. Reads top to bottom."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from statistics import median
from typing import Any

from training.loop.console import clock, train_line, val_lines
from training.loop.guard import DivergedError, InterruptedRunError
from training.loop.run import Run
from training.loop.step import step
from training.machine.device import gpu_figures
from training.optim.schedule import warmup_steps

MOST_ROLLBACKS = 3
ENDS = ("done", "stopped early")
"""Reasons for which a run has come to its end."""
STEPS_TOLD = 20
"""Steps between two lines of `steps.jsonl`, and those timed before a run's length is told."""


class TrainingError(RuntimeError):
    """A run that can't continue; its text says why and what to try."""


def train(run: Run) -> str:
    """Train until the plan is done; returns why it ended: done, stopped early, time or signal."""
    reason = "done"
    with closing(run), run.signals, run.screen:
        while run.progress.epoch < run.plan.epochs:
            if run.out_of_patience:
                reason = "stopped early"
                break
            try:
                _epoch(run)
            except DivergedError as error:
                _roll_back(run, error)
            except InterruptedRunError as stop:
                reason = str(stop)
                break
        _leave(run, reason)
    return reason


def _epoch(run: Run) -> None:
    """The rest of the epoch that is under way, its validations and checkpoints."""
    p = run.progress
    level = run.course.enter(p)
    steps = run.plan.stages[p.stage][2]
    rising = p.step < warmup_steps(run.plan.steps, run.recipe.warmup)
    tag = "WARMUP" if rising else level.upper()
    run.screen.result(f"Epoch {p.epoch + 1}/{run.plan.epochs} [{tag}] - LR: {run.lr:.6f}")
    _show_bar(run, steps)
    while p.epoch_step < steps:
        _timed_step(run, steps)
        due = run.due()
        if due.stop:
            raise InterruptedRunError(due.stop)
        if due.validate and p.epoch_step < steps:
            run.screen.stop()
            _validated(run)
            _show_bar(run, steps)
        elif due.save:
            run.save()
    run.screen.stop()
    _validated(run)


def _show_bar(run: Run, steps: int) -> None:
    p, batches = run.progress, run.recipe.accumulation
    run.screen.start(f"Epoch {p.epoch + 1} - Training", p.epoch_step * batches, steps * batches)


def _timed_step(run: Run, steps: int) -> None:
    """A step, counted and shown; `steps` are those of the epoch."""
    p = run.progress
    batches = run.recipe.accumulation
    lr, waited, started = run.lr, run.feed.waited, time.perf_counter()
    figures = step(run)
    seconds = time.perf_counter() - started
    p.add(**figures, steps=1, seconds=seconds, waited=run.feed.waited - waited)
    p.step, p.epoch_step, p.seconds = p.step + 1, p.epoch_step + 1, p.seconds + seconds
    if p.step % STEPS_TOLD == 0:
        line = {"step": p.step, "epoch": p.epoch + 1, "lr": lr, **figures}
        for sink in run.sinks:
            sink.step(line)
    if len(run.timings) < STEPS_TOLD:
        run.timings.append(seconds)
        if len(run.timings) == STEPS_TOLD:
            each = median(run.timings)
            run.screen.say(
                f"{1000 * each:.0f} ms a step: about {clock(steps * each)} an epoch and "
                f"{clock((run.plan.steps - p.step) * each)} to the end, validation aside"
            )
    means = p.means()
    run.screen.show(
        p.epoch_step * batches,
        steps * batches,
        p.sums["seconds"],
        batches / means["seconds"],
        means["loss"],
        means["cells"],
    )


def _validated(run: Run) -> None:
    """Validate, say and write down how the steps since the last time went, and save; after its
    last step the epoch is done."""
    p = run.progress
    level, _, steps = run.plan.stages[p.stage]
    metrics = _metrics(run, level)
    run.screen.result(train_line(metrics))
    for line in val_lines(metrics):
        run.screen.result(line)
    better = p.improve(metrics["val_grid_acc"], metrics["val_loss"], run.recipe.keep_best)
    if better:
        grid_acc, loss, _ = p.ranking[0]
        run.screen.result(f"New best: grid accuracy {grid_acc:.2%}, loss {loss:.4f}")
    for sink in run.sinks:
        sink.write(metrics)
    p.sums, p.told = dict.fromkeys(p.sums, 0.0), metrics["wall"]
    if p.epoch_step >= steps:
        p.end_epoch()
        run.course.end_epoch(p)
    run.save(best=better)


def _metrics(run: Run, level: str) -> dict[str, Any]:
    """Figures of the steps since the last validation, and of a validation now."""
    p, recipe = run.progress, run.recipe
    means, sums = p.means(), p.sums
    machine = gpu_figures(run.device)  # of the steps: validation is next
    begun = time.perf_counter()
    validation = run.validate()
    val_time = time.perf_counter() - begun
    seconds, wall = max(sums["seconds"], 1e-9), run.wall
    return {
        "epoch": p.epoch + 1,
        "step": p.step,
        "stage": level,
        **{f"train_{k}": means[k] for k in ("loss", "ce", "constraint")},
        "train_cell_acc": means["cells"],
        "train_grid_acc": means["grids"],
        **{f"val_{k}": v for k, v in validation.items()},
        "lr": run.lr,
        "grad_norm": means["norm"],
        "time": sums["seconds"],
        "val_time": val_time,
        "elapsed": wall - p.told,
        "wall": wall,
        "it_per_s": recipe.accumulation * sums["steps"] / seconds,
        "samples_per_s": recipe.effective_batch * sums["steps"] / seconds,
        "puzzles_per_s": sums["fresh"] / seconds,
        "data_wait": sums["waited"] / seconds,
        "workers": run.course.workers,
        **machine,
    }


def _leave(run: Run, reason: str) -> None:
    """Save what an interrupted epoch has come to; where its time is up, validate it first."""
    run.screen.stop()
    if reason in ENDS:
        return
    if reason == "time" and run.progress.sums["steps"]:
        with suppress(InterruptedRunError):
            try:
                _validated(run)
            except DivergedError as error:
                _roll_back(run, error)
    run.save()


def _roll_back(run: Run, error: DivergedError) -> None:
    """Resume from the last good checkpoint at half the rate; give up after three times."""
    run.screen.stop()
    failed, scale = run.progress.rollbacks + 1, run.progress.lr_scale / 2
    if failed > MOST_ROLLBACKS:
        raise TrainingError(
            f"the loss diverged again ({error}) after {MOST_ROLLBACKS} returns to the last good "
            f"checkpoint; try a lower --lr than {run.recipe.lr * run.progress.lr_scale:g}, "
            "or stronger --clip"
        )
    run.restore_last()
    run.progress.rollbacks, run.progress.lr_scale = failed, scale
    run.screen.say(
        f"the loss diverged ({error}); back to step {run.progress.step:,} at half the rate "
        f"({failed} of {MOST_ROLLBACKS})"
    )
