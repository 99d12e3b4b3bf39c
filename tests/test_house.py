"""House rules: no import circle, long file, long function, crowded folder, or clock of the day."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("solver", "training", "export", "tui")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
BESIDE = sorted(path for name in ("tests", "docs", "tools") for path in (ROOT / name).rglob("*.py"))


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports inside functions count too; those for the type checker alone don't."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert circle(imports) == []


def circle(imports: dict[str, set[str]]) -> list[str]:
    """Modules of which each imports the one before it, and the first the last; none: empty."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}


def functions(path: Path) -> list[tuple[str, int]]:
    """Name and length of every function of a file; the body alone, so that a command's options,
    which are its parameters, don't count.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (node.name, (node.end_lineno or 0) - node.body[0].lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {name}, {lines} lines"
        for path in SOURCES
        for name, lines in functions(path)
        if lines > 60
    ]
    assert not long


def test_no_folder_but_that_of_the_formats_has_more_than_twelve_files() -> None:
    counts: dict[Path, int] = {}
    for path in SOURCES:
        if path.name != "__init__.py":
            counts[path.parent] = counts.get(path.parent, 0) + 1
    crowded = {folder for folder, count in counts.items() if count > 12}
    assert crowded <= {ROOT / "solver" / "formats"}


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES + BESIDE
    }
    long = [f"{path.relative_to(ROOT)}: {lines}" for path, lines in lengths.items() if lines > 300]
    assert not long


def test_durations_are_taken_by_a_clock_that_never_jumps() -> None:
    """The clock of the day is set back and forth; only the age of a file is told by it."""
    asked = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("time.time", "time.time_ns")
    }
    assert asked <= {"tui/game/storage.py"}
