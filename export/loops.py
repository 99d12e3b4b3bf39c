"""The three loops of an exported policy, and what is done in each.

Views are around rounds, rounds around passes. A round is as many passes as it takes to solve one
puzzle more of the batch: within it nothing moves but the states, after it the solved puzzles are
dropped. All three end when no puzzle is left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper

from export.builder import Constants, Scope
from export.trace import Pieces
from export.views import Sharpness, Views
from solver.board.grid import UNITS

INT, FLOAT, BOOL = TensorProto.INT64, TensorProto.FLOAT, TensorProto.BOOL
_info = helper.make_tensor_value_info
Shape = tuple[int | str | None, ...]
Carried = tuple[str, int, Shape, str]
"""What a loop carries: its name, element type and shape, and the value that it has next."""


def _fewest(scope: Scope, shown: str) -> str:
    """[b] float32: how often the rarest digit of a unit stands in it, in the grid of the largest
    values of `shown` [b, 81, 9]. 0 where the grid breaks a rule, else 1."""
    units = np.zeros((27, 81), np.float32)
    units[np.arange(27)[:, None], np.array(UNITS)] = 1
    chosen = scope.op("Hardmax", shown, axis=-1)
    counts = scope.op("MatMul", scope.constants.add(units), chosen)
    return scope.op("ReduceMin", counts, scope.ints(1, 2), keepdims=0)


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


def _no_trace(scope: Scope) -> str:
    """A trace of no pass, [0, 81, 9]."""
    return scope.constants.add(np.zeros((0, 81, 9), np.float32))


def _typed(value: onnx.ValueInfoProto) -> tuple[int, Shape]:
    """Element type and shape of what a piece takes, the batch left open."""
    kind = value.type.tensor_type
    return kind.elem_type, (None, *(d.dim_value for d in kind.shape.dim[1:]))


def _body(
    scope: Scope, again: str, carried: list[Carried], scanned: Sequence[onnx.ValueInfoProto] = ()
) -> onnx.GraphProto:
    """A scope as the body of a loop that runs while `again` holds."""
    return scope.graph(
        [
            _info(f"{scope.name}/index", INT, ()),
            _info(f"{scope.name}/go", BOOL, ()),
            *(_info(f"{scope.name}/{name}", kind, shape) for name, kind, shape, _ in carried),
        ],
        [
            _info(again, BOOL, ()),
            *(_info(out, kind, shape) for _, kind, shape, out in carried),
            *scanned,
        ],
    )


def _passes(constants: Constants, step: ModelProto, told: str) -> onnx.GraphProto:
    """The inner loop: passes over the puzzles left, until the grid of one keeps the rules."""
    scope = Scope(constants, "pass")
    state, normed, found = scope.splice(step, "pass/state", "pass/normed", told)
    fewest = _fewest(scope, scope.op("Add", found, "round/givens"))
    again = scope.op("Less", scope.op("ReduceMax", fewest, keepdims=0), scope.scalar(0.5))
    seen = scope.op("Gather", found, scope.scalar(0))
    carried: list[Carried] = [
        ("state", *_typed(step.graph.input[0]), state),
        ("normed", *_typed(step.graph.input[1]), normed),
        ("found", FLOAT, (None, 81, 9), found),
        ("fewest", FLOAT, (None,), fewest),
    ]
    return _body(scope, again, carried, [_info(seen, FLOAT, (81, 9))])


def _rounds(constants: Constants, parts: Pieces) -> onnx.GraphProto:
    """The middle loop: the inner one, then what it solved is put down and dropped.

    It carries the states and kinds alone: what is made of them is several times as large.
    """
    scope = Scope(constants, "round")
    count = scope.op("Shape", "round/left")
    blank = scope.op("Concat", count, scope.ints(81, 9), axis=0)
    normed, told = scope.splice(parts.ready, "round/state", "round/kind")
    carried = (
        "round/state",
        normed,
        scope.op("Expand", scope.scalar(0.0), blank),
        scope.op("Expand", scope.scalar(0.0), count),
    )
    body = _passes(scope.constants, parts.step, told)
    rest = scope.op("Sub", "max_passes", "round/done")
    state, _, found, fewest, seen = scope.ops("Loop", 5, rest, "", *carried, body=body)
    passes = scope.op("Squeeze", scope.op("Shape", seen, start=0, end=1), scope.ints(0))
    done = scope.op("Add", "round/done", passes)
    taken = scope.op("Expand", done, count)
    keep = _where(scope, scope.op("Less", fewest, scope.scalar(0.5)))
    again = scope.op(
        "And",
        scope.op("Greater", scope.op("Size", keep), scope.scalar(0)),
        scope.op("Less", done, "max_passes"),
    )
    kept = {
        "state": (*_typed(parts.ready.graph.input[0]), state),
        "kind": (*_typed(parts.ready.graph.input[1]), "round/kind"),
        "givens": (FLOAT, (None, 81, 9), "round/givens"),
        "left": (INT, (None,), "round/left"),
    }
    return _body(
        scope,
        again,
        [
            *(
                (n, kind, shape, scope.op("Gather", v, keep))
                for n, (kind, shape, v) in kept.items()
            ),
            ("found", FLOAT, (None, 81, 9), _write(scope, "round/found", "round/left", found)),
            ("taken", INT, (None,), _write(scope, "round/taken", "round/left", taken)),
            ("done", INT, (), done),
            ("trace", FLOAT, (None, 81, 9), scope.op("Concat", "round/trace", seen, axis=0)),
        ],
    )


def _run_passes(scope: Scope, parts: Pieces, image: str) -> list[str]:
    """All passes over some puzzles [b, 81]: who is left unsolved [k], and of all the probabilities
    [b, 81, 9], the passes taken [b], and the trace [t, 81, 9]."""
    count = scope.op("Shape", image, start=0, end=1)
    everyone = scope.op(
        "Range", scope.scalar(0), scope.op("Squeeze", count, scope.ints(0)), scope.scalar(1)
    )
    blank = scope.op("Concat", count, scope.ints(81, 9), axis=0)
    carried = (
        *scope.splice(parts.first, image),
        _givens(scope, image),
        everyone,
        scope.op("Expand", scope.scalar(0.0), blank),
        scope.op("Expand", scope.scalar(0), count),
        scope.scalar(0),
        _no_trace(scope),
    )
    rounds = scope.ops("Loop", len(carried), "", "", *carried, body=_rounds(scope.constants, parts))
    *_, left, found, taken, _, trace = rounds
    return [left, found, taken, trace]


def _table(scope: Scope, array: np.ndarray, number: str) -> str:
    """Row `number` of a table of indices."""
    return scope.op("Gather", scope.constants.add(array.astype(np.int32)), number)


def _suppose(scope: Scope) -> tuple[str, str]:
    """The puzzles left [b, 81] with the candidate of the most doubt filled in, and the doubt
    [b, 81, 9] without it."""
    flat = scope.op("Reshape", "view/doubt", scope.ints(-1, 729))
    most = scope.op("Mul", scope.op("Hardmax", flat, axis=1), flat)
    here = scope.op("Greater", scope.op("Reshape", most, scope.ints(-1, 81, 9)), scope.scalar(0.0))
    digits = scope.op("Mul", scope.op("Cast", here, to=INT), scope.ints(*range(1, 10)))
    supposed = scope.op("ReduceSum", digits, scope.ints(2), keepdims=0)
    puzzles = scope.op("Add", scope.op("Gather", "puzzle", "view/rows"), supposed)
    return puzzles, scope.op("Where", here, scope.scalar(0.0), "view/doubt")


def _doubt(scope: Scope, found: str) -> str:
    """Of probabilities [b, 81, 9], how much each candidate of a blank is in doubt, 0 elsewhere."""
    log = scope.op("Log", scope.op("Max", found, scope.scalar(1e-30)))
    terms = scope.op("Mul", found, scope.op("Neg", log))
    entropy = scope.op("ReduceSum", terms, scope.ints(2), keepdims=1)
    givens = scope.op("Unsqueeze", scope.op("Gather", "puzzle", "view/rows"), scope.ints(2))
    blank = scope.op("Equal", givens, scope.scalar(0))
    return scope.op("Where", blank, scope.op("Mul", terms, entropy), scope.scalar(0.0))


def _look(scope: Scope, views: Views, parts: Pieces, number: str, puzzles: str) -> list[str]:
    """View `number` of some puzzles, in its image and undone; gives what `_run_passes` does."""
    cells = _table(scope, views.cells, number)
    back = _table(scope, views.inverse_cells, number), _table(scope, views.places, number)
    digits = scope.op("Gather", scope.constants.add(views.digits), number)
    image = scope.op("Gather", digits, scope.op("Gather", puzzles, cells, axis=1))
    left, found, taken, seen = _run_passes(scope, parts, image)
    found, seen = (
        scope.op("Gather", scope.op("Gather", each, back[0], axis=1), back[1], axis=2)
        for each in (found, seen)
    )
    return [left, found, taken, seen]


def _views(constants: Constants, views: Views, parts: Pieces) -> onnx.GraphProto:
    """The outer loop: one view of the puzzles left, and the answers it gives."""
    scope = Scope(constants, "view")
    number = scope.op("Add", "view/index", "first_view")
    supposed, doubt = _suppose(scope)
    left, found, taken, seen = _look(scope, views, parts, number, supposed)

    # what the first view doubts is what all others suppose
    first = scope.op("Equal", "view/index", scope.scalar(0))
    doubt = scope.op("Where", first, _doubt(scope, found), doubt)

    # it answers what it solved, and the first view everything
    no = scope.op("Expand", scope.scalar(False), scope.op("Shape", left))
    yes = scope.op("Expand", scope.scalar(True), scope.op("Shape", "view/rows"))
    answers = _where(scope, scope.op("Or", _write(scope, yes, left, no), first))
    rows = scope.op("Gather", "view/rows", answers)
    this = scope.op("Expand", number, scope.op("Shape", rows))
    spent = scope.op("Add", taken, scope.op("Gather", "view/spent", "view/rows"))
    remaining = scope.op("Gather", "view/rows", left)
    again = scope.op("Greater", scope.op("Size", remaining), scope.scalar(0))
    answered = _write(scope, "view/answer", rows, scope.op("Gather", found, answers))
    carried: list[Carried] = [
        ("rows", INT, (None,), remaining),
        ("doubt", FLOAT, (None, 81, 9), scope.op("Gather", doubt, left)),
        ("answer", FLOAT, (None, 81, 9), answered),
        ("answering", INT, (None,), _write(scope, "view/answering", rows, this)),
        ("spent", INT, (None,), _write(scope, "view/spent", "view/rows", spent)),
        ("trace", FLOAT, (None, 81, 9), scope.op("Concat", "view/trace", seen, axis=0)),
    ]
    return _body(scope, again, carried)


def _sharp(scope: Scope, probabilities: str, valid: str, sharpness: Sharpness) -> str:
    """[b, 81, 9]: an answer's probabilities, raised to a power and summing to 1."""
    powers = (scope.scalar(float(power)) for power in (sharpness.right, sharpness.wrong))
    power = scope.op("Unsqueeze", scope.op("Where", valid, *powers), scope.ints(1, 2))
    most = scope.op("ReduceMax", probabilities, scope.ints(2), keepdims=1)
    raised = scope.op("Pow", scope.op("Div", probabilities, most), power)
    return scope.op("Div", raised, scope.op("ReduceSum", raised, scope.ints(2), keepdims=1))


def main_scope(constants: Constants, views: Views, parts: Pieces, sharpness: Sharpness) -> Scope:
    """The main graph: empty answers in, the outer loop, the checked grid out."""
    scope = Scope(constants, "main")
    batch = scope.op("Shape", "puzzle", start=0, end=1)
    size = scope.op("Squeeze", batch, scope.ints(0))
    everyone = scope.op("Range", scope.scalar(0), size, scope.scalar(1))
    candidates = scope.op("Concat", batch, scope.ints(81, 9), axis=0)
    nothing = scope.op("Expand", scope.scalar(0.0), candidates)
    zeros = scope.op("Expand", scope.scalar(0), batch)
    rest = scope.op("Sub", scope.scalar(len(views)), "first_view")
    trips = scope.op("Min", "max_views", rest)
    some = scope.op("Greater", size, scope.scalar(0))
    carried = (everyone, nothing, nothing, zeros, zeros, _no_trace(scope))
    body = _views(constants, views, parts)
    *_, answer, view, spent, seen = scope.ops("Loop", 6, trips, some, *carried, body=body)
    shown = scope.op("Add", answer, _givens(scope, "puzzle"))
    grid = scope.op("Add", scope.op("ArgMax", shown, axis=-1, keepdims=0), scope.scalar(1))
    valid = scope.op("Greater", _fewest(scope, shown), scope.scalar(0.5))
    for name, value in (
        ("probabilities", _sharp(scope, answer, valid, sharpness)),
        ("grid", grid),
        ("passes", spent),
        ("view", view),
        ("valid", valid),
        ("trace", seen),
    ):
        scope.nodes.append(helper.make_node("Identity", [value], [name]))
    return scope
