"""The named recipes: plain functions, each a whole training run."""

from __future__ import annotations

from training.recipe.config import Recipe, check_known


def production() -> Recipe:
    """The default: large batches, EMA, a rate that swells and falls, easy puzzles first."""
    return Recipe(
        epochs=60,
        curriculum=("easy=15", "medium=20", "hard=25"),
        patience=10,
        ema_decay=0.999,
        carry=True,
    )


def baseline() -> Recipe:
    """The trainer that production replaces, for comparison: eager float32, no frills."""
    return Recipe(
        recipe="baseline",
        batch_size=128,
        accumulation=1,
        chunk=128,
        optimizer="adamw",
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
        model=("width=48", "hidden=48", "gate=48"),
        epochs=8,
        epoch_samples=4000,
        validation_size=200,
        batch_size=16,
        accumulation=1,
        passes=8,
        carry=True,
        eval_passes=64,
        scheduler="cosine",
        constraint_weight=0.0,
        checkpoint_minutes=1.0,
    )


def policy() -> Recipe:
    """The shipped policy's: carried states and many small steps."""
    return Recipe(
        recipe="policy",
        epochs=8,
        epoch_samples=128000,
        validation_size=400,
        batch_size=32,
        accumulation=1,
        passes=8,
        carry=True,
        max_windows=12,
        suppose=0.7,
        eval_passes=96,
        ema_decay=0.999,
        scheduler="cosine",
    )


RECIPES = {f.__name__: f for f in (production, baseline, quick, policy)}


def named(name: str) -> Recipe:
    """The recipe of that name; raises `ValueError` with the nearest known one."""
    check_known(name, list(RECIPES), "recipe")
    return RECIPES[name]()
