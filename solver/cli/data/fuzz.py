"""sudoku-data fuzz: the readers tried on broken and made-up files."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Final

import typer

from solver.cli.common import ExitCode, fail
from solver.system.files import write_bytes

FUZZ_EXAMPLES: Final = """
Examples:

\b
  sudoku-data fuzz --count 1000000 --seed 1
  sudoku-data fuzz --seed 2 --save broken.bin
"""


def fuzz(
    count: Annotated[int, typer.Option(min=1, help="Number of inputs to try.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Random seed.")] = 1,
    save: Annotated[
        Path | None, typer.Option(help="Save an input that breaks a promise here.")
    ] = None,
) -> int:
    """Try the readers on broken and made-up files.

    Each must give puzzles or an error in one line, in bounded time and memory.
    """
    from solver.formats.fuzz import FuzzError
    from solver.formats.fuzz import fuzz as run_fuzz

    started = time.perf_counter()

    def progress(inputs: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{inputs} of {count}", end="\r", file=sys.stderr)

    try:
        tally = run_fuzz(count, seed, progress)
    except FuzzError as error:
        if save is not None:
            write_bytes(save, error.data)
        fail(f"seed {seed}: {error}; the input: {error.data[:200]!r}", ExitCode.INTERNAL)
    seconds = time.perf_counter() - started
    print(f"{tally.inputs} inputs of seed {seed} in {seconds:.0f} s, up to {tally.largest} bytes")
    print(f"{tally.puzzles} puzzles, {tally.errors} errors, nothing else")
    print(f"slowest input: {1000 * tally.slowest:.1f} ms")
    if sys.platform != "win32":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"most memory: {peak / (1 << 20 if sys.platform == 'darwin' else 1 << 10):.0f} MiB")
    for name, inputs in tally.by_format.most_common():
        print(f"  {name:10} {inputs:9}")
    return ExitCode.SOLVED
