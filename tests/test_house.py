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


def checks(function: ast.AST, helpers: frozenset[str] = frozenset()) -> bool:
    """Whether a function asserts anything, expects an error, calls a helper that does, or runs a
    program that has to end well."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in {"raises", "warns", "fail"} | helpers or name.startswith("assert_"):
                return True
            if any(ast.unparse(word) == "check=True" for word in node.keywords):
                return True
    return False


def test_every_test_asserts_something() -> None:
    empty = []
    for path in (ROOT / "tests").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        made = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        helpers = frozenset(each.name for each in made if checks(each))
        tests = [each for each in made if each.name.startswith("test_")]
        empty += [f"{path.name}: {each.name}" for each in tests if not checks(each, helpers)]
    assert not empty


def test_a_test_without_an_assertion_is_found() -> None:
    bodies = {"assert x": True, "f()": False, "np.testing.assert_equal(1, x)": True, "pass": False}
    bodies |= {"run(code, check=True)": True, "run(code, check=False)": False}
    for body, told in bodies.items():
        assert checks(ast.parse(f"def test_it(): {body}")) == told
    assert checks(ast.parse("def test_it(): f()"), frozenset({"f"}))
