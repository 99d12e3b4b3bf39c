"""The tree of exceptions in the documentation is the one that the code has."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def drawn() -> set[tuple[str, str]]:
    """(exception, base) of every line of the tree on the Python page."""
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    block = re.search(r"^```text\n(Exception\n.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    path: list[str] = []
    found = set()
    for line in block[1].splitlines():
        name = line.lstrip("│├└─ ")
        depth = (len(line) - len(name)) // 4
        path[depth:] = [name]
        if depth:
            found.add((name, path[depth - 1]))
    return found


def defined() -> set[tuple[str, str]]:
    """(exception, base) of every exception of the packages, up to `Exception`."""
    found = set()
    for package in ("solver", "training", "export", "tui"):
        home = importlib.import_module(package)
        for info in pkgutil.walk_packages(home.__path__, f"{package}."):
            if info.name.endswith("__main__"):
                continue
            for _, kind in inspect.getmembers(importlib.import_module(info.name), inspect.isclass):
                if issubclass(kind, Exception) and kind.__module__ == info.name:
                    chain = kind.__mro__[: kind.__mro__.index(Exception) + 1]
                    names = [base.__name__ for base in chain]
                    found.update(itertools.pairwise(names))
    return found


def test_the_tree_on_the_python_page_holds_every_exception_under_its_base() -> None:
    told, found = drawn(), defined()
    assert found - told == set(), "draw these in docs/python.md, (exception, base)"
    assert told - found == set(), "docs/python.md draws these, which are gone"
