"""The two loops of an exported policy: views around passes, and what is done in each.

The passes work on the puzzles that are unsolved so far: the state of a solved one is dropped at
the pass that solved it, and both loops end when no puzzle is left.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper

from export.graph import Constants, Scope, Value
from export.pieces import Pieces
from export.tta import RIGHT, Sharpness, Views
from solver.grid import UNITS

INT, FLOAT, BOOL = TensorProto.INT64, TensorProto.FLOAT, TensorProto.BOOL
Shape = tuple[int | str | None, ...]


def _unsolved(scope: Scope, shown: str) -> str:
    """[b] bool: the grid of the largest values of `shown` [b, 81, 9] breaks a rule."""
    units = np.zeros((27, 81), np.float32)
    units[np.arange(27)[:, None], np.array(UNITS)] = 1
    chosen = scope.op("Hardmax", shown, axis=-1)
    counts = scope.op("MatMul", scope.constants.add(units), chosen)
    least = scope.op("ReduceMin", counts, scope.ints(1, 2), keepdims=0)
    return scope.op("Less", least, scope.scalar(0.5))


def _givens(scope: Scope, puzzle: str) -> str:
    """[b, 81, 9] float32: 2 where a given stands, more than any probability."""
    cells = scope.op("Unsqueeze", puzzle, scope.ints(2))
    same = scope.op("Equal", cells, scope.ints(*range(1, 10)))
    return scope.op("Mul", scope.op("Cast", same, to=FLOAT), scope.scalar(2.0))


def _where(scope: Scope, mask: str) -> str:
    """[k] int64: the positions at which the one-dimensional `mask` holds."""
    return scope.op("Reshape", scope.op("NonZero", mask), scope.ints(-1))


def _write(scope: Scope, target: str, rows: str, values: str) -> str:
    """`target` with `values` [k, ...] at its rows `rows` [k]."""
    return scope.op("ScatterND", target, scope.op("Unsqueeze", rows, scope.ints(1)), values)


def _count(scope: Scope, rows: str) -> str:
    """The length of a vector, without dimensions."""
    return scope.op("Size", rows)


def _passes(constants: Constants, step: ModelProto) -> onnx.GraphProto:
    """The inner loop: one pass over the puzzles left, and the rule check."""
    scope = Scope(constants, "pass")
    state = step.graph.input[0].type.tensor_type
    shape: Shape = (None, *(d.dim_value for d in state.shape.dim[1:]))
    kind = scope.op("Gather", "view/kind", "pass/left")
    now, probabilities = scope.splice(step, "pass/state", kind)
    found = _write(scope, "pass/found", "pass/left", probabilities)
    one = scope.op("Add", "pass/index", scope.scalar(1))
    taken = _write(
        scope, "pass/taken", "pass/left", scope.op("Expand", one, scope.op("Shape", "pass/left"))
    )
    shown = scope.op("Add", probabilities, scope.op("Gather", "view/givens", "pass/left"))
    keep = _where(scope, _unsolved(scope, shown))
    left = scope.op("Gather", "pass/left", keep)
    state_next = scope.op("Gather", now, keep)
    again = scope.op("Greater", _count(scope, keep), scope.scalar(0))
    seen = scope.op("Gather", found, scope.scalar(0))
    carried = [
        ("state", state.elem_type, shape, state_next),
        ("left", INT, (None,), left),
        ("found", FLOAT, (None, 81, 9), found),
        ("taken", INT, (None,), taken),
    ]
    return scope.graph(
        [
            Value("pass/index", INT, ()),
            Value("pass/go", BOOL, ()),
            *(Value(f"pass/{name}", kind, s) for name, kind, s, _ in carried),
        ],
        [
            Value(again, BOOL, ()),
            *(Value(out, kind, s) for _, kind, s, out in carried),
            Value(seen, FLOAT, (81, 9)),
        ],
    )


def _table(scope: Scope, array: np.ndarray, number: str) -> str:
    """Row `number` of a table of indices."""
    return scope.op("Gather", scope.constants.add(array.astype(np.int32)), number)


def _move(scope: Scope, candidates: str, cells: str, places: str, *rest: int) -> str:
    """Values of the candidates [b, 9, 9, 9, *rest]: at cell i and place j what was at `cells[i]`
    and `places[j]`."""
    flat = scope.op("Reshape", candidates, scope.ints(-1, 81, 9, *rest))
    flat = scope.op("Gather", scope.op("Gather", flat, cells, axis=1), places, axis=2)
    return scope.op("Reshape", flat, scope.ints(-1, 9, 9, 9, *rest))


def _run_passes(scope: Scope, step: ModelProto, state: str, count: str) -> list[str]:
    """The inner loop: the states of those who are left [k, …] and which they are [k], and of all
    in this view the probabilities [b, 81, 9], the passes taken [b], and the trace [t, 81, 9]."""
    everyone = scope.op(
        "Range", scope.scalar(0), scope.op("Squeeze", count, scope.ints(0)), scope.scalar(1)
    )
    blank = scope.op("Concat", count, scope.ints(81, 9), axis=0)
    found = scope.op("Expand", scope.scalar(0.0), blank)
    taken = scope.op("Expand", scope.scalar(0), count)
    body = _passes(scope.constants, step)
    carried = (state, everyone, found, taken)
    return scope.ops("Loop", 5, "max_passes", "", *carried, body=body)


def _sureness(scope: Scope, found: str, left: str, count: str) -> str:
    """[b] float32: the mean over cells of the largest probability, more than that if solved."""
    sure = scope.op("ReduceMax", found, scope.ints(2), keepdims=0)
    sure = scope.op("ReduceMean", sure, scope.ints(1), keepdims=0)
    nothing = scope.op("Expand", scope.scalar(0.0), scope.op("Shape", left))
    solved = _write(scope, scope.op("Expand", scope.scalar(RIGHT), count), left, nothing)
    return scope.op("Add", sure, solved)


def _look(scope: Scope, views: Views, parts: Pieces, number: str, kind: str) -> list[str]:
    """View `number` of the puzzles left, in its image and undone; gives what `_run_passes` does."""
    cells = _table(scope, views.cells, number)
    there = cells, _table(scope, views.inverse_places, number)
    back = _table(scope, views.inverse_cells, number), _table(scope, views.places, number)
    digits = scope.op("Gather", scope.constants.add(views.digits), number)
    puzzles = scope.op("Gather", "puzzle", "view/rows")
    image = scope.op("Gather", digits, scope.op("Gather", puzzles, cells, axis=1))
    kinds = _move(scope, scope.op("Gather", kind, "view/rows"), *there)
    for name, value in (("view/givens", _givens(scope, image)), ("view/kind", kinds)):
        scope.nodes.append(helper.make_node("Identity", [value], [name]))

    width = views.noise.shape[-1]
    noise = scope.op("Cast", scope.constants.add(views.noise), to=FLOAT)
    strength = scope.op("Gather", scope.constants.add(views.strength), number)
    state = _move(scope, "view/state", *there, width)
    (state,) = scope.splice(parts.shake, state, noise, strength)
    count = scope.op("Shape", "view/rows")
    state, left, found, taken, seen = _run_passes(scope, parts.step, state, count)
    state = _move(scope, state, *back, width)
    found, seen = (
        scope.op("Gather", scope.op("Gather", each, back[0], axis=1), back[1], axis=2)
        for each in (found, seen)
    )
    return [state, left, found, taken, seen]


def _views(constants: Constants, views: Views, parts: Pieces, kind: str) -> onnx.GraphProto:
    """The outer loop: one view of the puzzles left, and the better answers kept."""
    scope = Scope(constants, "view")
    number = scope.op("Add", "view/index", "first_view")
    state, left, found, taken, seen = _look(scope, views, parts, number, kind)
    count = scope.op("Shape", "view/rows")
    sure = _sureness(scope, found, left, count)
    better = _where(scope, scope.op("Greater", sure, scope.op("Gather", "view/sure", "view/rows")))
    rows = scope.op("Gather", "view/rows", better)
    spent = scope.op("Add", taken, scope.op("Gather", "view/spent", "view/rows"))
    remaining = scope.op("Gather", "view/rows", left)
    again = scope.op("Greater", _count(scope, remaining), scope.scalar(0))
    this = scope.op("Expand", number, scope.op("Shape", rows))
    best = _write(scope, "view/best", rows, scope.op("Gather", found, better))
    surest = _write(scope, "view/sure", rows, scope.op("Gather", sure, better))
    kind_of_state = parts.first.graph.output[0].type.tensor_type.elem_type
    shape: Shape = (None, 9, 9, 9, views.noise.shape[-1])
    carried: list[tuple[str, int, Shape, str]] = [
        ("rows", INT, (None,), remaining),
        ("state", kind_of_state, shape, state),
        ("best", FLOAT, (None, 81, 9), best),
        ("sure", FLOAT, (None,), surest),
        ("answering", INT, (None,), _write(scope, "view/answering", rows, this)),
        ("spent", INT, (None,), _write(scope, "view/spent", "view/rows", spent)),
        ("trace", FLOAT, (None, 81, 9), scope.op("Concat", "view/trace", seen, axis=0)),
    ]
    return scope.graph(
        [
            Value("view/index", INT, ()),
            Value("view/go", BOOL, ()),
            *(Value(f"view/{name}", kind, s) for name, kind, s, _ in carried),
        ],
        [Value(again, BOOL, ()), *(Value(out, kind, s) for _, kind, s, out in carried)],
    )


def _sharp(scope: Scope, probabilities: str, valid: str, sharpness: Sharpness) -> str:
    """[b, 81, 9]: an answer's probabilities, raised to a power and summing to 1."""
    powers = (scope.scalar(float(power)) for power in (sharpness.right, sharpness.wrong))
    power = scope.op("Unsqueeze", scope.op("Where", valid, *powers), scope.ints(1, 2))
    raised = scope.op("Pow", probabilities, power)
    return scope.op("Div", raised, scope.op("ReduceSum", raised, scope.ints(2), keepdims=1))


def main_scope(constants: Constants, views: Views, parts: Pieces, sharpness: Sharpness) -> Scope:
    """The main graph: first states and empty answers in, the outer loop, the checked grid out."""
    scope = Scope(constants, "main")
    state, kind = scope.splice(parts.first, "puzzle")
    batch = scope.op("Shape", "puzzle", start=0, end=1)
    size = scope.op("Squeeze", batch, scope.ints(0))
    everyone = scope.op("Range", scope.scalar(0), size, scope.scalar(1))
    best = scope.op(
        "Expand", scope.scalar(0.0), scope.op("Concat", batch, scope.ints(81, 9), axis=0)
    )
    sure = scope.op("Expand", scope.scalar(-1.0), batch)
    zeros = scope.op("Expand", scope.scalar(0), batch)
    empty = constants.add(np.zeros((0, 81, 9), np.float32))
    rest = scope.op("Sub", scope.scalar(len(views)), "first_view")
    trips = scope.op("Min", "max_views", rest)
    some = scope.op("Greater", size, scope.scalar(0))
    _, _, best, _, view, spent, seen = scope.ops(
        "Loop",
        7,
        trips,
        some,
        everyone,
        state,
        best,
        sure,
        zeros,
        zeros,
        empty,
        body=_views(constants, views, parts, kind),
    )
    shown = scope.op("Add", best, _givens(scope, "puzzle"))
    grid = scope.op("Add", scope.op("ArgMax", shown, axis=-1, keepdims=0), scope.scalar(1))
    valid = scope.op("Not", _unsolved(scope, shown))
    for name, value in (
        ("probabilities", _sharp(scope, best, valid, sharpness)),
        ("grid", grid),
        ("passes", spent),
        ("view", view),
        ("valid", valid),
        ("trace", seen),
    ):
        scope.nodes.append(helper.make_node("Identity", [value], [name]))
    return scope
