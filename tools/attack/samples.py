"""The commands as they are attacked: those that read, those that write, and how each is judged."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

from tools.attack.common import ROOT, Attack, Done, Outcome

LINE = "...5...4.3...2..6..82.3.1...7.2....9..9.......3..49..6.......9..5.8.....4...13..."
HARD = str(ROOT / "puzzles" / "hard.sdk")
POLICY = str(ROOT / "solver" / "models" / "policy_ema.pt")
QUICK = ("--recipe", "quick", "--epochs", "1", "--epoch-samples", "8", "--batch-size", "4",
         "--validation-size", "4", "--no-compile", "--model",
         "width=4,hidden=4,gate=4")  # fmt: skip
EXPORT = ("sudoku-export", "--parity", "5", "--views", "1", "--passes", "4")
READERS: tuple[tuple[str, ...], ...] = (
    ("sudoku-solve", "-q", "{}"),
    ("sudoku-solve", "-HHH", "{}"),
    ("sudoku-solve", "-f", "json", "--no-steps", "{}"),
    ("sudoku-solve", "--engine", "exact", "{}", "-o", "made.csv"),
    ("sudoku-solve", "-q", HARD, "--model", "{}"),
    ("sudoku-data", "check", "--each", "{}"),
    ("sudoku-data", "rate", "{}"),
    ("sudoku-data", "show", "{}"),
    ("sudoku-data", "convert", "{}", "made.csv"),
    ("sudoku-data", "convert", "--skip", "{}", "made.jsonl"),
    ("sudoku-data", "benchmark", "{}"),
    ("sudoku-profile", "--model", "{}", "--seconds", "0.1", "--batch", "1"),
    ("sudoku-evaluate", POLICY, "--data", "{}", "--limit", "2"),
    ("sudoku-evaluate", "{}", "--data", HARD),
    (*EXPORT, "{}", "-o", "made.onnx"),
    ("sudoku-train", "--data", "{}", "-o", "made", *QUICK),
    ("sudoku-train", "--resume", "-o", "{}"),
    ("sudoku-train", "average", "{}", "{}", "-o", "made.pt"),
    ("sudoku-data", "print", "{}", "-o", "made.html"),
    ("sudoku-data", "solutions", "{}"),
    ("sudoku-tui", "--plain", "{}"),
)
WRITERS: tuple[tuple[str, ...], ...] = (
    ("sudoku-solve", "--engine", "exact", "list.sdm", "-o", "{}"),
    ("sudoku-solve", "-q", "list.sdm", "--report", "{}"),
    ("sudoku-solve", "-q", HARD, "--heatmap", "{}"),
    ("sudoku-data", "convert", "list.sdm", "{}"),
    ("sudoku-data", "convert", "list.sdm", "{}", "--to", "csv"),
    ("sudoku-data", "generate", "--count", "3", "--workers", "1", "-o", "{}"),
    (*EXPORT, POLICY, "-o", "{}"),
    ("sudoku-train", "average", POLICY, POLICY, "-o", "{}"),
    ("sudoku-data", "print", "list.sdm", "--to", "svg", "-o", "{}"),
)


def filled(template: tuple[str, ...], name: str) -> list[str]:
    """The command with the name in it."""
    return [part.replace("{}", name) for part in template]


NUMBERS = ("-1", "0", "nan", "inf", "-inf", "1e999", "9" * 20, "2147483648", "1e-320", "0x10",
           "\u0663", "", "-9223372036854775809")  # fmt: skip
"""Values of options that take a number."""


def with_numbers() -> list[list[str]]:
    """Every command with each of its options that take a number set to each of `NUMBERS`."""
    from importlib import import_module

    from typer.main import get_command

    found = []
    for module, command in {
        "solver.cli.solve": ("sudoku-solve", "list.sdm"),
        "solver.cli.data": ("sudoku-data",),
        "solver.cli.profile": ("sudoku-profile", "--seconds", "0.1"),
        "training.commands.train": ("sudoku-train", "--data", "list.sdm", "-o", "made", *QUICK),
        "training.commands.evaluate": ("sudoku-evaluate", POLICY, "--data", HARD, "--limit", "2"),
        "export.cli": (*EXPORT, POLICY, "-o", "made.onnx"),
        "tui.cli": ("sudoku-tui", "--plain", HARD),
    }.items():
        app: Any = get_command(import_module(module).app)
        for name, part in getattr(app, "commands", {"": app}).items():
            files = {"convert": ("list.sdm", "made.csv"), "print": ("list.sdm", "-o", "made.svg"),
                     "generate": ("-o", "made.csv"), "library": ("-o", "made")}  # fmt: skip
            given = (name, *files.get(name, ("list.sdm",))) if name else ()
            for option in part.params:
                if option.type_descriptor.annotation in (int, float):
                    found += [[*command, *given, f"{option.opts[0]}={text}"] for text in NUMBERS]
    return found


def judge(attack: Attack, outcome: Outcome, command: Sequence[str], done: Done) -> None:
    """Count a try: it ends, in one line where it fails, and nothing raw is shown."""
    raw = [sign for sign in (b"\x1b]", b"\x1b[2J", b"\xc2\x9b", b"\xe2\x80\xae")
           if sign in done.out + done.err]  # fmt: skip
    silent = done.status == 2 and not done.err.strip()
    right = done.clean and not raw and not silent and not (attack.folder / "ran").exists()
    shown = [part if len(part) < 60 else part[:57] + "..." for part in command]
    outcome.check(right, f"{shown} {raw} {done.said()}")


def clear(attack: Attack) -> None:
    """Remove what the commands have made."""
    for path in attack.folder.glob("*made*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
