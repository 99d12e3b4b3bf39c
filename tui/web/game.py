"""A game behind a page: the interface on the web's driver, with the browser's own folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from textual.driver import Driver
from textual.drivers.web_driver import WebDriver

from tui.app import SudokuApp
from tui.asking import give_keys_precedence
from tui.start import options_for
from tui.terminal import thrifty


class WebApp(SudokuApp):
    """The interface on a page."""

    CSS_PATH = "../app.tcss"

    def get_driver_class(self) -> type[Driver]:
        return thrifty(WebDriver)


def play(order: dict[str, Any], arguments: Sequence[str]) -> int:
    """Play until the page is closed; `arguments` are those of `sudoku-tui`.

    `order` has the window's `width` and `height`, the `folder` of the browser, and a `puzzle` of 81
    characters or "". Returns an exit status.
    """
    os.environ |= {
        "SUDOKU_TUI_HOME": order["folder"],
        "COLUMNS": str(order["width"]),
        "ROWS": str(order["height"]),
    }
    end = arguments.index("--")
    named = dict(zip(arguments[:end:2], arguments[1:end:2], strict=True))
    files = list(arguments[end + 1 :])
    try:
        options = options_for([order["puzzle"]] if order["puzzle"] else files)
    except ValueError:
        options = options_for([])
    app = WebApp(**options, theme=named.get("--theme"), model=named.get("--model"))
    give_keys_precedence()
    app.run()
    if app.failure:
        print(app.failure, file=sys.stderr, flush=True)
    return 1 if app.failure else 0
