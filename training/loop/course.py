"""The stages of a run, and the feed of puzzles of the current one."""

from __future__ import annotations

from collections.abc import Callable

import torch

from solver.board.words import plural
from training.data.loaders import Feed, useful_workers
from training.data.puzzles import Puzzles
from training.data.rows import DataError
from training.data.stream import Stream
from training.loop.progress import Plan, Progress
from training.machine.distributed import World
from training.recipe.config import Recipe


class Course:
    """`plan` is how long each stage is; one that no puzzle is for is left out, and said.

    Raises `DataError` where no stage has puzzles.
    """

    def __init__(
        self,
        recipe: Recipe,
        puzzles: Puzzles,
        device: torch.device,
        world: World,
        say: Callable[[str], None],
    ) -> None:
        self._recipe, self._device, self._world = recipe, device, world
        self.workers = useful_workers(recipe.workers, device)
        self._streams: list[Stream] = []
        self._feed: Feed | None = None
        stages, missing = [], []
        for number, (level, epochs) in enumerate(recipe.stages):
            try:
                stream = puzzles.stream(
                    level, seed=recipe.seed, stage=number, augment=recipe.augment
                )
            except DataError as error:
                missing.append(error)
                say(f"{error}: that stage is left out, {plural(epochs, 'epoch')}")
                continue
            self._streams.append(stream)
            samples = recipe.epoch_samples or stream.size
            stages.append((level, epochs, max(1, samples // recipe.effective_batch)))
        if not stages:
            raise missing[0]
        self.plan = Plan(tuple(stages))

    def enter(self, p: Progress) -> str:
        """The level of the epoch that is under way; a new stage's feed starts from the front."""
        stage = self.plan.stage_at(p.epoch)
        if stage != p.stage:
            p.stage, p.position, p.stale = stage, 0, 0
            self._feed = None
        return self.plan.stages[stage][0]

    def feed(self, p: Progress) -> Feed:
        """The puzzles of the stage, from where the run stands."""
        if self._feed is None:
            self._feed = Feed(
                self._streams[p.stage],
                self._device,
                position=p.position,
                loader=self._recipe.loader,
                workers=self.workers,
                prefetch=self._recipe.prefetch,
                world=self._world,
            )
        return self._feed

    def mark(self, p: Progress) -> None:
        """Note in `p` how many puzzles of the stage have been taken."""
        if self._feed is not None:
            p.position = self._feed.position

    def end_epoch(self, p: Progress) -> None:
        """Let loader processes go that aren't to outlast an epoch."""
        self.mark(p)
        if not self._recipe.persistent_workers:
            self._feed = None

    def leave(self) -> None:
        """Forget the feed: the run continues from another place."""
        self._feed = None
