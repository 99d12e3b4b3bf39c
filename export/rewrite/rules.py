"""Rewriting the graph of one pass so that it costs less and computes the same.

Each rule is an identity of real arithmetic; the parity check sees to the rounding. They know
operators, not the policy: a rule that finds nothing to do changes nothing. What each brought
stands in `LOG.md`.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from export.rewrite.net import Dims, Net


def _attribute(node: NodeProto, name: str, default: int) -> int:
    return next((a.i for a in node.attribute if a.name == name), default)


def fold_constants(net: Net) -> None:
    """Compute what depends on constants alone: transposed and split weights."""
    for node in list(net.nodes):
        if node.input and all(name in net.constants or not name for name in node.input):
            names = [name for name in node.input if name]
            graph = helper.make_graph(
                [node],
                "fold",
                [
                    helper.make_tensor_value_info(
                        n, helper.np_dtype_to_tensor_dtype(net.constants[n].dtype), None
                    )
                    for n in names
                ],
                [onnx.ValueInfoProto(name=name) for name in node.output],
            )
            single = helper.make_model(graph, opset_imports=net.model.opset_import)
            values = ReferenceEvaluator(single).run(None, {n: net.constants[n] for n in names})
            for name, value in zip(node.output, values, strict=True):
                net.constants[name], net.shapes[name] = np.asarray(value), np.shape(value)
            net.nodes.remove(node)


def narrow_gains(net: Net) -> None:
    """A gain that is one number everywhere, made as large as what is normed, becomes a constant of
    the last axis alone, which takes ONNX Runtime's fast path."""
    for node in [n for n in net.nodes if n.op_type == "RMSNormalization"]:
        gain = net.producer(node.input[1])
        last = len(net.shapes[node.input[0]]) - 1
        if gain is None or gain.op_type != "ConstantOfShape":
            continue
        if _attribute(node, "axis", -1) in (-1, last):
            value = next(numpy_helper.to_array(a.t) for a in gain.attribute if a.name == "value")
            width = net.shapes[node.input[0]][last]
            node.input[1] = net.constant(np.repeat(value, width))


def _product(net: Net, name: str) -> NodeProto | None:
    """The node that makes `name` as a product with a constant matrix, if that is what makes it."""
    node = net.producer(name)
    if node is not None and node.op_type == "MatMul":
        weight = net.constants.get(node.input[1])
        if weight is not None and weight.ndim == 2:
            return node
    return None


def divide_products(net: Net) -> None:
    """Split(x W) becomes x W1, x W2, …, where every part is summed over nodes next.

    Undivided, the product of all nodes would be made first; `sums_first` makes it of the sums.
    """
    for node in [n for n in net.nodes if n.op_type == "Split"]:
        product = _product(net, node.input[0])
        last = len(net.shapes[node.input[0]]) - 1
        if product is None or _attribute(node, "axis", 0) not in (-1, last):
            continue
        if not net.alone(node.input[0]) or not all(_only_summed(net, o) for o in node.output):
            continue
        weight, at = net.constants[product.input[1]], 0
        for output in node.output:
            dims = net.shapes[output]
            part = net.constant(np.ascontiguousarray(weight[:, at : at + dims[-1]]))
            at += dims[-1]
            made = net.insert(node, "MatMul", [product.input[0], part], dims)
            for user in net.users(output):
                user.input[:] = [made if name == output else name for name in user.input]
        net.tidy()


def _only_summed(net: Net, name: str) -> bool:
    """Whether all that takes a value are sums over other axes than the last, or reshapes to it."""
    users = net.users(name)
    last = net.shapes[name][-1]
    return bool(users) and all(
        _sums_nodes(net, user)
        or (
            user.op_type == "Reshape"
            and net.shapes[user.output[0]][-1] == last
            and _only_summed(net, user.output[0])
        )
        for user in users
    )


def _sums_nodes(net: Net, node: NodeProto) -> bool:
    """Whether a node sums over axes of which none is the last."""
    if node.op_type != "ReduceSum" or len(node.input) < 2 or node.input[1] not in net.constants:
        return False
    rank = len(net.shapes[node.input[0]])
    return all(axis % rank != rank - 1 for axis in net.constants[node.input[1]].tolist())


def sums_first(net: Net) -> None:
    """sum(x W) becomes sum(x) W: the product is made of fewer nodes."""
    changed = True
    while changed:
        changed = False
        for node in list(net.nodes):
            moves = node.op_type == "Reshape" or _sums_nodes(net, node)
            product = _product(net, node.input[0]) if moves and node.input else None
            if product is None or not _only_summed(net, product.output[0]):
                continue
            width = net.shapes[product.input[0]][-1]
            dims = (*net.shapes[node.output[0]][:-1], width)
            if node.op_type == "Reshape":
                target = net.constants.get(node.input[1])
                if target is None or net.shapes[node.output[0]][-1] != target[-1]:
                    continue
                second = net.constant(np.array([*target[:-1], width], np.int64))
            else:
                second = node.input[1]
            inner = net.insert(node, node.op_type, [product.input[0], second], dims)
            net.producer(inner).attribute.extend(node.attribute)  # type: ignore[union-attr]
            outer = net.insert(
                node, "MatMul", [inner, product.input[1]], net.shapes[node.output[0]]
            )
            net.replace(node, outer)
            net.tidy()
            changed = True
            break


def compose_products(net: Net) -> None:
    """(x V) W becomes x (V W), also through a sum, where the inner product serves nothing else
    and is no narrower than x."""
    changed = True
    while changed:
        changed = False
        for inner in [n for n in net.nodes if _product(net, n.output[0]) is n]:
            weight = net.constants[inner.input[1]]
            if weight.shape[1] < weight.shape[0] or not _only_linear(net, inner.output[0]):
                continue
            _move_through(net, inner.output[0], inner.input[0], weight)
            net.tidy()
            changed = True
            break


def _only_linear(net: Net, name: str) -> bool:
    """Whether a value goes into products with constant matrices alone, directly or summed."""
    users = net.users(name)
    return bool(users) and name not in net.outputs and all(
        (_product(net, u.output[0]) is u and u.input[0] == name)
        or (_sums_nodes(net, u) and _only_linear(net, u.output[0]))
        for u in users
    )  # fmt: skip


def _move_through(net: Net, name: str, source: str, weight: np.ndarray) -> None:
    """Let the users of `name` = `source` x `weight` take `source`, the weight joined to theirs."""
    for user in net.users(name):
        if user.op_type == "MatMul":
            joined = weight.astype(np.float64) @ net.constants[user.input[1]].astype(np.float64)
            user.input[:] = [source, net.constant(joined.astype(weight.dtype))]
        else:
            dims = (*net.shapes[user.output[0]][:-1], weight.shape[0])
            summed = net.insert(user, user.op_type, [source, user.input[1]], dims)
            net.producer(summed).attribute.extend(user.attribute)  # type: ignore[union-attr]
            _move_through(net, user.output[0], summed, weight)


def _leaves(net: Net, name: str, root: bool = True) -> list[str]:
    """The terms of a sum: through additions, and a bias out of a reshape that keeps the last
    axis."""
    node = net.producer(name)
    if node is None or not (root or net.alone(name)):
        return [name]
    if node.op_type == "Add":
        return [leaf for part in node.input for leaf in _leaves(net, part, root=False)]
    if node.op_type in ("Reshape", "Unsqueeze") and net.alone(node.input[0]):
        add = net.producer(node.input[0])
        if add is not None and add.op_type == "Add":
            bias = next((i for i in add.input if i in net.constants), None)
            width = net.shapes[name][-1:]
            if bias is not None and net.shapes[bias] == width == net.shapes[node.input[0]][-1:]:
                node.input[0] = next(i for i in add.input if i != bias)
                return [name, bias]
    return [name]


def _union(left: Dims, right: Dims) -> Dims:
    return np.broadcast_shapes(left, right)


def regroup_additions(net: Net) -> None:
    """Terms of a sum that are small together are added first: a bias to the smallest term."""
    done: set[str] = set()
    while True:
        roots = [
            n
            for n in net.nodes
            if n.op_type == "Add"
            and n.output[0] not in done
            and not (
                net.alone(n.output[0])
                and net.users(n.output[0])[0].op_type == "Add"
            )
        ]  # fmt: skip
        if not roots:
            return
        node = roots[0]
        done.add(node.output[0])
        terms = _leaves(net, node.output[0])
        if len(terms) > 2:
            while len(terms) > 1:
                pairs = [(a, b) for i, a in enumerate(terms) for b in terms[i + 1 :]]
                one, other = min(
                    pairs,
                    key=lambda p: np.prod(_union(net.shapes[p[0]], net.shapes[p[1]])),
                )
                dims = _union(net.shapes[one], net.shapes[other])
                made = net.insert(node, "Add", [one, other], dims)
                done.add(made)
                terms = [made if t == one else t for t in terms if t != other]
            net.replace(node, terms[0])
            net.tidy()


def scalars(net: Net) -> None:
    """A constant of one element becomes a scalar, which takes the fast path in arithmetic."""
    for node in net.nodes:
        if node.op_type in ("Add", "Mul", "Sub", "Div"):
            for i, name in enumerate(node.input):
                array = net.constants.get(name)
                other = net.shapes.get(node.input[1 - i], ())
                if array is not None and array.size == 1 and 0 < array.ndim <= len(other):
                    node.input[i] = net.constant(array.reshape(()))


RULES = (
    fold_constants,
    narrow_gains,
    divide_products,
    sums_first,
    compose_products,
    regroup_additions,
    scalars,
)


def optimised(model: ModelProto) -> ModelProto:
    """`model`, a flat graph, rewritten by all rules."""
    net = Net(model)
    for rule in RULES:
        rule(net)
        net.tidy()
    return net.proto()
