"""The seal of an exported policy: a hash over the whole file, carried by the file itself.

An ONNX file is a protobuf message, and its custom metadata are (key, value) entries of it. The
entry `hash` always has a value of 64 hex digits, so its bytes are known but for those digits:
the hash is the SHA-256 of the file with the digits at zero. Neither reading nor writing it needs
the onnx package, and a change of any byte of the file, weights or graph, breaks the seal.
"""

from __future__ import annotations

import re

KEY = "hash"
EMPTY = "0" * 64
"""The value that `metadata["hash"]` must have when a file is made, before `stamp`."""

_ENTRY = re.compile(
    b"\x0a" + bytes([len(KEY)]) + KEY.encode() + b"\x12" + bytes([64]) + b"([0-9a-f]{64})"
)


class StampError(ValueError):
    """A file without exactly one place for the seal."""


def _place(data: bytes) -> slice:
    places = [match.span(1) for match in _ENTRY.finditer(data)]
    if len(places) != 1:
        raise StampError(f"expected one '{KEY}' entry in the metadata, found {len(places)}")
    return slice(*places[0])


def read_stamp(data: bytes) -> str:
    """The 64 hex digits that the file carries; raises `StampError` where it carries none."""
    return data[_place(data)].decode()


def stamp_hash(data: bytes) -> str:
    """The 64 hex digits that the file should carry; raises `StampError` where it has no place."""
    import hashlib

    place = _place(data)
    digest = hashlib.sha256(data[: place.start])
    digest.update(EMPTY.encode())
    digest.update(data[place.stop :])
    return digest.hexdigest()


def stamp(data: bytes) -> bytes:
    """The file with its hash filled in; `data` must hold the metadata entry `hash` = `EMPTY`."""
    place = _place(data)
    return data[: place.start] + stamp_hash(data).encode() + data[place.stop :]
