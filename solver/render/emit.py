"""Solutions printed in any format, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from solver.policy.session import Policy
from solver.render import document, text
from solver.render.document import Solved
from solver.render.forms import Format
from solver.solving.columns import csv_line, with_further


def emit(
    form: Format,
    policy: Policy,
    solved: Iterator[Solved],
    style: text.Style,
    *,
    steps: bool,
    columns: Sequence[str] = (),
) -> Iterator[str]:
    """The output in pieces, each as soon as it is known; `columns` are further ones of a table."""
    match form:
        case Format.JSON:
            yield from document.to_json(policy, solved, steps=steps)
        case Format.JSONL:
            yield from (document.to_jsonl(one, steps=steps) for one in solved)
        case Format.CSV if steps:
            yield csv_line(document.STEP_COLUMNS)
            for number, one in enumerate(solved, 1):
                yield document.steps_to_csv(one.solution, number)
        case Format.CSV:
            yield csv_line(with_further(columns))
            yield from (document.to_csv(one, columns) for one in solved)
        case Format.TEXT:
            yield from _texts(solved, style, steps)
        case Format.MARKDOWN:
            from solver.render.markdown import solution_markdown

            yield from (solution_markdown(one, steps=steps) for one in solved)
        case Format.SVG:
            yield from (one.solution.svg() + "\n" for one in solved)
        case Format.HTML:
            from solver.render.page import report_page

            yield from report_page(policy, solved)


def _texts(solved: Iterator[Solved], style: text.Style, steps: bool) -> Iterator[str]:
    """Text, a title over each puzzle where there is more than one."""
    first = list(islice(solved, 2))
    for number, one in enumerate(chain(first, solved), 1):
        told = text.solution_text(one.solution, style, steps=steps)
        title = style.paint(f"== {number}: {one.label} ==", text.BOLD)
        yield told if len(first) == 1 else f"{title}\n\n{told}\n"
