"""The seal of an exported policy: a hash of the whole file, stored in the file itself.

The metadata entry `hash` always has a value of 64 hex digits, so its bytes are known but for
those digits: the hash is the SHA-256 of the file with the digits at zero. Neither reading nor
writing it needs the onnx package, and a change of any byte of the file, weights or graph, breaks
the seal. A second entry of this name, or data in another file, is no seal at all.
"""

from __future__ import annotations

import re

from solver.policy.message import MessageError, entries, has_external_data

KEY = "hash"
EMPTY = "0" * 64
"""The value that `metadata["hash"]` must have when a file is made, before `stamp`."""

_HEX = re.compile(b"[0-9a-f]{64}")


class StampError(ValueError):
    """A file without exactly one place for the seal, or with data that it can't cover."""


def _place(data: bytes) -> slice:
    try:
        found = [entry for entry in entries(data) if entry.key == KEY.encode()]
        elsewhere = has_external_data(data)
    except MessageError as error:
        raise StampError(f"no ONNX file: {error}") from None
    if len(found) != 1:
        raise StampError(f"expected one '{KEY}' entry in the metadata, found {len(found)}")
    if not _HEX.fullmatch(found[0].value):
        raise StampError(f"expected 64 hex digits as '{KEY}' in the metadata")
    if elsewhere:
        raise StampError("keeps weights in another file")
    return found[0].place


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
