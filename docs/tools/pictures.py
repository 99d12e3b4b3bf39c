"""`make screenshots`: draw every picture of the documentation again, by the program itself.

    python docs/tools/pictures.py [NAME…]

Each picture ends with the digest of what it shows: the policy, the puzzles and the version, so that
all are drawn again for a release. A test compares it, and notices an old picture by that alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).parent)]  # the modules beside this one

import diagrams  # noqa: E402
import interface  # noqa: E402
import recording  # noqa: E402

import solver  # noqa: E402

FOLDER: Final = ROOT / "docs" / "pictures"
POLICY: Final = "solver/models/policy.onnx"
HARD: Final = "puzzles/hard.sdk"
HARDEST: Final = "puzzles/famous/golden-nugget.sdk"
SKYSCRAPER: Final = (
    "47....1..53.2.47.8...3.7..4....3254....675.8....4..672...7..4...96548..7....2.8.5"
)
"""A grid whose next digit needs a skyscraper."""


@dataclass(frozen=True)
class Picture:
    """How a picture is drawn, and the files (patterns from the root) that it shows.

    One that names no files is drawn again to see whether it is old.
    """

    draw: Callable[[], str]
    shows: Sequence[str] = ()


def _recorded() -> str:
    """The hardest of the famous puzzles, solved in a terminal, pass by pass."""
    size = (72, 21)
    command = ["sudoku-solve", "--watch", "--no-steps", HARDEST]
    output = recording.run([str(Path(sys.executable).parent / command[0]), *command[1:]], *size)
    frames = recording.screens(output, f"\x1b[1m$ {' '.join(command)}\x1b[0m", size[1])
    return recording.draw(recording.thin(frames, 48), "sudoku-solve", size, pause=0.12, last=5.0)


def _solved() -> str:
    """The picture that `sudoku-solve -f svg` makes of the first puzzle."""
    command = [Path(sys.executable).parent / "sudoku-solve", "--format", "svg", HARD]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _reasoned() -> str:
    """The picture that `sudoku-solve -HHH -f svg` makes of a reason."""
    command = [Path(sys.executable).parent / "sudoku-solve", "-HHH", "-f", "svg", SKYSCRAPER]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _printed() -> str:
    """The first page of a sheet of hard puzzles, as `sudoku-data print` draws it."""
    command = ["print", "--limit", "4", "--solutions", "none", "--to", "svg", "-o", "-"]
    program = Path(sys.executable).parent / "sudoku-data"
    run = [program, *command, "puzzles/hard"]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout


def _interface(shot: interface.Shot) -> Callable[[], str]:
    return lambda: asyncio.run(interface.draw(shot))


PICTURES: Final = {
    "layers": Picture(diagrams.layers),
    "network": Picture(diagrams.network),
    "flow-solve": Picture(diagrams.solve),
    "flow-train": Picture(diagrams.train),
    "flow-play": Picture(diagrams.play),
    "recording": Picture(_recorded, [POLICY, HARDEST]),
    "solve": Picture(_solved, [POLICY, HARD]),
    "reason": Picture(_reasoned),
    "sheet": Picture(_printed, ["puzzles/hard/hard-0[1-4].sdk"]),
    **{shot.name: Picture(_interface(shot), [POLICY, HARD]) for shot in interface.SHOTS},
}


def digest(picture: Picture) -> str:
    """Sixteen hexadecimal digits that change with anything that the picture shows."""
    total = hashlib.sha256((solver.__version__ if picture.shows else picture.draw()).encode())
    for pattern in picture.shows:
        paths = sorted(ROOT.glob(pattern))
        if not paths:
            raise FileNotFoundError(f"no file matches {pattern}")
        for path in paths:
            total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()[:16]


def recorded_digest(name: str) -> str | None:
    """The digest that the picture in the documentation was drawn with, None where it has none."""
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    found = re.search(r"<!-- drawn from ([0-9a-f]{16}) -->\s*$", text)
    return found[1] if found else None


def main(names: Sequence[str]) -> None:
    """Draw the pictures of these names, or all, with folders of their own for settings."""
    FOLDER.mkdir(exist_ok=True)
    os.chdir(ROOT)
    for name in names or PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
                os.environ[variable] = folder
            picture = PICTURES[name]
            text = f"{picture.draw().rstrip()}\n<!-- drawn from {digest(picture)} -->\n"
            (FOLDER / f"{name}.svg").write_text(text, encoding="utf-8")
            print(FOLDER / f"{name}.svg", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
