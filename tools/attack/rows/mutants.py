"""Row: the source of what says right and wrong, changed one place at a time; the tests notice."""

from __future__ import annotations

import ast
import copy
import importlib.machinery
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tools.attack.common import ROOT, Attack, Fault, Outcome

TARGETS: dict[str, tuple[str, ...]] = {
    "solver/board/grid.py": ("tests/solver/board/test_grid.py",),
    "solver/board/rules.py": ("tests/solver/board/test_rules.py",),
    "solver/solving/answer.py": ("tests/solver/solving",),
}
"""Source -> the tests that are to notice a change of it."""
LONGEST = 300
"""Seconds of a processor after which a change counts as noticed: the tests no longer end."""
OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def mutants(attack: Attack) -> Sequence[Fault]:
    """A row for each source."""
    return [partial(_source, attack, *target) for target in TARGETS.items()]


def _source(attack: Attack, source: str, tests: tuple[str, ...]) -> Outcome:
    outcome = attack.outcome(f"`{source}` changed in one place: noticed by its tests")
    import numpy  # noqa: F401  # loaded once, for all copies
    import pytest  # noqa: F401

    path = ROOT / source
    text = path.read_text()
    if _fails(path, text, tests):
        outcome.check(False, "its tests fail without a change")
        return outcome
    changes = [*changed(ast.parse(text))]
    noticed, unnoticed = 0, []
    for what, tree in attack.each(changes, 4):
        fails = _fails(path, ast.unparse(tree), tests)
        outcome.tries += 1
        noticed += fails
        if not fails:
            unnoticed.append(what)
            print(f"unnoticed, {source}, {what}", file=sys.stderr, flush=True)
        outcome.note = f"{noticed} of {outcome.tries} noticed, of {len(changes)} there are" + (
            f"; not: {', '.join(unnoticed)}" if unnoticed else ""
        )
    return outcome


def changed(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Each change of one place: where and what, and the whole changed tree."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt)]
    for number, node in enumerate(nodes):
        if isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.BinOp | ast.Constant):
            other = copy.deepcopy(tree)
            copies = [each for each in ast.walk(other) if isinstance(each, ast.expr | ast.stmt)]
            what = _change(copies[number])
            if what:
                yield f"line {node.lineno}: {what}", other


def _change(node: ast.AST) -> str:
    """Change a node in place; what was done, or "" where nothing is to be done."""
    before = ast.unparse(node)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        node.ops[0] = OTHER[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        node.value += 1
    else:
        return ""
    ast.fix_missing_locations(node)
    return f"{before} to {ast.unparse(node)}"


def _fails(path: Path, text: str, tests: tuple[str, ...]) -> bool:
    """Whether the tests fail with this text for the source, in a copy of this process."""
    copied = os.fork()
    if copied == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nowhere, number)
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
        os.chdir(ROOT)
        _replace(path, text)
        import pytest

        os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests])))
    return os.waitpid(copied, 0)[1] != 0


def _replace(path: Path, text: str) -> None:
    """Have the interpreter load `text` for the file at `path` from now on."""
    loader = importlib.machinery.SourceFileLoader
    load = loader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> object:
        if Path(self.path) == path:
            return compile(text, path, "exec", dont_inherit=True)
        return load(self, name)

    loader.get_code = get_code  # type: ignore[assignment, method-assign]
    for name in [name for name in sys.modules if name.partition(".")[0] == "solver"]:
        del sys.modules[name]
