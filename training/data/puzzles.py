"""The puzzles of a run: its files packed, split and sorted into the stages of the curriculum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solver.board.words import plural
from training.data.cache import Packed, packed, ratings_of, report_of
from training.data.rows import DataError
from training.data.split import held_out, training_rows
from training.data.stream import Group, Stream
from training.recipe.config import LEVELS, Recipe

OWN_SHARE = 2 / 3
"""Share of a stage's puzzles that are of its own level; the rest are easier ones, against
forgetting."""


@dataclass(frozen=True)
class Puzzles:
    """What a run trains and validates on.

    `rows` are the usable rows of each file, int64; `validation` packed cells uint8 [n, 81],
    `validation_rating` int32 [n], and `validation_files` the name of each file that some of them
    are from, and how many, in order; empty where that isn't known.
    """

    files: tuple[Packed, ...]
    rows: tuple[NDArray[np.int64], ...]
    shares: tuple[float, ...]
    validation: NDArray[np.uint8]
    validation_rating: NDArray[np.int32]
    validation_files: tuple[tuple[str, int], ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        """A hash of each training file's puzzles, by its path."""
        return {file.source: file.digest for file in self.files}

    @property
    def validation_file(self) -> NDArray[np.str_]:
        """The name of the file that each validation puzzle is from, [n]; empty if not known."""
        names, counts = (
            zip(*self.validation_files, strict=True) if self.validation_files else ((), ())
        )
        return np.repeat(np.array(names, dtype=np.str_), counts)

    def stream(self, level: str, *, seed: int, stage: int, augment: bool) -> Stream:
        """The puzzles of a stage, from its level and easier ones."""
        groups: list[Group] = []
        low, high = LEVELS[level]
        for number, (file, rows) in enumerate(zip(self.files, self.rows, strict=True)):
            share = self.shares[number] if self.shares else float(len(rows))
            parts = [(rows, 1.0)]
            if level != "all":
                rating = ratings_of(file)[rows]
                own, easier = rows[(rating >= low) & (rating <= high)], rows[rating < low]
                parts = [(own, OWN_SHARE), (easier, 1 - OWN_SHARE)]
            parts = [part for part in parts if len(part[0])]
            scale = sum(weight for _, weight in parts) or 1.0
            groups += [Group(number, r, share * w / scale) for r, w in parts if share > 0]
        if not groups:
            raise DataError(f"no puzzle of the training files is {level} or easier")
        return Stream(self.files, groups, seed, stage, augment)


Held = list[tuple[str, NDArray[np.uint8]]]
"""Validation puzzles, packed, with the name of the file that they are from."""


def load(recipe: Recipe, kept: Held | None, say: Callable[[str], None]) -> Puzzles:
    """Read, pack and split the files of a recipe.

    `kept` are the validation puzzles of the run that is resumed: they stay the same even when
    files were added. Raises `DataError`.
    """
    if not recipe.data:
        raise DataError("no puzzles to train on; name a file with --data")
    if recipe.shares and len(recipe.shares) != len(recipe.data):
        given, needed = plural(len(recipe.shares), "share"), plural(len(recipe.data), "file")
        raise DataError(f"{given} for {needed} of puzzles")
    files = tuple(packed(Path(name), recipe.max_samples) for name in recipe.data)
    for line in (line for file in files for line in report_of(file)):
        say(line)
    if kept is not None:
        held = kept
    elif recipe.validation:
        held = held_out_of(recipe)
    else:
        parts = held_out(files, recipe.validation_size, recipe.seed, recipe.shares)
        held = list(zip(names_of(recipe.data), parts, strict=True))
    validation = np.concatenate([cells for _, cells in held])
    origin = tuple((name, len(cells)) for name, cells in held if len(cells))
    if len(validation) < recipe.validation_size:
        found = plural(len(validation), "puzzle")
        say(f"validating on {found}; {recipe.validation_size:,} were asked for")
    others = [packed(Path(name)).cells for name in recipe.exclude]
    aside = not recipe.validation
    rows = tuple(training_rows(files, np.concatenate([validation, *others]), aside))
    for file, left in zip(files, rows, strict=True):
        if not len(left):
            raise DataError(f"{file.source}: every puzzle is a validation puzzle or excluded")
        apart = len(file) - len(left)
        say(f"{file.source}: {plural(len(left), 'puzzle')} to train on, {apart:,} kept apart")
    return Puzzles(files, rows, recipe.shares, validation, rated(validation), origin)


def names_of(paths: Sequence[str]) -> list[str]:
    """What files are called in figures: their names, or their paths where names are equal."""
    names = [Path(path).name for path in paths]
    return names if len(set(names)) == len(names) else list(paths)


def held_out_of(recipe: Recipe) -> Held:
    """`validation_size` puzzles drawn from the recipe's own validation files."""
    files = [packed(Path(name)) for name in recipe.validation]
    total = sum(len(file) for file in files)
    rng = np.random.default_rng([recipe.seed, 0])
    chosen = np.sort(rng.choice(total, min(total, recipe.validation_size), replace=False))
    held, first = [], 0
    for name, file in zip(names_of(recipe.validation), files, strict=True):
        mine = chosen[(chosen >= first) & (chosen < first + len(file))] - first
        held.append((name, file.cells[mine]))
        first += len(file)
    return held


def rated(cells: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The exact engine's ratings int32 [n] of packed puzzles."""
    from solver.exact.rating import rate_many
    from training.data.rows import unpack

    return np.asarray(rate_many(unpack(cells)[0].astype(np.int8)), np.int32)


def level_of(rating: NDArray[np.int32]) -> NDArray[np.str_]:
    """The level that each rating belongs to: easy, medium or hard."""
    return np.where(
        rating <= LEVELS["easy"][1],
        "easy",
        np.where(rating <= LEVELS["medium"][1], "medium", "hard"),
    )
