"""The report page: self-contained, and its slider walks through the steps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from solver.render.document import Solved
from solver.render.page import report_page
from solver.solving.solver import Solver
from tests.solver import puzzles
from tests.solver.policies import clueless

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def page(*lines: str) -> str:
    solver = Solver(clueless(), order="logic")
    solved = [Solved(f"<{n}> & co", solver.solve(line)) for n, line in enumerate(lines, 1)]
    return "".join(report_page(solver.policy, solved))


def test_a_page_loads_nothing_and_no_text_of_a_file_becomes_markup() -> None:
    html = page(puzzles.SINGLES)
    assert not re.search(r"(?:src|href|url)\s*[=(]|@import|https?:", html)
    assert html.count("<script") == 2
    assert "<1> & co" not in html


@pytest.mark.browser
class TestInABrowser:
    @pytest.fixture(scope="class")
    def tab(self, chromium: str) -> Any:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
            tab = browser.new_page()
            tab.set_default_timeout(20_000)
            yield tab
            browser.close()

    def test_the_slider_walks_from_the_puzzle_to_the_solution(
        self, tab: Any, tmp_path: Path
    ) -> None:
        errors = list[str]()
        tab.on("pageerror", lambda error: errors.append(str(error)))
        file = tmp_path / "report.html"
        file.write_text(page(puzzles.XY_WING, puzzles.BROKEN), encoding="utf-8")
        tab.goto(file.as_uri())
        steps = puzzles.XY_WING.count(".")
        assert tab.locator("#slider").get_attribute("max") == str(steps)
        assert tab.locator("#board .given").count() == 81 - steps
        assert tab.locator("#board .placed").count() == 0
        tab.locator("#slider").focus()
        tab.keyboard.press("ArrowRight")
        assert tab.locator("#board .now").count() == 1
        assert "confidence" in tab.locator("#why").inner_text()
        tab.keyboard.press("End")
        assert tab.locator("#number").inner_text() == f"{steps} of {steps}"
        digits = tab.eval_on_selector_all("#board > div", "cells => cells.map(c => c.textContent)")
        grid = Solver(clueless()).solve(puzzles.XY_WING).grid
        assert grid is not None
        assert "".join(digits) == grid.line()
        self.patterns_are_marked(tab)
        tab.locator("#puzzle").select_option("1")
        assert tab.locator("#slider").get_attribute("max") == "0"
        assert "break the rules" in tab.locator("#verdict").inner_text()
        assert errors == []

    def patterns_are_marked(self, tab: Any) -> None:
        """A step shows its patterns one by one, in three colours, and then its digit."""
        row = tab.locator("#steps button", has_text="XY-wing").first
        row.click()
        assert row.get_attribute("aria-current") == "true"
        parts = tab.locator("#parts button").count()
        for part in range(parts - 1):
            tab.locator("#parts button").nth(part).click()
            assert tab.locator("#board .pattern").count() >= 2
            for look in ("cause", "target"):
                assert tab.locator(f"#board .{look}").count() >= 1
        tab.locator("#parts button").nth(parts - 1).click()
        assert tab.locator("#board .target").count() == 0
        assert "confidence" in tab.locator("#why").inner_text()
