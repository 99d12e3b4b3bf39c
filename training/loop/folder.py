"""The folder of a run, beside its checkpoints: looked at before anything slow begins, what is
written down in it, and read back."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solver.system.files import atomic_write, write_bytes

if TYPE_CHECKING:
    from training.data.puzzles import Held, Puzzles
    from training.recipe.config import Recipe


def prepare(output: Path, resume: bool) -> None:
    """Make the run's folder and see that it can be written.

    Raises `ValueError` when it holds a run that isn't to be resumed, or none to resume.
    """
    held = (output / "policy.pt").exists()
    if held and not resume:
        raise ValueError(
            f"{output} already holds a run; resume it with --resume, or name another folder"
        )
    if resume and not held:
        raise ValueError(f"{output / 'policy.pt'}: no checkpoint to resume")
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output):
            pass
    except OSError as error:
        raise ValueError(f"{output}: can't be written: {error.strerror}") from None


def keep_puzzles(output: Path, puzzles: Puzzles) -> None:
    """Write down what the run validates on: the same puzzles when it is resumed."""
    with atomic_write(output / "validation.npy") as temporary, temporary.open("wb") as file:
        np.save(file, puzzles.validation)
    origin = json.dumps(puzzles.validation_files, ensure_ascii=False)
    write_bytes(output / "validation.json", origin.encode())


def remember(output: Path, recipe: Recipe, text: str, step: int, differs: dict[str, Any]) -> None:
    """Write down the settings (`text` in TOML), and add to the history with what changes of them
    the run began or was resumed at `step`."""
    write_bytes(output / "config.toml", text.encode())
    from torch import __version__

    line: dict[str, Any] = {"step": step, "torch": __version__}
    note(output, line | ({"changes": differs} if step or differs else {"recipe": asdict(recipe)}))


def note(output: Path, line: dict[str, Any]) -> None:
    """Add a line with the time to the run's history."""
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **line}
    with (output / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def kept_validation(output: Path) -> NDArray[np.uint8]:
    """A run's validation puzzles, packed; raises `ValueError`."""
    path = output / "validation.npy"
    try:
        cells: NDArray[np.uint8] = np.load(path)
    except (OSError, ValueError, EOFError) as error:
        raise ValueError(f"{path}: the run's validation puzzles can't be read") from error
    return cells


def kept_by_file(output: Path) -> Held:
    """A run's validation puzzles by the file that they are from; raises `ValueError`."""
    cells = kept_validation(output)
    try:
        origin = json.loads((output / "validation.json").read_text(encoding="utf-8"))
        ends = np.cumsum([count for _, count in origin])
        if ends[-1] != len(cells):
            raise ValueError("of other puzzles")
    except (OSError, ValueError, TypeError, IndexError):  # of a version that didn't keep it
        return [("", cells)]
    return [
        (name, part) for (name, _), part in zip(origin, np.split(cells, ends[:-1]), strict=True)
    ]
