"""Options of sudoku-solve that say nothing beside one another: refused, never ignored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import typer

from solver.cli.common import fail
from solver.render.forms import Format

_PRINTED: Final = ("quiet", "form", "steps", "order", "watch", "heatmap", "report", "color")
_POLICY: Final = ("model", "device", "threads", "views")
FLAGS: Final = {"form": "format", "no_steps": "no-steps"}


def given_options(context: typer.Context) -> dict[str, Any]:
    """The parameters that stand on the command line, with their values."""
    return {
        name: value
        for name, value in context.params.items()
        if getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE"
    }


def refuse_conflicts(given: Mapping[str, Any]) -> None:
    """End the command where two of its options don't go together; `given` by parameter name."""
    form = given.get("form", Format.TEXT)
    engine = given.get("engine", "policy")
    report = "report" in given
    if "output" in given:
        _refuse(given, ("hint", "uniqueness", *_PRINTED), "--output writes a table")
        if engine == "exact":
            _refuse(given, _POLICY, "--engine exact asks no policy")
    elif engine != "policy":
        fail(f"--engine {engine} needs --output FILE")
    if engine != "ray" and ("address" in given or "workers" in given):
        fail("--address and --workers are for --engine ray")
    if "hint" in given:
        printed = [name for name in _PRINTED if name != "color"]
        if form is Format.SVG:
            from solver.logic.hint import GRADES

            printed.remove("form")
            if given["hint"] < GRADES:
                fail("--format svg draws the whole reason of a hint; ask for it by -HHH")
        _refuse(given, printed, "--hint prints the next step alone")
    if "quiet" in given:
        _refuse(given, ("form", "steps"), "--quiet prints 81 characters")
    told = form.tells_steps and "quiet" not in given
    if form is Format.HTML and given.get("steps") is False:
        fail("--format html is a page over the steps; leave --no-steps out")
    if form is Format.SVG and given.get("steps"):
        fail("--format svg draws the answer alone; leave --steps out")
    if "uniqueness" in given and not report and "hint" not in given:
        if not given.get("steps", told):
            fail("--no-uniqueness says how steps are explained, and no steps are printed")
        if given.get("order") == "confidence":
            fail("--order confidence counts on no single solution; leave --no-uniqueness out")
    if "order" in given and not report and not given.get("steps", told):
        fail("--order says how steps are ordered, and no steps are printed; leave it out")
    if "color" in given and "watch" not in given and (form is not Format.TEXT or "quiet" in given):
        fail("--color is for text; leave it out")


def _refuse(given: Mapping[str, Any], names: Collection[str], why: str) -> None:
    found = [name for name in names if name in given]
    if found:
        flag = FLAGS.get(found[0], found[0])
        if found[0] == "steps" and not given["steps"]:
            flag = "no-steps"
        fail(f"{why}; --{flag} says nothing there, leave it out")
