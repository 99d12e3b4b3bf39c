"""Saving and restoring a run."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from training.loop.progress import Progress
from training.network.base import Network
from training.network.checkpoint import (
    RUN_SCHEMA,
    CheckpointError,
    load_policy,
    rotate,
    save,
    save_policy,
)
from training.network.registry import (
    FIRST,
    built,
    described,
    name_of,
    network_class,
    parameters_of,
)
from training.recipe.config import Recipe

if TYPE_CHECKING:
    from training.loop.run import Run


def first_policy(recipe: Recipe) -> Network:
    """The policy before the first step; raises `CheckpointError` where `begin` doesn't fit."""
    torch.manual_seed(recipe.seed)
    if not recipe.begin:
        return built(recipe.architecture, recipe.model)
    policy, _ = load_policy(Path(recipe.begin))
    wanted = network_class(recipe.architecture)
    named = recipe.model and policy.config != wanted.sizes.of(recipe.model)
    if type(policy) is not wanted or named:
        raise CheckpointError(
            f"{recipe.begin}: is a policy of architecture {name_of(policy)} with "
            f"{asdict(policy.config)}, not {recipe.architecture} with {', '.join(recipe.model)}; "
            "give its own with --architecture, and no --size"
        )
    return policy.train()


OPTIMIZER_SHARE = 8
"""Most times the weights' size that an optimizer's state takes: SOAP's takes 6.5."""


def check_room(run: Run) -> None:
    """Raise `CheckpointError` where the disk can't hold the run's checkpoints at their full size,
    which the first has not yet: it holds neither carried states nor an optimizer's."""
    weights = 4 * parameters_of(run.policy)
    state, _ = run.policy.begin(torch.zeros(1, 81, dtype=torch.long, device=run.device))
    states = 4 * state.numel() * len(run.slots) if run.slots.carry else 0
    # this one, the one before it, and a third while it is written
    needed = 3 * (states + (3 + OPTIMIZER_SHARE) * weights)
    free = shutil.disk_usage(run.output).free
    if free < needed:
        raise CheckpointError(
            f"{run.output}: can't hold a checkpoint: this run's need {needed / 1e6:,.1f} MB, and "
            f"{free / 1e6:,.1f} MB are free; make room or name another folder"
        )


def saved(run: Run, best: bool) -> None:
    """Write `policy.pt` and `policy_ema.pt`, and `policy_best.pt` when this is the best."""
    state = run.slots.state
    kept = {
        "schema": RUN_SCHEMA,
        **described(run.policy),
        "recipe": asdict(run.recipe),
        "data": run.puzzles.digests,
        "progress": run.progress.state_dict(),
        "model": run.policy.state_dict(),
        "ema": None if run.ema is None else run.ema.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "scaler": run.scaler.state_dict(),
        "slots": run.slots.state_dict(),
        "state": None if state is None else run.world.gather(state),
        "random": torch.get_rng_state(),
    }
    if run.world.writer:
        try:
            _write(run, kept, best)
        except (OSError, RuntimeError) as error:
            # torch's writer raises RuntimeError for a disk that fills up under it
            why = getattr(error, "strerror", None) or _why(error)
            raise CheckpointError(
                f"{run.output}: can't hold a checkpoint: {why}; make room or name another "
                "folder (checkpoints that are there already are whole)"
            ) from error
    run.world.wait()


def _why(error: BaseException) -> str:
    text = str(error).splitlines()[0]
    full = "PytorchStreamWriter" in text or "inline_container" in text
    return "no space is left on the disk" if full else text


def _write(run: Run, kept: dict[str, Any], best: bool) -> None:
    """The files of a checkpoint, each moved into place when it is whole. `policy.pt` comes last:
    it says that the others are there, and a run that is killed before it makes them again."""
    save(run.output / "policy.new.pt", kept)
    made = description(run)
    save_policy(run.output / "policy_ema.pt", run.averaged_policy, made)
    if best:
        save_policy(run.output / "policy_best.pt", run.averaged_policy, made)
    if run.recipe.keep_best > 1:
        _keep_ranked(run, made)
    rotate(run.output / "policy.pt")
    (run.output / "policy.new.pt").replace(run.output / "policy.pt")


def _keep_ranked(run: Run, made: dict[str, Any]) -> None:
    """Write the policy to `best/` if it has just come among the best; those that fell out go."""
    folder, p = run.output / "best", run.progress
    kept = {f"step-{int(step):06}.pt" for _, _, step in p.ranking}
    name = f"step-{p.step:06}.pt"
    if name in kept and not p.sums["steps"]:
        save_policy(folder / name, run.averaged_policy, made)
    for path in folder.glob("step-*.pt"):
        if path.name not in kept:
            path.unlink()


def description(run: Run) -> dict[str, Any]:
    """What made the policy, for its file: plain values, and files by their names alone, since
    a policy is passed on and where its maker kept things is nobody's business."""
    recipe = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(run.recipe).items()}
    for key in ("data", "validation", "exclude"):
        recipe[key] = [Path(name).name for name in recipe[key]]
    recipe["begin"] = Path(run.recipe.begin).name
    p = run.progress
    return {
        "recipe": recipe,
        "steps": p.step,
        "epochs": p.epoch,
        "minutes": p.seconds / 60,
        "passes": run.recipe.eval_passes,
    }


def restored(run: Run, kept: dict[str, Any]) -> None:
    """Restore what `save` kept. Raises `CheckpointError` for another architecture."""
    own = described(run.policy)
    theirs = {"architecture": FIRST, **{k: kept[k] for k in own if k in kept}}
    if theirs != own:
        raise CheckpointError(
            f"{run.output / 'policy.pt'}: is of a policy with {theirs['config']} "
            f"({theirs['architecture']}), not {own['config']} ({own['architecture']}); "
            "start a new run in another folder"
        )
    try:
        run.policy.load_state_dict(kept["model"])
        if run.ema is not None and kept["ema"] is not None:
            run.ema.load_state_dict(kept["ema"])
        elif run.ema is not None:  # an average that begins now begins at these weights
            run.ema.module.load_state_dict(kept["model"])
            run.ema.n_averaged.zero_()
        run.optimizer.load_state_dict(kept["optimizer"])
    except (RuntimeError, ValueError, KeyError) as error:
        why = str(error).splitlines()[0]
        raise CheckpointError(f"{run.output / 'policy.pt'}: doesn't fit: {why}") from error
    run.optimizer.zero_grad()
    if kept["scaler"]:  # empty where the run was not in half precision so far
        run.scaler.load_state_dict(kept["scaler"])
    torch.set_rng_state(kept["random"])
    run.progress = Progress.from_dict(kept["progress"])
    _restore_slots(run, kept)


def _restore_slots(run: Run, kept: dict[str, Any]) -> None:
    try:
        run.slots.load_state_dict(kept["slots"])
    except ValueError as error:
        run.screen.say(f"starting all slots with fresh puzzles: {error}")
        run.slots.fresh.fill_(True)
        run.slots.state = None
        return
    state = kept["state"]
    if state is not None:
        state = state[run.world.slice_of(len(state))].to(run.device)
    run.slots.state = state if run.slots.carry else None
