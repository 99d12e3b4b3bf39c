"""A flat ONNX graph under revision: nodes in order, constants as arrays, shapes of all values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, helper, numpy_helper

Dims = tuple[int, ...]


class Net:
    """A flat graph with its constants as arrays. A free (batch) axis counts as size 1."""

    def __init__(self, model: ModelProto) -> None:
        self.model = onnx.shape_inference.infer_shapes(model)  # a copy: nodes get changed
        graph = self.model.graph
        self.nodes: list[NodeProto] = list(graph.node)
        self.constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        self.shapes: dict[str, Dims] = {n: a.shape for n, a in self.constants.items()}
        for value in (*graph.input, *graph.value_info, *graph.output):
            dims = value.type.tensor_type.shape.dim
            self.shapes[value.name] = tuple(d.dim_value or 1 for d in dims)
        self.outputs = [o.name for o in model.graph.output]
        self._count = 0

    def producer(self, name: str) -> NodeProto | None:
        """The node that makes a value; None for constants and inputs."""
        return next((n for n in self.nodes if name in n.output), None)

    def users(self, name: str) -> list[NodeProto]:
        """The nodes that take a value."""
        return [n for n in self.nodes if name in n.input]

    def alone(self, name: str) -> bool:
        """Whether exactly one node takes a value and the graph does not give it out."""
        return len(self.users(name)) == 1 and name not in self.outputs

    def constant(self, array: np.ndarray) -> str:
        """The name of a new constant."""
        self._count += 1
        name = f"optimised_{self._count}"
        self.constants[name], self.shapes[name] = array, array.shape
        return name

    def insert(self, before: NodeProto, kind: str, inputs: Sequence[str], dims: Dims) -> str:
        """A new node ahead of another; the name of its output, of shape `dims`."""
        self._count += 1
        name = f"optimised_{self._count}"
        node = helper.make_node(kind, list(inputs), [name])
        self.nodes.insert(self.nodes.index(before), node)
        self.shapes[name] = dims
        return name

    def replace(self, node: NodeProto, value: str) -> None:
        """Let all that take the output of `node` take `value` instead, and drop the node."""
        self.nodes.remove(node)
        for other in self.nodes:
            for i, name in enumerate(other.input):
                if name == node.output[0]:
                    other.input[i] = value
        if node.output[0] in self.outputs:
            self.nodes.append(helper.make_node("Identity", [value], [node.output[0]]))

    def tidy(self) -> None:
        """Drop nodes whose outputs nobody takes."""
        while True:
            used = {name for n in self.nodes for name in n.input} | set(self.outputs)
            kept = [n for n in self.nodes if used & set(n.output)]
            if len(kept) == len(self.nodes):
                return
            self.nodes = kept

    def proto(self) -> ModelProto:
        """The graph as a model again."""
        used = {name for n in self.nodes for name in n.input}
        model = ModelProto()
        model.CopyFrom(self.model)
        for field in (model.graph.node, model.graph.initializer, model.graph.value_info):
            del field[:]
        model.graph.node.extend(self.nodes)
        model.graph.initializer.extend(
            numpy_helper.from_array(array, name)
            for name, array in self.constants.items()
            if name in used
        )
        return model
