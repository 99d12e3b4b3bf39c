"""The training loop: step, validate, save. Reads top to bottom."""

from __future__ import annotations

import math
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from training.loop.console import train_line, val_lines
from training.loop.guard import DivergedError, InterruptedRunError, check_loss, is_out_of_memory
from training.loop.run import Run
from training.machine.device import gpu_figures
from training.network.window import Outcome
from training.optim.schedule import rate, warmup_steps

MOST_ROLLBACKS = 3
STEPS_TOLD = 20
"""Steps between two lines of `steps.jsonl`."""


class TrainingError(RuntimeError):
    """A run that can't go on; its text says why and what to try."""


def train(run: Run) -> str:
    """Train until the plan is done; returns why it ended: done, stopped early, time or signal."""
    reason = "done"
    with run.signals, run.screen:
        while run.progress.epoch < run.plan.epochs:
            if run.out_of_patience:
                reason = "stopped early"
                break
            try:
                _epoch(run)
            except DivergedError as error:
                _roll_back(run, error)
            except InterruptedRunError as stop:
                run.screen.stop()
                run.save()
                reason = str(stop)
                break
    run.close()
    return reason


def _epoch(run: Run) -> None:
    """The rest of the epoch that is under way, its validation and its checkpoint."""
    p, recipe = run.progress, run.recipe
    stage = run.enter_stage()
    level, _, steps = run.plan.stages[stage]
    rising = p.step < warmup_steps(run.plan.steps, recipe.warmup)
    tag = "WARMUP" if rising else level.upper()
    lr = recipe.lr * p.lr_scale * _rate(run)
    run.screen.result(f"Epoch {p.epoch + 1}/{run.plan.epochs} [{tag}] - LR: {lr:.6f}")
    per_step = recipe.accumulation
    run.screen.start(f"Epoch {p.epoch + 1} - Training", p.epoch_step * per_step, steps * per_step)
    while p.epoch_step < steps:
        started, waited = time.perf_counter(), run.feed.waited
        figures = step(run)
        seconds = time.perf_counter() - started
        p.add(**figures, steps=1, seconds=seconds, waited=run.feed.waited - waited)
        _tell(run, figures)
        p.step, p.epoch_step, p.seconds = p.step + 1, p.epoch_step + 1, p.seconds + seconds
        means = p.means()
        run.screen.show(
            p.epoch_step * per_step,
            steps * per_step,
            p.sums["seconds"],
            per_step / means["seconds"],
            means["loss"],
            means["cells"],
        )
        run.after_step()
    run.screen.stop()
    _finish_epoch(run, level)


def _tell(run: Run, figures: dict[str, float]) -> None:
    """Give the sinks a step's figures, every `STEPS_TOLD` steps."""
    p = run.progress
    if (p.step + 1) % STEPS_TOLD:
        return
    lr = run.recipe.lr * p.lr_scale * _rate(run)
    line = {"step": p.step + 1, "epoch": p.epoch + 1, "lr": lr, **figures}
    for sink in run.sinks:
        sink.step(line)


def _rate(run: Run) -> float:
    r = run.recipe
    return rate(r.scheduler, run.progress.step, run.plan.steps, r.warmup, r.cooldown)


def step(run: Run) -> dict[str, float]:
    """One optimizer step over all slots; its figures, as sums over one step."""
    fresh = run.slots.refill(run.feed)
    while True:
        try:
            outcomes = _gradients(run)
            break
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            run.optimizer.zero_grad()
            run.halve_batch(error)
    weights = torch.tensor([len(o.right) for o in outcomes], dtype=torch.float32)
    weights = weights.to(run.device) / weights.sum().item()
    losses = torch.stack([torch.stack([o.loss.detach(), o.ce, o.constraint]) for o in outcomes])
    right = run.world.gather(torch.cat([o.right for o in outcomes]))
    least_sure = run.world.gather(torch.cat([o.least_sure for o in outcomes]))
    solved = right == 81
    mean = run.world.sum((losses * weights[:, None]).sum(0)) / run.world.size
    figures = torch.cat(
        [mean, torch.stack([right.float().mean() / 81, solved.float().mean()])]
    ).tolist()
    check_loss(figures[0], run.recipe.constraint_weight)
    norm = _update(run)
    if run.slots.carry:
        run.slots.state = torch.cat([o.state for o in outcomes])
    run.slots.advance(solved, least_sure)
    return dict(
        zip(("loss", "ce", "constraint", "cells", "grids"), figures, strict=True),
        fresh=fresh,
        norm=norm,
    )


def _gradients(run: Run) -> list[Outcome]:
    """Gradients of the mean loss over this process's slots, a chunk at a time."""
    slots, model = run.slots, run.model
    mine = run.world.slice_of(len(slots))
    parts = (slots.puzzle, slots.target, slots.fresh)
    outcomes, count = [], mine.stop - mine.start
    for start in range(mine.start, mine.stop, run.chunk):
        here = slice(start, start + run.chunk)
        state = None
        if slots.state is not None:
            state = slots.state[start - mine.start : start - mine.start + run.chunk]
        last = start + run.chunk >= mine.stop
        with _exchange(model, last):
            with run.autocast():
                out: Outcome = model(*(part[here] for part in parts), state)
            run.scaler.scale(out.loss * (len(out.right) / count)).backward()
        outcomes.append(out)
    return outcomes


def _exchange(model: nn.Module, last: bool) -> AbstractContextManager[None]:
    """Processes exchange gradients in the last chunk's backward pass alone."""
    if isinstance(model, DistributedDataParallel) and not last:
        context: AbstractContextManager[None] = model.no_sync()
        return context
    return nullcontext()


def _update(run: Run) -> float:
    """One step of the optimizer and of the average; the norm of the gradient before clipping."""
    recipe = run.recipe
    run.optimizer.set_rate(recipe.lr * run.progress.lr_scale * _rate(run))
    run.optimizer.unscale(run.scaler)
    norm = torch.nn.utils.clip_grad_norm_(run.policy.parameters(), recipe.clip or math.inf)
    # half precision's scaler leaves out such a step by itself, and lowers its scale
    if not run.scaler.is_enabled() and not bool(norm.isfinite()):
        raise DivergedError(f"its gradient is {float(norm)}")
    run.optimizer.step(run.scaler)
    run.optimizer.zero_grad()
    if run.ema is not None:
        run.ema.update_parameters(run.policy)
    return float(norm)


def _finish_epoch(run: Run, level: str) -> None:
    """Validate, say and write down the epoch, and save."""
    p, recipe = run.progress, run.recipe
    means, sums = p.means(), p.sums
    machine = gpu_figures(run.device)  # of the steps: validation is next
    begun = time.perf_counter()
    validation = run.validate()
    val_time = time.perf_counter() - begun
    seconds = max(sums["seconds"], 1e-9)
    metrics: dict[str, Any] = {
        "epoch": p.epoch + 1,
        "stage": level,
        **{f"train_{k}": means[k] for k in ("loss", "ce", "constraint")},
        "train_cell_acc": means["cells"],
        "train_grid_acc": means["grids"],
        **{f"val_{k}": v for k, v in validation.items()},
        "lr": recipe.lr * p.lr_scale * _rate(run),
        "grad_norm": means["norm"],
        "time": sums["seconds"],
        "val_time": val_time,
        "wall": p.wall + time.monotonic() - run.clock,
        "it_per_s": recipe.accumulation * sums["steps"] / seconds,
        "samples_per_s": recipe.effective_batch * sums["steps"] / seconds,
        "puzzles_per_s": sums["fresh"] / seconds,
        "data_wait": sums["waited"] / seconds,
        **machine,
    }
    run.screen.result(train_line(metrics))
    for line in val_lines(metrics):
        run.screen.result(line)
    better = p.improve(metrics["val_grid_acc"], metrics["val_loss"])
    if better:
        run.screen.result(f"New best: grid accuracy {p.best:.2%}, loss {p.best_loss:.4f}")
    for sink in run.sinks:
        sink.write(metrics)
    p.next_epoch()
    run.save(best=better)


def _roll_back(run: Run, error: DivergedError) -> None:
    """Go on from the last good checkpoint at half the rate; give up after three times."""
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
