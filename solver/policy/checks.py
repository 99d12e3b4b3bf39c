"""Checks of a policy file before it is trusted: its seal, its metadata, its inputs and outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from solver.policy.message import MessageError, entries
from solver.policy.stamp import StampError, read_stamp, stamp_hash

SCHEMA: Final = "sudoku-policy/1"
LARGEST_FILE: Final = 1 << 30
MOST_VIEWS: Final = 10_000
MOST_PASSES: Final = 1_000_000
OUTPUTS: Final = {
    "probabilities": ("tensor(float)", (None, 81, 9)),
    "grid": ("tensor(int64)", (None, 81)),
    "passes": ("tensor(int64)", (None,)),
    "view": ("tensor(int64)", (None,)),
    "valid": ("tensor(bool)", (None,)),
}
"""Name -> element type and shape of what a policy file must give; None is the batch."""


class ModelError(ValueError):
    """A policy that can't be used; its text says in one line which file and why."""

    exit_status = 5
    """Of a command that it ends."""


def read_policy(file: Path) -> bytes:
    """The bytes of a policy file. Raises `ModelError`."""
    try:
        if file.exists() and not file.is_file():
            raise ModelError(f"{file}: not a file")
        if file.stat().st_size > LARGEST_FILE:
            raise ModelError(f"{file}: larger than a policy can be (1 GiB)")
        return file.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{file}: no such policy file") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{file}: {getattr(error, 'strerror', None) or error}") from None


def what_else(data: bytes) -> str:
    """What a file is that ONNX Runtime can't load."""
    if data.startswith(b"PK\x03\x04"):
        return "a checkpoint, not an ONNX model; make one of it with sudoku-export"
    return "not a usable ONNX model, or cut short"


def policy_metadata(file: Path, data: bytes) -> dict[str, str]:
    """The file's metadata; raises `ModelError` unless they are a policy's."""
    try:
        found = [(entry.key.decode(), entry.value.decode()) for entry in entries(data)]
    except UnicodeDecodeError:
        raise ModelError(f"{file}: its metadata are not UTF-8") from None
    except MessageError:
        raise ModelError(f"{file}: {what_else(data)}") from None
    metadata = dict(found)
    if not found and not data.strip(b"\0"):
        raise ModelError(f"{file}: {what_else(data)}")
    if len(metadata) < len(found):
        raise ModelError(f"{file}: names an entry of its metadata twice")
    if (schema := metadata.get("schema")) != SCHEMA:
        told = "not a sudoku-policy model" if schema is None else f"schema {schema!r}"
        raise ModelError(f"{file}: {told}; expected schema {SCHEMA!r}")
    for key, most in (("views", MOST_VIEWS), ("passes", MOST_PASSES)):
        text = metadata.get(key, "")
        if not (text.isdecimal() and text.isascii() and len(text) < 10 and 0 < int(text) <= most):
            raise ModelError(f"{file}: its metadata lack a number 1 to {most} for '{key}'")
    return metadata


def check_edge(file: Path, session: Any) -> None:
    """Raise `ModelError` unless the inputs and the outputs are a policy's."""
    inputs = {value.name: value for value in session.get_inputs()}
    if list(inputs) != ["puzzle"]:
        raise ModelError(f"{file}: inputs {sorted(inputs)}; expected ['puzzle']")
    _check_value(file, "input", inputs["puzzle"], "tensor(int64)", (None, 81))
    outputs = {value.name: value for value in session.get_outputs()}
    missing = [name for name in OUTPUTS if name not in outputs]
    if missing:
        raise ModelError(f"{file}: lacks the output {', '.join(missing)}")
    for name, (kind, shape) in OUTPUTS.items():
        _check_value(file, "output", outputs[name], kind, shape)


def _check_value(
    file: Path, role: str, value: Any, kind: str, shape: tuple[int | None, ...]
) -> None:
    """Raise `ModelError` unless `value` has this type and shape, its first axis free."""
    found = tuple(size if isinstance(size, int) else None for size in value.shape)
    if value.type != kind or found != shape:
        expected = ["batch" if size is None else size for size in shape]
        raise ModelError(
            f"{file}: {role} '{value.name}' is {value.type} {value.shape}; "
            f"expected {kind} {expected}"
        )


def check_seal(file: Path, data: bytes) -> None:
    """Raise `ModelError` unless the file carries the hash of its own content."""
    try:
        found, expected = read_stamp(data), stamp_hash(data)
    except StampError as error:
        raise ModelError(f"{file}: carries no stamp to check it by ({error})") from None
    if found != expected:
        raise ModelError(
            f"{file}: its hash {expected[:12]}… differs from its stamp {found[:12]}…; "
            "the file was changed or damaged"
        )
