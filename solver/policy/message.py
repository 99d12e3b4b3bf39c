"""Reads an ONNX file's bytes as far as needed to trust it, before any program loads it.

An ONNX file is a protobuf message: fields of a number and a type, some of them messages again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

METADATA: Final = 14
"""The field of the model that holds one (key, value) of its metadata."""
_KEY, _VALUE = 1, 2
_LENGTH: Final = 2
"""The type of a field that holds bytes or a message."""

_MESSAGES: Final[dict[str, dict[int, str]]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
"""Of each message that can hold a tensor, the fields that lead to it."""
_EXTERNAL: Final = (13, 14)
"""The fields of a tensor that say where else its data lie."""
_DEEPEST: Final = 60


class MessageError(ValueError):
    """Bytes that are not such a message."""


class Field(NamedTuple):
    """One field of a message: its number, its value where it is a number, and its place."""

    number: int
    kind: int
    value: int
    start: int
    stop: int


def fields(data: bytes, start: int, stop: int) -> Iterator[Field]:
    """The fields of the message between two places. Raises `MessageError`."""
    place = start
    while place < stop:
        tag, place = _number(data, place, stop)
        kind, value, begin = tag & 7, 0, place
        if kind == 0:
            value, place = _number(data, place, stop)
        elif kind == _LENGTH:
            size, begin = _number(data, place, stop)
            place = begin + size
        elif kind in (1, 5):
            place += 8 if kind == 1 else 4
        else:
            raise MessageError(f"a field of type {kind}")
        if place > stop:
            raise MessageError("a field that ends too late")
        yield Field(tag >> 3, kind, value, begin, place)


def _number(data: bytes, place: int, stop: int) -> tuple[int, int]:
    value = shift = 0
    while place < stop and shift < 70:
        byte = data[place]
        value |= (byte & 127) << shift
        place += 1
        if byte < 128:
            return value, place
        shift += 7
    raise MessageError("a number without an end")


class Entry(NamedTuple):
    """One entry of the metadata, and where its value lies."""

    key: bytes
    value: bytes
    place: slice


def entries(data: bytes) -> Iterator[Entry]:
    """The entries of a model's metadata. Raises `MessageError`."""
    for field in fields(data, 0, len(data)):
        if field.number == METADATA and field.kind == _LENGTH:
            key, place = b"", slice(field.stop, field.stop)
            for part in fields(data, field.start, field.stop):
                if part.number == _KEY and part.kind == _LENGTH:
                    key = data[part.start : part.stop]
                elif part.number == _VALUE and part.kind == _LENGTH:
                    place = slice(part.start, part.stop)
            yield Entry(key, data[place], place)


def has_external_data(data: bytes) -> bool:
    """Whether some tensor of the model lies in another file. Raises `MessageError`."""
    waiting = [("model", 0, len(data), 0)]
    while waiting:
        name, start, stop, depth = waiting.pop()
        if depth > _DEEPEST:
            raise MessageError(f"messages more than {_DEEPEST} deep")
        for field in fields(data, start, stop):
            if name == "tensor" and field.number in _EXTERNAL and (field.value or field.kind):
                return True
            inner = _MESSAGES[name].get(field.number)
            if inner is not None and field.kind == _LENGTH:
                waiting.append((inner, field.start, field.stop, depth + 1))
    return False
