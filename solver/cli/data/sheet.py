"""sudoku-data print: puzzles on paper, with their solutions apart."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

import typer

from solver.board.words import inert, plural
from solver.cli.asides import note
from solver.cli.common import fail, install_hint
from solver.cli.data.convert import Link, counted
from solver.cli.outputs import refuse_overlap, writing
from solver.cli.reader import Bad, first, records
from solver.cli.rows import Sources
from solver.render.sheets.layout import Paper, Sheet, Solutions
from solver.system.files import write_bytes

if TYPE_CHECKING:
    from solver.render.sheets.layout import Page

PRINT_EXAMPLES: Final = """
Examples:

\b
  sudoku-data print puzzles/hard.sdk -o sheet.pdf
  sudoku-data print --per-page 6 --title "For the train" list.sdm -o t.pdf
  sudoku-data print --marks --solutions none game.sdk -o game.svg
  sudoku-data print --link sudokuwiki --paper letter list.sdm -o list.html
  sudoku-data generate --level hard -o - | sudoku-data print - -o h.pdf

A puzzle's level is the one its file names, or that of the hardest technique it needs.
An SVG is one page; several are written as sheet-1.svg, sheet-2.svg and so on.

Exit status: 0 written, 2 wrong usage or unreadable input.
"""

Kind = Literal["pdf", "svg", "html"]
PerPage = Literal["1", "2", "4", "6"]


def print_sheet(
    sources: Sources,
    out: Annotated[
        Path, typer.Option("--output", "-o", help="The .pdf, .svg or .html file, or - for stdout.")
    ],
    per_page: Annotated[PerPage, typer.Option(help="Puzzles on a page.")] = "4",
    solutions: Annotated[
        Solutions,
        typer.Option(help="Print solutions at the end, on the back of each page, or not at all."),
    ] = "end",
    marks: Annotated[bool, typer.Option("--marks", help="Print the candidates.")] = False,
    title: Annotated[str, typer.Option(help="Title of each page; it may be empty.")] = "Sudoku",
    paper: Annotated[Paper, typer.Option(help="Size of the paper.")] = "a4",
    site: Link = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Print at most N puzzles.", show_default="all")
    ] = None,
    to: Annotated[
        Kind | None, typer.Option(help="Kind of file.", show_default="by its name, pdf on stdout")
    ] = None,
) -> int:
    """Lay puzzles out on paper: numbered, with level and clues, and solutions to look up.

    With --link, each puzzle has a QR code that opens it at the site.
    """
    kind = _kind(out, to)
    if kind == "pdf" and find_spec("fpdf") is None:
        fail(install_hint("fpdf"))
    if site is not None and find_spec("segno") is None:
        fail(install_hint("segno"))
    refuse_overlap(sources, [out])
    from solver.render.sheets.prepare import prepare

    bad = Bad()
    held = counted(first(records(sources, bad), limit), prints=False)
    printed = list(prepare(held, marks=marks, site=site))
    if not printed:
        return bad.finish()
    improper = [one for one in printed if not one.solution]
    if improper:
        more = f", and {len(improper) - 1} more like it" if len(improper) > 1 else ""
        note(f"puzzle {improper[0].number} has {improper[0].said}{more}")
    sheet = Sheet(paper, int(per_page), solutions, inert(title))
    pages = list(sheet.pages(printed))
    names = _write(out, kind, sheet, pages, sources)
    print(
        f"wrote {plural(len(printed), 'puzzle')} on {plural(len(pages), 'page')} to {names}",
        file=sys.stderr,
    )
    return bad.finish()


def _kind(out: Path, to: Kind | None) -> Kind:
    """The kind of file to write: as asked for, or as its name says."""
    stdout = os.fspath(out) == "-"
    named = next((kind for kind in get_args(Kind) if out.suffix.lower() == f".{kind}"), None)
    kind: Kind | None = to or named or ("pdf" if stdout else None)
    if kind is None:
        fail(f"{out}: a sheet's name ends in .pdf, .svg or .html")
    if stdout and kind == "pdf" and sys.stdout.isatty():
        fail("a PDF is binary; write it to a file")
    if not stdout and not out.parent.is_dir():
        fail(f"{out.parent}: no such folder to write {out.name} in")
    return kind


def _write(out: Path, kind: Kind, sheet: Sheet, pages: list[Page], sources: list[str]) -> str:
    """Write the pages; the names of the files, for people."""
    from solver.render.sheets.files import html_page, pdf_file, svg_pages

    title = sheet.title or "Sudoku"
    stdout = os.fspath(out) == "-"
    if kind == "svg":
        made = [text.encode() for text in svg_pages(pages, sheet.paper, title)]
    elif kind == "html":
        made = [html_page(pages, sheet.paper, title).encode()]
    else:
        try:
            made = [pdf_file(pages, sheet.paper, title)]
        except ValueError as error:
            fail(error)
    if stdout:
        if len(made) > 1:
            fail(f"{len(made)} pages: SVG holds one; print .pdf or .html, or to a file")
        sys.stdout.buffer.write(made[0])
        sys.stdout.buffer.flush()
        return "stdout"
    paths = (
        [out]
        if len(made) == 1
        else [
            out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, len(made) + 1)
        ]
    )
    refuse_overlap(sources, list(paths))
    for path, data in zip(paths, made, strict=True):
        with writing(path):
            write_bytes(path, data)
    several = f" to {inert(paths[-1].name)}" if len(paths) > 1 else ""
    return f"{inert(paths[0])}{several}"
