"""The pages of a sheet as files: SVG, HTML or PDF."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Final

from solver.render.sheets.layout import PAPERS, Line, Mark, Page, Square, Text

if TYPE_CHECKING:
    from fpdf import FPDF

KINDS: Final = ("pdf", "svg", "html")
INK, GREY = 0, 90
"""Shades of what is drawn: 0 is black."""
LATIN: Final = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."}
)
"""Signs that a PDF's own fonts lack -> those that stand for them."""
MM: Final = 25.4 / 72
"""Millimetres of a point."""


def svg_pages(pages: Iterable[Page], paper: str, title: str) -> list[str]:
    """A picture for each page, in its real size."""
    width, height = PAPERS[paper]
    return [
        "\n".join(
            [
                f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}mm' height='{height}mm' "
                f"viewBox='0 0 {width} {height}' role='img' "
                "font-family='Helvetica, Arial, sans-serif'>",
                f"<title>{escape(title)}</title>",
                f"<rect width='{width}' height='{height}' fill='#ffffff'/>",
                *map(_svg_mark, page),
                "</svg>\n",
            ]
        )
        for page in pages
    ]


def _svg_mark(mark: Mark) -> str:
    if isinstance(mark, Line):
        return (
            f"<path d='M{mark.x:.2f} {mark.y:.2f}L{mark.to_x:.2f} {mark.to_y:.2f}' "
            f"stroke='{_shade(mark.grey)}' stroke-width='{mark.width:.3f}' "
            "stroke-linecap='square'/>"
        )
    if isinstance(mark, Square):
        side = f"{mark.side + 0.01:.3f}"  # no hair between neighbours
        return f"<rect x='{mark.x:.3f}' y='{mark.y:.3f}' width='{side}' height='{side}'/>"
    drawn = (
        f"<text x='{mark.x:.2f}' y='{mark.y:.2f}' font-size='{mark.size * MM:.2f}' "
        f"text-anchor='{mark.anchor}' font-weight='{'700' if mark.bold else '400'}' "
        f"fill='{_shade(mark.grey)}'>{escape(mark.text)}</text>"
    )
    return f"<a href='{escape(mark.address)}'>{drawn}</a>" if mark.address else drawn


def _shade(grey: bool) -> str:
    return f"#{GREY if grey else INK:02x}" + 2 * f"{GREY if grey else INK:02x}"


def html_page(pages: Iterable[Page], paper: str, title: str) -> str:
    """One file that loads nothing, and prints a page of paper for each page."""
    width, height = PAPERS[paper]
    style = (
        f"@page{{size:{width}mm {height}mm;margin:0}}body{{margin:0;background:#d8dbe0}}"
        "svg{display:block;margin:6mm auto;break-after:page}"
        "@media print{body{background:none}svg{margin:0}}"
    )
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{''.join(svg_pages(pages, paper, title))}</body>\n</html>\n"
    )


def pdf_file(pages: Iterable[Page], paper: str, title: str) -> bytes:
    """A PDF with the fonts that every viewer has, which know Latin letters alone.

    Raises `ModuleNotFoundError` without fpdf2, `ValueError` for a text with other letters.
    """
    from fpdf import FPDF

    pdf = FPDF(unit="mm", format=PAPERS[paper])
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_lang("en")
    for page in pages:
        pdf.add_page()
        for mark in page:
            if isinstance(mark, Line):
                pdf.set_line_width(mark.width)
                pdf.set_draw_color(GREY if mark.grey else INK)
                pdf.line(mark.x, mark.y, mark.to_x, mark.to_y)
            elif isinstance(mark, Square):
                pdf.set_fill_color(INK)
                pdf.rect(mark.x, mark.y, mark.side + 0.01, mark.side + 0.01, style="F")
            else:
                _pdf_text(pdf, mark)
    return bytes(pdf.output())


def _pdf_text(pdf: FPDF, mark: Text) -> None:
    pdf.set_font("helvetica", "B" if mark.bold else "", mark.size)
    pdf.set_text_color(GREY if mark.grey else INK)
    text = mark.text.translate(LATIN)
    try:
        text.encode("latin-1")
    except UnicodeEncodeError as error:
        letter = text[error.start]
        raise ValueError(
            f"the fonts of a PDF here have no {letter!r}; write .html or .svg"
        ) from None
    width = pdf.get_string_width(text)
    x = mark.x - {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
    pdf.text(x, mark.y, text)
    if mark.address:
        pdf.link(x, mark.y - mark.size * MM, width, mark.size * MM, mark.address)
