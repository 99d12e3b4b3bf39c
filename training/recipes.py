"""The named recipes: plain functions, each a whole training run."""

from __future__ import annotations

from training.config import Recipe, check_known


def production() -> Recipe:
    """The default: large batches, EMA, OneCycle, easy puzzles first."""
    return Recipe(
        epochs=60,
        curriculum=("easy=15", "medium=20", "hard=25"),
        patience=10,
        ema_decay=0.999,
        carry=True,
        reveal=0.2,
    )


def baseline() -> Recipe:
    """The trainer that production replaces, for comparison: eager float32, no frills."""
    return Recipe(
        recipe="baseline",
        batch_size=128,
        accumulation=1,
        chunk=128,
        ema=False,
        scheduler="cosine",
        warmup=0.0,
        precision="float32",
        compile="off",
        workers=4,
        prefetch=1,
    )


def quick() -> Recipe:
    """A few minutes on two CPU cores, by the same code."""
    return Recipe(
        recipe="quick",
        epochs=8,
        epoch_samples=4000,
        validation_size=200,
        batch_size=16,
        accumulation=1,
        passes=8,
        carry=True,
        reveal=0.2,
        lr=1e-3,
        constraint_weight=0.0,
        checkpoint_minutes=1.0,
    )


def policy() -> Recipe:
    """The shipped policy's: carried states, many small steps, a long flat learning rate."""
    return Recipe(
        recipe="policy",
        # minimal puzzles alone leave a policy lost on nearly full grids, which decoding step by
        # step and people's easy puzzles bring
        reveal=0.2,
        epochs=100,
        epoch_samples=16000,
        validation_size=400,
        batch_size=16,
        accumulation=1,
        passes=8,
        carry=True,
        max_windows=10,
        eval_passes=64,
        lr=1e-3,
        ema_decay=0.999,
        scheduler="trapezoid",
        constraint_weight=0.0,
    )


RECIPES = {f.__name__: f for f in (production, baseline, quick, policy)}


def named(name: str) -> Recipe:
    """The recipe of that name; raises `ValueError` with the nearest known one."""
    check_known(name, list(RECIPES), "recipe")
    return RECIPES[name]()
