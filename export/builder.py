"""Building ONNX graphs by hand: nodes by name, constants shared, other models spliced in."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper


class Constants:
    """The initializers of the outermost graph; every inner graph sees them by name."""

    def __init__(self) -> None:
        self.tensors: dict[str, TensorProto] = {}
        self._names: dict[tuple[str, tuple[int, ...], bytes], str] = {}

    def add(self, array: np.ndarray, hint: str = "constant") -> str:
        """The name of an initializer that holds `array`; equal arrays share one."""
        key = (str(array.dtype), array.shape, array.tobytes())
        if key not in self._names:
            name = f"{hint}_{len(self.tensors)}"
            self._names[key] = name
            self.tensors[name] = numpy_helper.from_array(array.copy(), name)
        return self._names[key]


class Scope:
    """One graph under construction: the main graph or the body of a loop."""

    def __init__(self, constants: Constants, name: str) -> None:
        self.constants = constants
        self.name = name
        self.nodes: list[NodeProto] = []
        self._count = 0

    def fresh(self, hint: str) -> str:
        """A value name that no other value of the model has."""
        self._count += 1
        return f"{self.name}/{hint}_{self._count}"

    def ints(self, *values: int) -> str:
        """A one-dimensional int64 constant."""
        return self.constants.add(np.array(values, np.int64))

    def scalar(self, value: int | float | bool) -> str:
        """A constant without dimensions: int64, float32 or bool."""
        kind = {bool: np.bool_, int: np.int64, float: np.float32}[type(value)]
        return self.constants.add(np.array(value, kind))

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one output and return the name of that output."""
        return self.ops(kind, 1, *inputs, **attributes)[0]

    def ops(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """Add a node and return the names of its outputs."""
        names = [self.fresh(kind) for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names

    def splice(self, model: ModelProto, *inputs: str) -> list[str]:
        """Add all nodes of `model`, its inputs bound to `inputs`; the names of its outputs."""
        graph = model.graph
        if len(graph.input) != len(inputs):
            raise ValueError(f"{len(inputs)} inputs for a model that takes {len(graph.input)}")
        prefix = self.fresh("splice")
        renamed = dict(zip((i.name for i in graph.input), inputs, strict=True))
        for tensor in graph.initializer:
            renamed[tensor.name] = self.constants.add(numpy_helper.to_array(tensor), "weight")
        for node in graph.node:
            assert not any(a.type == onnx.AttributeProto.GRAPH for a in node.attribute)
            copy = NodeProto()
            copy.op_type, copy.domain = node.op_type, node.domain
            copy.attribute.extend(node.attribute)
            copy.input.extend(renamed[n] if n else "" for n in node.input)
            for name in node.output:
                renamed[name] = f"{prefix}/{name}" if name else ""
                copy.output.append(renamed[name])
            self.nodes.append(copy)
        return [renamed[o.name] for o in graph.output]

    def graph(
        self, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]
    ) -> GraphProto:
        """This scope as the body of a loop."""
        return helper.make_graph(self.nodes, self.name, inputs, outputs)
