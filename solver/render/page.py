"""A self-contained HTML page with a slider over the steps of one or more solutions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from solver.policy.session import Policy
from solver.render.document import Solved, head, solution_document
from solver.render.words import verdict, why

TEMPLATE: Final = Path(__file__).with_name("report.html")
PLACE: Final = "@DATA@"


class Report:
    """The page in pieces, a puzzle at a time; it loads nothing from anywhere."""

    def __init__(self, policy: Policy) -> None:
        before, self.end = TEMPLATE.read_text(encoding="utf-8").split(PLACE)
        self.begin = f'{before}{_safe(head(policy))[:-1]},"puzzles":['
        self.end = f"]}}{self.end}"
        self._parted = ""

    def puzzle(self, one: Solved) -> str:
        """The next puzzle."""
        document = solution_document(one)
        for told, step in zip(document["steps"], one.solution.steps, strict=True):
            told["why"] = why(step)
        text = self._parted + _safe({**document, "verdict": verdict(one.solution)})
        self._parted = ","
        return text


def report_page(policy: Policy, solved: Iterable[Solved]) -> Iterator[str]:
    """The page, each piece as soon as it is known."""
    report = Report(policy)
    yield report.begin
    yield from map(report.puzzle, solved)
    yield report.end


def _safe(value: dict[str, Any]) -> str:
    """A value as JSON that no page takes for HTML."""
    data = json.dumps(value, separators=(",", ":"))
    return data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
