"""A run: its parts, built from a recipe, and how they are kept and brought back."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import torch

from training.data.loaders import Feed
from training.data.puzzles import Puzzles
from training.loop.checkpoints import check_room, restored, saved
from training.loop.console import Screen
from training.loop.course import Course
from training.loop.guard import Signals
from training.loop.progress import Progress
from training.loop.slots import Slots
from training.loop.validation import validated
from training.machine import device as machine
from training.machine.distributed import World
from training.measure.sinks import Sink, sinks_for
from training.network.base import Network
from training.network.checkpoint import RUN_SCHEMA, load
from training.network.kernel import KernelError, equip, kernel_for
from training.network.window import Window
from training.optim.ema import averaged, policy_of
from training.optim.optimizer import build
from training.optim.schedule import rate
from training.recipe.config import Recipe


class Due(NamedTuple):
    """What is to be done after a step, the same in all processes of a run."""

    stop: str
    """Why to save and leave; empty: it isn't time to."""
    save: bool
    validate: bool


class Run:
    """All that a run is made of; `training.loop.loop` drives it.

    `policy` is trained through `window`, maybe compiled.
    """

    def __init__(
        self,
        recipe: Recipe,
        puzzles: Puzzles,
        output: Path,
        device: torch.device,
        world: World,
        policy: Network,
    ) -> None:
        self.recipe, self.puzzles, self.output = recipe, puzzles, output
        self.device, self.world = device, world
        self.screen = Screen(world.writer, output / "train.log" if output.is_dir() else None)
        self.signals = Signals(recipe.minutes)
        self.chunk = machine.chunk_of(recipe, device, world.size)
        self.dtype = machine.chosen_precision(recipe.precision, device)
        self.autocast = machine.autocast(self.dtype, device)
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.dtype == torch.float16)
        self.policy = policy.to(device)
        for parameter in self.policy.parameters():
            world.shared(parameter.data)
        self.ema = averaged(self.policy, recipe.ema_decay) if recipe.ema else None
        self.window = self._window()
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
        self.course = Course(recipe, puzzles, device, world, self.screen.say)
        self.plan = self.course.plan
        self.sinks: list[Sink] = []
        self.timings: list[float] = []
        """Seconds of the first steps of this process."""
        self.clock = self._saved = self._validated = time.monotonic()

    def _window(self) -> Window:
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
        return window

    # -- where it stands

    @property
    def lr(self) -> float:
        """The learning rate of the step that is next."""
        r, p = self.recipe, self.progress
        return r.lr * p.lr_scale * rate(r.scheduler, p.step, self.plan.steps, r.warmup, r.cooldown)

    @property
    def feed(self) -> Feed:
        """The puzzles of the stage, from where the run stands."""
        return self.course.feed(self.progress)

    @property
    def wall(self) -> float:
        """Seconds by the clock in all, those before it was resumed included."""
        return self.progress.wall + time.monotonic() - self.clock

    @property
    def out_of_patience(self) -> bool:
        """Whether the last stage has had `patience` validations without a better one."""
        # `stage` is the stage last entered: its count of stale epochs is its own
        last = self.progress.stage == len(self.plan.stages) - 1
        return last and 0 < self.recipe.patience <= self.progress.stale

    def due(self) -> Due:
        """What is to be done now, between two steps."""
        r, now = self.recipe, time.monotonic()
        every = r.validate_minutes * 60
        signalled, over, save, validate = self.world.any(
            bool(self.signals.came),
            self.signals.time_is_up,
            now - self._saved >= r.checkpoint_minutes * 60,
            0 < every <= now - self._validated,
        )
        stop = self.signals.came or "another process was stopped" if signalled else ""
        steps = bool(r.validate_steps) and self.progress.step % r.validate_steps == 0
        return Due(stop or ("time" if over else ""), save, validate or steps)

    # -- validation

    @property
    def averaged_policy(self) -> Network:
        """The policy that is validated and kept: the average, or the weights themselves."""
        return self.policy if self.ema is None else policy_of(self.ema)

    def validate(self) -> dict[str, Any]:
        """Metrics on the validation puzzles (see `training.loop.validation`)."""
        figures = validated(self)
        self._validated = time.monotonic()
        return figures

    # -- beginning, checkpoints, end

    def open(self) -> None:
        """Open the sinks. Raises `CheckpointError` for a disk that can't hold the run."""
        if self.world.writer:
            check_room(self)
            p = self.progress
            validated = p.step - int(p.sums["steps"])
            self.sinks = sinks_for(self.output, self.recipe.sinks, validated, p.step)
            for sink in self.sinks:
                sink.start(asdict(self.recipe))

    def save(self, best: bool = False) -> None:
        """Write `policy.pt` and `policy_ema.pt`, and `policy_best.pt` when this is the best."""
        self.course.mark(self.progress)
        self.progress.wall, self.clock = self.wall, time.monotonic()
        saved(self, best)
        self._saved = time.monotonic()

    def restore(self, kept: dict[str, Any]) -> None:
        """Restore what `save` kept. Raises `CheckpointError` for another architecture."""
        restored(self, kept)
        self.course.leave()

    def restore_last(self) -> None:
        """Go back to the last checkpoint."""
        self.restore(load(self.output / "policy.pt", RUN_SCHEMA))

    def close(self) -> None:
        """Close the sinks, also after an error: a full disk has been told of by then."""
        for sink in self.sinks:
            with suppress(OSError):
                sink.close()
