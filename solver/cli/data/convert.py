"""sudoku-data convert and show: files of puzzles into other formats, and onto the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from solver.board.words import inert, plural
from solver.cli.asides import Unread, note
from solver.cli.common import ExitCode, fail
from solver.cli.outputs import writing
from solver.cli.reader import Bad, first, records
from solver.cli.rows import Sources
from solver.formats.links import SITES
from solver.formats.registry import FORMATS

if TYPE_CHECKING:
    from solver.board.grid import Grid
    from solver.formats import Record

NAMES: Final = ", ".join(FORMATS)

CONVERT_EXAMPLES: Final = (
    """
Examples:

\b
  sudoku-data convert puzzle.ss puzzle.sdk
  sudoku-data convert kaggle.csv puzzles.parquet
  sudoku-data convert --skip scraped.txt clean.sdm
  cat list.sdm | sudoku-data convert - - --to csv | head
  sudoku-data convert puzzle.sdk - --link sudokuwiki

Formats, known by content and by name:

\b
"""
    + "".join(f"  {name:<12}{format.about}\n" for name, format in FORMATS.items())
    + """
Exit status: 0 converted, 2 wrong usage or unreadable input.
"""
)

SHOW_EXAMPLES: Final = """
Examples:

\b
  sudoku-data show puzzles/hard.sdk
  sudoku-data show --limit 3 list.sdm
  sudoku-data show --all list.sdm | less
  sudoku-data show --link sudoku.coach puzzle.sdk
  grep -v "#Easy" list.txt | sudoku-data show -

Exit status: 0 shown, 2 wrong usage or unreadable input.
"""

Input = Annotated[
    str,
    typer.Argument(
        metavar="FILE", help="A file, - for stdin, 81 characters, or an address that shows them."
    ),
]


def known_site(name: str | None) -> str | None:
    """The name of a site; ends the command for one that is not known."""
    if name is not None and name not in SITES:
        fail(f"--link {name}: no such site; known: {', '.join(SITES)}")
    return name


Link = Annotated[
    str | None,
    typer.Option(
        "--link",
        metavar="SITE",
        callback=known_site,
        help=f"Give the address that opens a puzzle at a site: {', '.join(SITES)}.",
        show_default=False,
    ),
]


def puzzles(argument: str, bad: Bad | None, *, rules: bool) -> Iterator[Record]:
    """The records of an argument; without `bad`, the first error ends the command."""
    from solver.formats import FormatError, read_argument

    try:
        yield from read_argument(argument, on_error=bad, rules=rules)
    except FormatError as error:
        fail(error)


def counted(records: Iterator[Record], *, prints: bool = True) -> Iterator[Record]:
    """The records, while a terminal on stderr shows how many there were so far.

    Not where the command `prints` its results on the same terminal.
    """
    if not sys.stderr.isatty() or (prints and sys.stdout.isatty()):
        yield from records
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.completed:,} puzzles"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        for number, record in enumerate(records):
            if number % 1000 == 0:
                progress.update(task, completed=number)
            yield record


def convert(
    source: Input,
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="File to write, or - for stdout.")
    ],
    to: Annotated[
        str | None,
        typer.Option(help=f"Target format: {NAMES}.", show_default="by its name"),
    ] = None,
    skip: Annotated[
        bool, typer.Option("--skip", help="Report unreadable puzzles and leave them out.")
    ] = False,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="Keep puzzles whose givens break a rule.")
    ] = False,
    site: Link = None,
) -> int:
    """Convert puzzles from one file format to another, or to addresses of a site."""
    from solver.formats import format_for, write
    from solver.formats.registry import Losses

    if site is not None and to is not None:
        fail("--link writes addresses, a line each; leave --to out")
    to = "txt" if site is not None else to
    try:
        if target == "-" and to is None:
            fail(f"stdout's name says no format; give one with --to: {NAMES}")
        chosen = format_for(target, to)
        if chosen.name == "parquet" and target == "-" and sys.stdout.isatty():
            fail("Parquet is binary; write it to a file")
        bad = Bad() if skip else None
        losses, unread = Losses(chosen if site is None else FORMATS["sdm"]), Unread()

        def noted() -> Iterator[Record]:
            read = puzzles(source, bad, rules=not wrong)
            for record in counted(read, prints=target == "-"):
                losses.add(record)
                unread.add(record)
                yield record

        with writing(Path(target), [source]):
            if site is None:
                count = write(noted(), target, chosen.name)
            else:
                count = write_links(noted(), target, site)
    except ValueError as error:
        fail(error)
    if bad is not None:
        bad.finish()
    unread.finish(source)
    if lost := str(losses):
        note(f"{chosen.name if site is None else 'an address'} has no place for {lost}")
    skipped = f", skipped {bad.count}" if bad and bad.count else ""
    where = "stdout" if target == "-" else inert(target)
    print(f"wrote {plural(count, 'puzzle')} to {where}{skipped}", file=sys.stderr)
    return ExitCode.SOLVED


def write_links(records: Iterator[Record], target: str, site: str) -> int:
    """Write the address of each puzzle at a site, a line each; how many there were."""
    from solver.formats.links import link
    from solver.system.files import atomic_write

    lines = [f"{link(record.givens, site)}\n" for record in records]
    if target == "-":
        sys.stdout.writelines(lines)
    else:
        with atomic_write(Path(target)) as temporary:
            temporary.write_text("".join(lines), encoding="ascii")
    return len(lines)


def show(
    sources: Sources,
    limit: Annotated[int, typer.Option(min=1, help="Show at most N puzzles.")] = 10,
    everything: Annotated[bool, typer.Option("--all", help="Show all puzzles.")] = False,
    site: Link = None,
) -> int:
    """Draw the puzzles of files on the terminal.

    With the play so far, the solution and what the file says of them, where it does.
    """
    from solver.formats.links import link

    bad = Bad()
    stream = records(sources, bad)
    for number, record in enumerate(first(stream, None if everything else limit)):
        print("\n" * (number > 0) + _drawn(record))
        if site is not None:
            print(f"link: {link(record.givens, site)}")
    if next(stream, None) is not None:
        print("there are more; --all shows them, --limit N the first N", file=sys.stderr)
    return bad.finish()


def _drawn(record: Record) -> str:
    clues = record.givens.clues
    grids: list[tuple[str, Grid]] = [(plural(clues, "given"), record.givens)]
    if record.state is not None:
        grids.append((f"{record.state.clues - clues} placed", record.state))
    if record.solution is not None:
        grids.append(("solution", record.solution))
    blocks = [[title, *str(grid).splitlines()] for title, grid in grids]
    lines = [f"{_short(record.source)}, line {record.line}"]
    for key, text in record.metadata.items():
        line = inert(f"{key}: {text}")
        lines.append(line if len(line) <= 80 else line[:79] + "…")
    lines.extend(
        "    ".join(f"{part:21}" for part in row).rstrip() for row in zip(*blocks, strict=True)
    )
    lines.extend(f"wrong: {violation}" for violation in record.grid.violations())
    return "\n".join(lines)


def _short(name: str) -> str:
    return name if len(name) <= 60 else "…" + name[-59:]
