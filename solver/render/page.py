"""One self-contained page of HTML with a slider over the steps of one or more solutions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from solver.policy.session import Policy
from solver.render.document import Solved, head, solution_document
from solver.render.words import verdict, why

TEMPLATE: Final = Path(__file__).with_name("report.html")
PLACE: Final = "@DATA@"


def report_page(policy: Policy, solved: Iterable[Solved]) -> str:
    """The page; it loads nothing from anywhere."""
    puzzles = []
    for one in solved:
        document = solution_document(one)
        for told, step in zip(document["steps"], one.solution.steps, strict=True):
            told["why"] = why(step)
        puzzles.append({**document, "verdict": verdict(one.solution)})
    data = json.dumps({**head(policy), "puzzles": puzzles}, separators=(",", ":"))
    safe = data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return TEMPLATE.read_text(encoding="utf-8").replace(PLACE, safe)
