"""A sheet of puzzles holds each on paper, numbered, with its solution apart."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from solver.formats import read_text
from solver.formats.links import link
from solver.render.sheets.files import html_page, pdf_file, svg_pages
from solver.render.sheets.layout import PAPERS, SLOTS, Line, Sheet, Square, Text
from solver.render.sheets.prepare import prepare

EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
SOLVED = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
SEVERAL = "1" + 80 * "."
NONE = "11" + 79 * "."


def printed(*lines: str, **how: object) -> list[object]:
    records = read_text("\n".join(lines) + "\n", rules=False)
    return list(prepare(records, **how))  # type: ignore[arg-type]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("per_page", SLOTS)
@pytest.mark.parametrize("site", [None, "sudokuwiki"])
def test_everything_lies_on_the_paper(paper: str, per_page: int, site: str | None) -> None:
    if site is not None:
        pytest.importorskip("segno")
    width, height = PAPERS[paper]
    puzzles = printed(*7 * [EASY], site=site)
    for page in Sheet(paper, per_page).pages(puzzles):  # type: ignore[arg-type]
        for mark in page:
            assert 10 < mark.x < width - 10, mark
            assert 10 < mark.y < height - 10, mark
            if isinstance(mark, Line):
                assert mark.to_x < width - 10
                assert mark.to_y < height - 10


@pytest.mark.parametrize(
    ("solutions", "titles"),
    [
        ("end", ["P", "P", "P: solutions"]),
        ("back", ["P", "P: solutions", "P", "P: solutions"]),
        ("none", ["P", "P"]),
    ],
)
def test_solutions_are_at_the_end_on_the_back_or_nowhere(solutions: str, titles: list[str]) -> None:
    sheet = Sheet(per_page=4, solutions=solutions, title="P")  # type: ignore[arg-type]
    pages = list(sheet.pages(printed(*5 * [EASY])))  # type: ignore[arg-type]
    texts = [[mark.text for mark in page if isinstance(mark, Text)] for page in pages]
    assert [next(text for text in page if text.startswith("P")) for page in texts] == titles


def test_a_page_tells_number_level_and_clues_and_shows_the_givens() -> None:
    [page] = Sheet(solutions="none").pages(printed(EASY))  # type: ignore[arg-type]
    texts = [mark for mark in page if isinstance(mark, Text)]
    assert {"1", "easy · 30 clues"} <= {mark.text for mark in texts}
    digits = [mark.text for mark in texts if mark.bold and mark.size > 13 and mark.text.isdigit()]
    assert "".join(digits) == EASY.replace(".", "")


def test_the_solution_is_printed_whole_and_its_givens_are_bold() -> None:
    _, page = Sheet().pages(printed(EASY))  # type: ignore[arg-type]
    digits = [mark for mark in page if isinstance(mark, Text) and mark.anchor == "middle"][2:]
    assert "".join(mark.text for mark in digits) == SOLVED
    assert "".join(m.text if m.bold else "." for m in digits) == EASY


def test_candidates_are_those_of_the_file_or_what_the_rules_leave() -> None:
    [puzzle] = printed(EASY, marks=True)
    assert puzzle.cells[2] == " 124"  # type: ignore[attr-defined]
    [plain] = printed(EASY)
    assert plain.cells[2] == ""  # type: ignore[attr-defined]


def test_a_puzzle_without_one_solution_is_printed_and_says_so() -> None:
    several, none = printed(SEVERAL, NONE)
    assert several.about == "several solutions · 1 clue"  # type: ignore[attr-defined]
    assert none.said == "no solution"  # type: ignore[attr-defined]
    _, answers = Sheet().pages([several, none])  # type: ignore[list-item]
    assert {"several solutions", "no solution"} <= {
        mark.text for mark in answers if isinstance(mark, Text)
    }


def test_a_level_that_the_file_names_comes_first() -> None:
    [record] = read_text(f"puzzle,level\n{EASY},Sunday\n", "a.csv")
    [puzzle] = prepare([record])
    assert puzzle.about == "Sunday · 30 clues"


def test_svg_is_a_picture_a_page_and_html_holds_them_all() -> None:
    pages = list(Sheet().pages(printed(*5 * [EASY])))  # type: ignore[arg-type]
    pictures = svg_pages(pages, "a4", "a <b> & c")
    assert len(pictures) == 3
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert (root.get("width"), root.get("height")) == ("210.0mm", "297.0mm")
    html = html_page(pages, "letter", "t")
    assert html.count("<svg ") == 3
    assert "size:215.9mm 279.4mm" in html
    assert "http" not in re.sub("http://www.w3.org/2000/svg", "", html)


def test_a_qr_code_and_a_link_lead_to_the_site() -> None:
    pytest.importorskip("segno")
    [record] = read_text(EASY)
    [page] = Sheet(solutions="none").pages(list(prepare([record], site="sudokuwiki")))
    address = link(record.givens, "sudokuwiki")
    assert [m.address for m in page if isinstance(m, Text) and m.address] == [address]
    assert sum(isinstance(mark, Square) for mark in page) > 400


def test_a_pdf_has_as_many_pages_and_refuses_letters_that_it_lacks() -> None:
    pytest.importorskip("fpdf")
    pages = list(Sheet().pages(printed(*5 * [EASY])))  # type: ignore[arg-type]
    data = pdf_file(pages, "a4", "t")
    assert data.startswith(b"%PDF")
    assert b"/Count 3" in data
    assert pdf_file([[Text(20, 20, "Monday’s – “hard”…", 12)]], "a4", "t").startswith(b"%PDF")
    with pytest.raises(ValueError, match=r"have no 'м'; write \.html or \.svg"):
        pdf_file([[Text(20, 20, "метро", 12)]], "a4", "t")
