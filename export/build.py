"""One ONNX file per policy: views and passes are loops in the graph; the weights are stored once.

Input: `puzzle` int64 [batch, 81], 0 for a blank. Outputs, a row a puzzle:

- `probabilities` float32 [batch, 81, 9], the policy's in the answering view, sharpened so that they
  are calibrated (`export.calibrate`);
- `grid` int64 [batch, 81]: the likeliest digit of each cell, the given where there is one;
- `passes` int64 [batch]: applications of the block to this puzzle, all views tried together;
- `view` int64 [batch]: the view that answered, the first where none solved the puzzle;
- `valid` bool [batch]: is `grid` right by the rules (it keeps the givens always);
- `trace` float32 [steps, 81, 9]: the policy's own probabilities after each pass, for the grid that
  settles. It follows the first puzzle of the batch that is unsolved, so ask for it with one puzzle.

Three scalars with defaults may be set as further inputs of a run (ONNX calls them overridable
initializers), all int64: `max_views` and `max_passes`, how many of each to try, and `first_view`,
where to begin: the first that is tried supposes nothing, whichever it is. Views beyond those in the
file do not exist: `max_views` is cut to what is left.

The loops are in `export.loops`, the rewriting of a pass for speed in `export.rewrite.rules`.
"""

from __future__ import annotations

import json
from typing import Any

from onnx import ModelProto, helper

from export.builder import Constants
from export.loops import BOOL, FLOAT, INT, main_scope
from export.trace import OPSET, Pieces
from export.views import Sharpness, Views
from solver.policy.checks import SCHEMA
from solver.policy.stamp import EMPTY, stamp
from training.network.base import Network
from training.network.registry import described

IR_VERSION = 10


def assemble(views: Views, parts: Pieces, passes: int, sharpness: Sharpness) -> ModelProto:
    """The whole graph: the pieces in their loops."""
    constants = Constants()
    scope = main_scope(constants, views, parts, sharpness)
    settings = {"max_views": len(views), "max_passes": passes, "first_view": 0}
    graph = helper.make_graph(
        scope.nodes,
        "policy",
        [
            helper.make_tensor_value_info("puzzle", INT, ["batch", 81]),
            *(helper.make_tensor_value_info(name, INT, []) for name in settings),
        ],
        [
            helper.make_tensor_value_info("probabilities", FLOAT, ["batch", 81, 9]),
            helper.make_tensor_value_info("grid", INT, ["batch", 81]),
            helper.make_tensor_value_info("passes", INT, ["batch"]),
            helper.make_tensor_value_info("view", INT, ["batch"]),
            helper.make_tensor_value_info("valid", BOOL, ["batch"]),
            helper.make_tensor_value_info("trace", FLOAT, ["steps", 81, 9]),
        ],
        initializer=[
            *constants.tensors.values(),
            *(helper.make_tensor(name, INT, [], [value]) for name, value in settings.items()),
        ],
    )
    return helper.make_model(
        graph,
        opset_imports=[
            helper.make_opsetid("", OPSET),
            *(o for o in parts.step.opset_import if o.domain),
        ],
        ir_version=IR_VERSION,
        producer_name="sudoku-policy",
    )


def seal(model: ModelProto, policy: Network, metadata: dict[str, Any]) -> bytes:
    """The bytes of a file that carries `metadata` (as JSON where no text) and its hash."""
    entries = {"schema": SCHEMA, "hash": EMPTY, **described(policy), **metadata}
    del model.metadata_props[:]
    for key, value in entries.items():
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        model.metadata_props.add(key=key, value=text)
    return stamp(model.SerializeToString(deterministic=True))
