"""A run: its parts, built from a recipe, and how they are kept and brought back."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from training.data.loaders import Feed, useful_workers
from training.data.puzzles import Puzzles, level_of
from training.data.stream import Stream, puzzle_and_target
from training.loop.console import Screen
from training.loop.guard import DivergedError, InterruptedRunError, Signals
from training.loop.progress import Plan, Progress
from training.loop.slots import Slots
from training.machine import device as machine
from training.machine.distributed import World
from training.measure.sinks import Sink, sinks_for
from training.measure.validate import (
    Answer,
    NotFiniteError,
    Table,
    by_level,
    last_logits,
    measure,
    summary,
    with_solved,
)
from training.network.base import Network
from training.network.checkpoint import (
    RUN_SCHEMA,
    CheckpointError,
    load,
    load_policy,
    rotate,
    save,
    save_policy,
)
from training.network.kernel import KernelError, equip, kernel_for
from training.network.registry import FIRST, built, described, name_of, network_class
from training.network.window import Window
from training.optim.ema import averaged, policy_of
from training.optim.optimizer import build
from training.recipe.config import Recipe

CPU_CHUNK, GPU_CHUNK = 64, 1024
"""Puzzles that go through the network at once in validation, where no gradients are kept."""
DECODED = 200
"""Validation puzzles that are decoded step by step after each epoch."""


def first_policy(recipe: Recipe) -> Network:
    """The policy before the first step; raises `CheckpointError` where `begin` doesn't fit."""
    if not recipe.begin:
        return built(recipe.architecture, recipe.model)
    policy, _ = load_policy(Path(recipe.begin))
    wanted = network_class(recipe.architecture)
    named = recipe.model and policy.config != wanted.sizes.of(recipe.model)
    if type(policy) is not wanted or named:
        raise CheckpointError(
            f"{recipe.begin}: is a policy of architecture {name_of(policy)} with "
            f"{asdict(policy.config)}, not {recipe.architecture} with {', '.join(recipe.model)}; "
            "give its own with --architecture, and no --model"
        )
    return policy.train()


def _why(error: BaseException) -> str:
    text = str(error).splitlines()[0]
    return (
        "no space is left on the disk" if "PytorchStreamWriter" in text or "pos" in text else text
    )


class Run:
    """All that a run is made of; `training.loop.loop` drives it.

    `policy` is trained through `model` (a window, maybe compiled and distributed).
    """

    def __init__(
        self, recipe: Recipe, puzzles: Puzzles, output: Path, device: torch.device, world: World
    ) -> None:
        self.recipe, self.puzzles, self.output = recipe, puzzles, output
        self.device, self.world = device, world
        self.screen = Screen(world.writer)
        self.signals = Signals(recipe.minutes)
        self.chunk = machine.chunk_of(recipe, device, world.size)
        self.dtype = machine.chosen_precision(recipe.precision, device)
        self.autocast = machine.autocast(self.dtype, device)
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.dtype == torch.float16)
        torch.manual_seed(recipe.seed)
        self.policy = first_policy(recipe).to(device)
        self.ema = averaged(self.policy, recipe.ema_decay) if recipe.ema else None
        self.model = self._model()
        self.optimizer = build(self.policy, recipe, device)
        self.slots = Slots(
            recipe.effective_batch,
            carry=recipe.carry,
            max_windows=recipe.max_windows,
            keep_solved=recipe.keep_solved,
            suppose=recipe.suppose,
            generator=torch.Generator(device).manual_seed(recipe.seed),
        )
        self.progress = Progress()
        self._streams: dict[int, Stream] = {}
        self.plan = Plan(tuple(self._length(i) for i in range(len(recipe.stages))))
        self._feed: Feed | None = None
        self.sinks: list[Sink] = []
        self._saved = time.monotonic()

    def _model(self) -> nn.Module:
        window = Window(self.policy, self.recipe.passes, self.recipe.constraint_weight)
        if machine.wants_compile(self.recipe, self.device):
            try:
                kernel = kernel_for(self.policy, self.dtype, self.device)
                for one in (self.policy, self.averaged_policy):
                    equip(one, kernel)
            except KernelError as error:
                if self.device.type == "cpu":
                    self.screen.say(f"compiling by torch; the C++ kernel isn't used: {error}")
                window.compiled()
        if self.world.size > 1:
            return DistributedDataParallel(window)
        return window

    def _stream(self, stage: int) -> Stream:
        if stage not in self._streams:
            self._streams[stage] = self.puzzles.stream(
                self.recipe.stages[stage][0],
                seed=self.recipe.seed,
                stage=stage,
                augment=self.recipe.augment,
            )
        return self._streams[stage]

    def _length(self, stage: int) -> tuple[str, int, int]:
        level, epochs = self.recipe.stages[stage]
        samples = self.recipe.epoch_samples or self._stream(stage).size
        return level, epochs, max(1, samples // self.recipe.effective_batch)

    def enter_stage(self) -> int:
        """The stage of the epoch that is under way; a new one starts its stream from the front."""
        stage = self.plan.stage_at(self.progress.epoch)
        if stage != self.progress.stage:
            self.progress.stage, self.progress.position, self.progress.stale = stage, 0, 0
            self._feed = None
        return stage

    @property
    def out_of_patience(self) -> bool:
        """Whether the last stage has gone on for long without a better grid accuracy."""
        # `stage` is the stage last entered: its count of stale epochs is its own
        last = self.progress.stage == len(self.plan.stages) - 1
        return last and 0 < self.recipe.patience <= self.progress.stale

    @property
    def feed(self) -> Feed:
        """The puzzles of the stage, from where the run stands."""
        if self._feed is None:
            self._feed = Feed(
                self._stream(self.progress.stage),
                self.device,
                position=self.progress.position,
                loader=self.recipe.loader,
                workers=useful_workers(self.recipe.workers, self.device),
                prefetch=self.recipe.prefetch,
            )
        return self._feed

    def begin(self) -> None:
        """Open the sinks and write the first checkpoint: a folder or disk that can't hold the
        run is found before the first step."""
        if self.world.writer:
            self.sinks = sinks_for(self.output, self.progress.epoch)
        self.save()

    def after_step(self) -> None:
        """Save when it is time to; raises `InterruptedRunError` when it is time to leave."""
        reason = self.signals.reason
        if self.world.any(reason is not None):
            raise InterruptedRunError(reason or "another process was stopped")
        due = time.monotonic() - self._saved >= self.recipe.checkpoint_minutes * 60
        if self.world.any(due):
            self.save()

    def halve_batch(self, error: BaseException) -> None:
        """Half the puzzles at once, twice the batches to a step; the step itself stays."""
        if self.chunk == 1:
            raise error
        if self.chunk * self.world.size >= self.recipe.batch_size:
            changes = {
                "batch_size": self.recipe.batch_size // 2,
                "accumulation": self.recipe.accumulation * 2,
            }
            self.recipe = Recipe(**{**asdict(self.recipe), **changes})
        self.chunk = next(n for n in range(self.chunk // 2, 0, -1) if self._fits(n))
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        self.screen.say(
            f"out of memory; going on with {self.recipe.batch_size} puzzles a batch, "
            f"{self.chunk} at a time, and {self.recipe.accumulation} batches a step: "
            f"{self.recipe.effective_batch} in all, as before"
        )

    def _fits(self, chunk: int) -> bool:
        return self.recipe.effective_batch // self.world.size % chunk == 0

    # -- validation

    @property
    def averaged_policy(self) -> Network:
        """The policy that is validated and kept: the average, or the weights themselves."""
        return self.policy if self.ema is None else policy_of(self.ema)

    def validate(self) -> dict[str, Any]:
        """Metrics of the averaged policy on the validation puzzles, by level too."""
        policy = self.averaged_policy
        cells = torch.from_numpy(np.array(self.puzzles.validation)).to(self.device)
        puzzle, target = puzzle_and_target(cells)
        mine = slice(self.world.rank, None, self.world.size)

        answer = self._interruptible(last_logits(policy, self.recipe.eval_passes))
        policy.eval()
        chunk = CPU_CHUNK if self.device.type == "cpu" else GPU_CHUNK
        decoded = -(-DECODED // self.world.size)
        found: Table | str
        try:
            with self.autocast():
                found = measure(answer, puzzle[mine], target[mine], chunk)
                found = with_solved(found, answer, puzzle[mine], chunk, decoded)
        except NotFiniteError as error:
            found = str(error)
        policy.train()
        tables = []
        for one in self.world.gather_objects(found):
            if isinstance(one, str):
                raise DivergedError(f"in validation {one}")
            tables.append(one)
        levels = [
            level_of(self.puzzles.validation_rating[rank :: self.world.size])
            for rank in range(self.world.size)
        ]
        whole = tables[0].joined(tables[1:])
        out: dict[str, Any] = dict(summary(whole))
        out["ce"] = out["loss"]
        for level, figures in by_level(whole, np.concatenate(levels)).items():
            out |= {f"{level}_{name}": value for name, value in figures.items()}
        return out

    def _interruptible(self, answer: Answer) -> Answer:
        """`answer`, looking at signals before each call; of several processes none may leave
        the others waiting, so these look between steps alone."""

        def asked(puzzle_bk: Tensor) -> Tensor:
            if self.signals.came and self.world.size == 1:
                raise InterruptedRunError(self.signals.came)
            return answer(puzzle_bk)

        return asked

    # -- checkpoints

    def save(self, best: bool = False) -> None:
        """Write `policy.pt` and `policy_ema.pt`, and `policy_best.pt` when this is the best."""
        if self._feed is not None:
            self.progress.position = self._feed.position
        state = self.slots.state
        kept = {
            "schema": RUN_SCHEMA,
            **described(self.policy),
            "recipe": asdict(self.recipe),
            "data": {file.source: file.digest for file in self.puzzles.files},
            "progress": self.progress.state_dict(),
            "model": self.policy.state_dict(),
            "ema": None if self.ema is None else self.ema.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "slots": self.slots.state_dict(),
            "state": None if state is None else self.world.gather(state),
            "random": torch.get_rng_state(),
        }
        if self.world.writer:
            try:
                self._write(kept, best)
            except (OSError, RuntimeError) as error:
                # torch's writer raises RuntimeError for a disk that fills up under it
                why = getattr(error, "strerror", None) or _why(error)
                raise CheckpointError(
                    f"{self.output}: can't hold a checkpoint: {why}; make room or name another "
                    "folder (checkpoints that are there already are whole)"
                ) from error
        self.world.wait()
        self._saved = time.monotonic()

    def _write(self, kept: dict[str, Any], best: bool) -> None:
        """The files of a checkpoint, each moved into place when it is whole."""
        save(self.output / "policy.new.pt", kept)
        rotate(self.output / "policy.pt")
        (self.output / "policy.new.pt").replace(self.output / "policy.pt")
        made = self.description()
        save_policy(self.output / "policy_ema.pt", self.averaged_policy, made)
        if best:
            save_policy(self.output / "policy_best.pt", self.averaged_policy, made)

    def description(self) -> dict[str, Any]:
        """What made the policy, for its file: plain values, and files by their names alone, since
        a policy is passed on and where its maker kept things is nobody's business."""
        recipe = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self.recipe).items()}
        for key in ("data", "validation", "exclude"):
            recipe[key] = [Path(name).name for name in recipe[key]]
        recipe["begin"] = Path(self.recipe.begin).name
        p = self.progress
        return {
            "recipe": recipe,
            "steps": p.step,
            "epochs": p.epoch,
            "minutes": p.seconds / 60,
            "passes": self.recipe.eval_passes,
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Go on from what `save` kept. Raises `CheckpointError` for another architecture."""
        own = described(self.policy)
        theirs = {"architecture": FIRST, **{k: kept[k] for k in own if k in kept}}
        if theirs != own:
            raise CheckpointError(
                f"{self.output / 'policy.pt'}: is of a policy with {theirs['config']} "
                f"({theirs['architecture']}), not {own['config']} ({own['architecture']}); "
                "start a new run in another folder"
            )
        try:
            self.policy.load_state_dict(kept["model"])
            if self.ema is not None and kept["ema"] is not None:
                self.ema.load_state_dict(kept["ema"])
            elif self.ema is not None:  # an average that begins now begins at these weights
                self.ema.module.load_state_dict(kept["model"])
                self.ema.n_averaged.zero_()
            self.optimizer.load_state_dict(kept["optimizer"])
        except (RuntimeError, ValueError, KeyError) as error:
            why = str(error).splitlines()[0]
            raise CheckpointError(f"{self.output / 'policy.pt'}: doesn't fit: {why}") from error
        self.optimizer.zero_grad()
        if kept["scaler"]:  # empty where the run was not in half precision so far
            self.scaler.load_state_dict(kept["scaler"])
        torch.set_rng_state(kept["random"])
        self.progress = Progress.from_dict(kept["progress"])
        self._feed = None
        self._restore_slots(kept)

    def _restore_slots(self, kept: dict[str, Any]) -> None:
        try:
            self.slots.load_state_dict(kept["slots"])
        except ValueError as error:
            self.screen.say(f"starting all slots with fresh puzzles: {error}")
            self.slots.fresh.fill_(True)
            self.slots.state = None
            return
        state = kept["state"]
        if state is not None:
            state = state[self.world.slice_of(len(state))].to(self.device)
        self.slots.state = state if self.slots.carry else None

    def restore_last(self) -> None:
        """Go back to the last checkpoint."""
        self.restore(load(self.output / "policy.pt", RUN_SCHEMA))

    def close(self) -> None:
        """Close the sinks."""
        for sink in self.sinks:
            sink.close()
