"""One optimizer step: gradients by chunks, their exchange, the update, and lack of memory."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from solver.board.words import plural
from training.loop.guard import DivergedError, check_loss, is_out_of_memory
from training.loop.run import Run
from training.network.window import Outcome


def step(run: Run) -> dict[str, float]:
    """One optimizer step over all slots; its figures, as sums over one step."""
    fresh = run.slots.refill(run.feed)
    outcomes = _gradients_that_fit(run)
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


def _gradients_that_fit(run: Run) -> list[Outcome]:
    """Every process holds the mean gradient of all slots, however small the chunks must be."""
    while True:
        refused: BaseException | None = None
        outcomes: list[Outcome] = []
        try:
            outcomes = gradients(run)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            refused = error
        if not _exchanged(run, refused is not None):
            return outcomes
        run.optimizer.zero_grad()
        halve_batch(run, refused or MemoryError("another process ran out of memory"))


def gradients(run: Run) -> list[Outcome]:
    """Gradients of the mean loss over this process's slots, a chunk at a time."""
    slots = run.slots
    mine = run.world.slice_of(len(slots))
    parts = (slots.puzzle, slots.target, slots.fresh)
    outcomes, count = [], mine.stop - mine.start
    for start in range(mine.start, mine.stop, run.chunk):
        here = slice(start, start + run.chunk)
        state = None
        if slots.state is not None:
            state = slots.state[start - mine.start : start - mine.start + run.chunk]
        with run.autocast():
            out: Outcome = run.window(*(part[here] for part in parts), state)
        run.scaler.scale(out.loss * (len(out.right) / count)).backward()
        outcomes.append(out)
    return outcomes


def _exchanged(run: Run, failed: bool) -> bool:
    """Give every process the mean of all gradients; whether one of them has `failed`.

    One sum a step carries both: a process that ran out of memory can so tell the others, which
    would wait for its gradients.
    """
    if run.world.size == 1:
        return failed
    parameters = [p for p in run.policy.parameters() if p.requires_grad]
    parts = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    flag = torch.tensor([float(failed)], device=run.device)
    total: Tensor = run.world.sum(torch.cat([*(part.flatten() for part in parts), flag]))
    if float(total[-1]):
        return True
    means = torch.split(total[:-1] / run.world.size, [p.numel() for p in parameters])
    for parameter, mean in zip(parameters, means, strict=True):
        if parameter.grad is not None:  # what takes no part has no gradient anywhere
            parameter.grad.copy_(mean.view_as(parameter))
    return False


def _update(run: Run) -> float:
    """One step of the optimizer and of the average; the norm of the gradient before clipping."""
    run.optimizer.set_rate(run.lr)
    run.optimizer.unscale(run.scaler)
    norm = torch.nn.utils.clip_grad_norm_(run.policy.parameters(), run.recipe.clip or math.inf)
    # half precision's scaler leaves out such a step by itself, and lowers its scale
    if not run.scaler.is_enabled() and not bool(norm.isfinite()):
        raise DivergedError(f"its gradient is {float(norm)}")
    run.optimizer.step(run.scaler)
    run.optimizer.zero_grad()
    if run.ema is not None:
        run.ema.update_parameters(run.policy)
    return float(norm)


def halve_batch(run: Run, error: BaseException) -> None:
    """Half the puzzles at once, twice the batches to a step; the step itself stays."""
    if run.chunk == 1:
        raise error
    batch = run.recipe.batch_size
    if run.chunk * run.world.size >= batch and batch % 2 == 0:
        run.recipe = replace(
            run.recipe, batch_size=batch // 2, accumulation=run.recipe.accumulation * 2
        )
    each = run.recipe.effective_batch // run.world.size
    run.chunk = next(n for n in range(run.chunk // 2, 0, -1) if each % n == 0)
    if run.device.type == "cuda":
        torch.cuda.empty_cache()
    run.screen.say(
        f"out of memory; going on with {plural(run.recipe.batch_size, 'puzzle')} a batch, "
        f"{run.chunk} at a time, and {plural(run.recipe.accumulation, 'batch', 'batches')} a step: "
        f"{run.recipe.effective_batch} in all, as before"
    )
