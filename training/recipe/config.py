"""The settings of a training run: one frozen `Recipe`; `training.recipe.recipes` names some.

Every field is an option of `sudoku-train` and a key of a TOML file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin, get_type_hints

from solver.system.cores import MOST_THREADS
from training.recipe.architectures import ARCHITECTURES

SCHEDULERS = ("swell", "onecycle", "cosine", "trapezoid", "constant")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")
OPTIMIZERS = ("soap", "adamw", "muon")
LOADERS = ("workers", "device")
Switch = Literal["auto", "on", "off"]
_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}

BOUNDS: dict[tuple[float, float], tuple[str, ...]] = {
    (1, math.inf): (
        *("epochs", "passes", "max_windows", "late_windows", "eval_passes", "batch_size"),
        *("accumulation", "validation_size", "prefetch", "keep_best"),
    ),
    (0, math.inf): (
        *("validate_steps", "validate_minutes", "max_samples", "epoch_samples", "minutes"),
        *("patience", "chunk", "weight_decay", "clip", "constraint_weight", "checkpoint_minutes"),
    ),
    (0, 1): ("warmup", "cooldown", "keep_solved", "suppose", "late"),
    (0, MOST_THREADS): ("threads",),
    (-1, MOST_THREADS): ("workers",),
    (0, 2**63 - 1): ("seed",),
}
"""Least and greatest value -> the fields of a recipe that it holds for."""


def option(default: Any, text: str, choices: tuple[str, ...] = ()) -> Any:
    """A field of a recipe with its help and the values that it may have."""
    return field(default=default, metadata={"help": text, "choices": choices})


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A whole training run; `training.recipe.recipes` makes the named ones."""

    recipe: str = option("production", "Named recipe to start from.")
    # data
    data: tuple[str, ...] = option((), "Puzzle files to train on: CSV, Parquet or lists.")
    shares: tuple[float, ...] = option((), "Share of each --data file in training; none: by size.")
    validation: tuple[str, ...] = option(
        (),
        "Files to validate on; none: from the twentieth of each --data file that is set aside, "
        "the same puzzles in every run.",
    )
    validation_size: int = option(1000, "Puzzles to validate on.")
    exclude: tuple[str, ...] = option(
        (), "Files whose puzzles, and all equivalent ones, to keep out of training."
    )
    max_samples: int = option(0, "Read at most this many puzzles per file; 0: all.")
    augment: bool = option(False, "Apply a random Sudoku symmetry to each puzzle.")
    # time
    epochs: int = option(60, "Total epochs; may be changed with --resume.")
    epoch_samples: int = option(0, "Puzzles in an epoch; 0: one pass over the stage's puzzles.")
    curriculum: tuple[str, ...] = option(
        (), "Stages in order, each LEVEL=EPOCHS with LEVEL easy, medium, hard or all."
    )
    minutes: float = option(0.0, "Save and stop after this many minutes; 0: no limit.")
    patience: int = option(
        0,
        "Stop after this many epochs of the last stage with no better validation (grid accuracy, "
        "then loss); 0: never.",
    )
    # the network and its passes
    architecture: str = option("graph", "Network architecture.", tuple(ARCHITECTURES))
    model: tuple[str, ...] = option((), "Sizes of the network, NAME=VALUE, e.g. width=64.")
    begin: str = option("", "Policy (policy_ema.pt) to start from; none: random weights.")
    passes: int = option(12, "Passes per window, each with a loss.")
    carry: bool = option(
        False, "Carry each puzzle's state from window to window until it is solved."
    )
    max_windows: int = option(8, "Most windows for a carried puzzle: drawn from 1 to this.")
    keep_solved: float = option(
        0.5, "Probability that a carried puzzle, once solved, stays for another window."
    )
    suppose: float = option(
        0.0,
        "Share of carried puzzles, unsolved after their last window, that continue with "
        "one more digit: the right one where the policy is least sure.",
    )
    late: float = option(
        0.0,
        "Share of the same puzzles that continue unchanged instead, for up to --late-windows more.",
    )
    late_windows: int = option(64, "Windows that such a puzzle may take: a random 1 to this.")
    eval_passes: int = option(32, "Passes in validation.")
    validate_steps: int = option(0, "Validate every N steps too, not only after an epoch; 0: no.")
    validate_minutes: float = option(0.0, "Validate every X minutes too; 0: no.")
    keep_best: int = option(
        1, "Keep the N best policies: policy_best.pt, and from 2 on all of them in best/."
    )
    # batches
    batch_size: int = option(256, "Puzzles in a batch.")
    accumulation: int = option(2, "Batches per optimizer step.")
    chunk: int = option(0, "Puzzles to run at once; 0: the whole batch on a GPU, 32 on a CPU.")
    # optimization
    optimizer: str = option("soap", "Optimizer.", OPTIMIZERS)
    lr: float = option(2e-3, "Peak learning rate.")
    beta2: float = option(0.95, "The optimizer's second beta; the first is 0.9.")
    weight_decay: float = option(0.01, "Decoupled weight decay.")
    clip: float = option(1.0, "Gradient norm to clip to; 0: no clipping.")
    scheduler: str = option("onecycle", "Learning rate schedule.", SCHEDULERS)
    warmup: float = option(0.05, "Share of the run to warm up in (at most 500 steps).")
    cooldown: float = option(0.3, "Share of the run to cool down in (trapezoid).")
    constraint_weight: float = option(0.5, "Weight of the constraint loss.")
    ema: bool = option(True, "Keep an exponential moving average of the weights.")
    ema_decay: float = option(0.998, "Decay of the EMA, after its warm-up.")
    # the machine
    device: str = option("auto", "auto, cpu, cuda, cuda:1 …")
    precision: str = option(
        "auto", "Precision of the forward pass; auto: bfloat16 on a GPU.", PRECISIONS
    )
    compile: Switch = option(  # noqa: RUF009 (it returns a field)
        "auto", "Compile a pass (on a CPU, to C++); auto: if a compiler is found."
    )
    threads: int = option(0, "CPU threads; 0: torch's default.")
    loader: str = option(
        "workers", "Load batches in processes (workers), or draw them on the device.", LOADERS
    )
    workers: int = option(-1, "Loader processes; -1: chosen by the machine.")
    prefetch: int = option(4, "Blocks of 512 puzzles to prepare ahead, per loader process.")
    persistent_workers: bool = option(
        True, "Keep loader processes from one epoch to the next; off: start new ones in each."
    )
    deterministic: bool = option(
        False, "Use operations that give the same bits every time; slower on a GPU."
    )
    # the run
    sinks: tuple[str, ...] = option(
        ("jsonl", "tensorboard"),
        "Where the figures go: jsonl, tensorboard, wandb (extra wandb), or an installed package's "
        "entry point in the group sudoku_policy.sinks.",
    )
    seed: int = option(0, "Random seed.")
    checkpoint_minutes: float = option(5.0, "Minutes between checkpoints within an epoch.")

    def __post_init__(self) -> None:
        _check(self)

    @property
    def effective_batch(self) -> int:
        """Puzzles to an optimizer step."""
        return self.batch_size * self.accumulation

    @property
    def stages(self) -> tuple[tuple[str, int], ...]:
        """The curriculum as (level, epochs); one stage of all puzzles where there is none."""
        if not self.curriculum:
            return (("all", self.epochs),)
        pairs = (item.partition("=") for item in self.curriculum)
        return tuple((level.strip(), int(number)) for level, _, number in pairs)


LEVELS = {"easy": (0, 0), "medium": (1, 3), "hard": (4, 2**31 - 1), "all": (0, 2**31 - 1)}
"""Stage of a curriculum -> least and greatest rating in guesses (`solver.exact.rating`). Training
sorts millions of puzzles by guesses, which take microseconds; people's levels, by technique
(`solver.logic.rating`), take milliseconds a puzzle."""


OPTIONS = {"max_samples": "--limit", "begin": "--weights", "model": "--size"}
"""Fields of a recipe whose option has another name, that of other commands' options."""


def option_name(field_name: str) -> str:
    """The option of a field of `Recipe`."""
    return OPTIONS.get(field_name, "--" + field_name.replace("_", "-"))


SHOWN = 12
"""Names that are listed where none is near."""


def check_known(name: str, names: list[str], what: str) -> None:
    """Raise `ValueError` where `name` is none of `names`, with some or the nearest of them."""
    if name in names:
        return
    near = get_close_matches(name, names, n=1)
    few = names if len(names) <= SHOWN else [*names[:SHOWN], "…"]
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(few)}"
    raise ValueError(f"unknown {what} {name!r}; {hint}")


def _check(recipe: Recipe) -> None:
    """Raise `ValueError` naming the first field whose value makes no sense."""
    for item in fields(Recipe):
        value, choices = getattr(recipe, item.name), item.metadata["choices"]
        numbers = value if isinstance(value, tuple) else (value,)
        if any(isinstance(number, float) and not math.isfinite(number) for number in numbers):
            raise ValueError(f"{item.name} must be finite, got {value}")
        if choices and value not in choices:
            raise ValueError(f"{item.name} must be one of {', '.join(choices)}, got {value!r}")
    for (least, most), names in BOUNDS.items():
        for name in names:
            value = getattr(recipe, name)
            if not least <= value <= most:
                side = f"at least {least}" if value < least else f"at most {most}"
                raise ValueError(f"{name} must be {side}, got {value}")
    for name in ("ema_decay", "beta2"):
        if not 0 <= getattr(recipe, name) < 1:
            raise ValueError(f"{name} must be at least 0 and below 1, got {getattr(recipe, name)}")
    if not recipe.lr > 0:
        raise ValueError(f"lr must be above 0, got {recipe.lr}")
    if any(share < 0 for share in recipe.shares) or (recipe.shares and sum(recipe.shares) <= 0):
        raise ValueError(f"shares must be positive, got {recipe.shares}")
    if recipe.compile not in get_args(Switch):
        switches = ", ".join(get_args(Switch))
        raise ValueError(f"compile must be one of {switches}, got {recipe.compile!r}")
    for item_ in recipe.curriculum:
        level, _, number = item_.partition("=")
        check_known(level.strip(), list(LEVELS), "level")
        if not number.strip().isdigit() or int(number) < 1:
            raise ValueError(f"curriculum: {item_!r} isn't LEVEL=EPOCHS, e.g. easy=15")
    if recipe.curriculum and sum(n for _, n in recipe.stages) != recipe.epochs:
        total = sum(n for _, n in recipe.stages)
        raise ValueError(f"epochs is {recipe.epochs}, but the curriculum's stages sum to {total}")


def changed(recipe: Recipe, values: dict[str, Any], where: str = "") -> Recipe:
    """`recipe` with `values` (names as in Python or with dashes) of the right types.

    An `epochs` without a `curriculum` stretches the recipe's curriculum to it. Raises
    `ValueError` for an unknown name or a value of another type; `where` leads its text.
    """
    types = get_type_hints(Recipe)
    clean: dict[str, Any] = {}
    try:
        for key, value in values.items():
            name = key.replace("-", "_")
            check_known(name, list(types), "key")
            clean[name] = _typed(name, value, types[name])
        if "epochs" in clean and "curriculum" not in clean and recipe.curriculum:
            clean["curriculum"] = stretched(recipe.stages, clean["epochs"])
        elif "curriculum" in clean and "epochs" not in clean and clean["curriculum"]:
            clean["epochs"] = _epochs_of(clean["curriculum"]) or recipe.epochs
        return replace(recipe, **clean)
    except ValueError as error:
        raise ValueError(f"{where}: {error}" if where else str(error)) from None


def _epochs_of(curriculum: tuple[str, ...]) -> int:
    numbers = [item.partition("=")[2].strip() for item in curriculum]
    return sum(int(n) for n in numbers if n.isdigit())


def stretched(stages: tuple[tuple[str, int], ...], epochs: int) -> tuple[str, ...]:
    """The curriculum of the same proportions over `epochs`; fewer than it has stages train on all
    levels at once."""
    if epochs < len(stages):
        return (f"all={epochs}",)
    total, ends, done = sum(n for _, n in stages), [], 0
    for _, number in stages:
        done += number
        ends.append(round(epochs * done / total))
    lengths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    return tuple(f"{s[0]}={n}" for s, n in zip(stages, lengths, strict=True) if n)


def _typed(name: str, value: Any, kind: Any) -> Any:
    """`value` as the field `name` of type `kind` holds it. Raises `ValueError`."""
    if get_origin(kind) is tuple:
        items = [value] if isinstance(value, str | int | float) else value
        if not isinstance(items, list | tuple):
            raise ValueError(f"{name} must be a list, got {value!r}")
        item_type = get_args(kind)[0]
        if item_type is str and not all(isinstance(item, str) for item in items):
            raise ValueError(f"{name} must be a list of texts, got {value!r}")
        try:
            return tuple(item_type(item) for item in items)
        except (TypeError, ValueError):
            raise ValueError(f"{name} must be numbers, got {value!r}") from None
    if kind is Switch:
        if isinstance(value, bool):
            return "on" if value else "off"
        kind = str
    right = (int, float) if kind is float else kind
    if not isinstance(value, right) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{name} must be {_KINDS[kind]}, got {value!r}")
    return kind(value)
