"""A run: its parts, built from a recipe, and how they are kept and brought back."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from training.data.loaders import Feed, useful_workers
from training.data.puzzles import Puzzles
from training.data.stream import Stream
from training.loop.checkpoints import first_policy, restored, saved
from training.loop.console import Screen
from training.loop.guard import InterruptedRunError, Signals
from training.loop.progress import Plan, Progress
from training.loop.slots import Slots
from training.loop.validation import validated
from training.machine import device as machine
from training.machine.distributed import World
from training.measure.sinks import Sink, sinks_for
from training.network.base import Network
from training.network.checkpoint import (
    RUN_SCHEMA,
    load,
)
from training.network.kernel import KernelError, equip, kernel_for
from training.network.registry import name_of, operations_of, parameters_of
from training.network.window import Window
from training.optim.ema import averaged, policy_of
from training.optim.optimizer import build
from training.recipe.config import Recipe


class Run:
    """All that a run is made of; `training.loop.loop` drives it.

    `policy` is trained through `model` (a window, maybe compiled and distributed); a run that is
    resumed is given one of its checkpoint's sizes.
    """

    def __init__(
        self,
        recipe: Recipe,
        puzzles: Puzzles,
        output: Path,
        device: torch.device,
        world: World,
        policy: Network | None = None,
    ) -> None:
        self.recipe, self.puzzles, self.output = recipe, puzzles, output
        self.device, self.world = device, world
        self.screen = Screen(world.writer, output / "train.log" if output.is_dir() else None)
        self.signals = Signals(recipe.minutes)
        self.chunk = machine.chunk_of(recipe, device, world.size)
        self.dtype = machine.chosen_precision(recipe.precision, device)
        self.autocast = machine.autocast(self.dtype, device)
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.dtype == torch.float16)
        torch.manual_seed(recipe.seed)
        self.policy = (policy or first_policy(recipe)).to(device)
        self.ema = averaged(self.policy, recipe.ema_decay) if recipe.ema else None
        self.model = self._model()
        self.optimizer = build(self.policy, recipe, device)
        self.slots = Slots(
            recipe.effective_batch,
            carry=recipe.carry,
            max_windows=recipe.max_windows,
            keep_solved=recipe.keep_solved,
            suppose=recipe.suppose,
            late=recipe.late,
            late_windows=recipe.late_windows,
            generator=torch.Generator(device).manual_seed(recipe.seed),
        )
        self.progress = Progress()
        self._streams: dict[int, Stream] = {}
        self.plan = Plan(tuple(self._length(i) for i in range(len(recipe.stages))))
        self._feed: Feed | None = None
        self.sinks: list[Sink] = []
        self._saved = self.clock = time.monotonic()

    def _model(self) -> nn.Module:
        window = Window(self.policy, self.recipe.passes, self.recipe.constraint_weight)
        self.path = "eager torch"
        if machine.wants_compile(self.recipe, self.device):
            try:
                kernel = kernel_for(self.policy, self.dtype, self.device)
                for one in (self.policy, self.averaged_policy):
                    equip(one, kernel)
                self.path = "C++ kernel"
            except KernelError as error:
                if self.device.type == "cpu":
                    self.screen.say(f"compiling by torch; the C++ kernel isn't used: {error}")
                window.compiled()
                self.path = "compiled torch"
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
            p = self.progress
            self.sinks = sinks_for(self.output, self.recipe.sinks, p.epoch, p.step)
            for line in self.header():
                self.screen.say(line)
            for sink in self.sinks:
                sink.start(asdict(self.recipe))
        self.save()

    def header(self) -> list[str]:
        """What is about to run: the machine, the network, and how much there is to do."""
        r, window = self.recipe, self.recipe.passes * self.recipe.effective_batch
        operations = operations_of(self.policy)
        return [
            f"{self.device} ({torch.get_num_threads()} threads, {self.world.size} processes), "
            f"{str(self.dtype).removeprefix('torch.')}, {self.path}, torch {torch.__version__}",
            f"network {name_of(self.policy)} of {parameters_of(self.policy):,} parameters, "
            f"{operations / 1e6:.1f} MFLOP a pass of a puzzle; "
            f"{3 * window * operations / 1e9:.1f} GFLOP a step, forward and back",
            f"{self.plan.steps - self.progress.step:,} of {self.plan.steps:,} steps to do, each of "
            f"{r.effective_batch} puzzles and {r.passes} passes; {r.optimizer}, {r.scheduler}",
        ]

    def after_step(self) -> None:
        """Save when it is time to; raises `InterruptedRunError` when it is time to leave."""
        reason = self.signals.reason
        due = time.monotonic() - self._saved >= self.recipe.checkpoint_minutes * 60
        stop, save = self.world.any(reason is not None, due)
        if stop:
            raise InterruptedRunError(reason or "another process was stopped")
        if save:
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
        """Metrics on the validation puzzles (see `training.loop.validation`)."""
        return validated(self)

    # -- checkpoints

    def save(self, best: bool = False) -> None:
        """Write `policy.pt` and `policy_ema.pt`, and `policy_best.pt` when this is the best."""
        if self._feed is not None:
            self.progress.position = self._feed.position
        self.progress.wall += time.monotonic() - self.clock
        self.clock = time.monotonic()
        saved(self, best)
        self._saved = time.monotonic()

    def restore(self, kept: dict[str, Any]) -> None:
        """Go on from what `save` kept. Raises `CheckpointError` for another architecture."""
        restored(self, kept)
        self._feed = None

    def restore_last(self) -> None:
        """Go back to the last checkpoint."""
        self.restore(load(self.output / "policy.pt", RUN_SCHEMA))

    def close(self) -> None:
        """Close the sinks."""
        self.screen.close()
        for sink in self.sinks:
            sink.close()
