"""Policies on disk: written atomically, and refused with a reason."""

from __future__ import annotations

import os
import shutil
import warnings
import zipfile
from pathlib import Path
from typing import Any

import torch

from solver.policy.checks import ModelError, policy_metadata, read_policy
from solver.system.files import atomic_write
from training.network.base import Network
from training.network.registry import FIRST, described, rebuilt

SCHEMA = "sudoku-policy/1"


class CheckpointError(ValueError):
    """A checkpoint that can't be used; its text says which file, why and what to do."""


RUN_SCHEMA = "sudoku-run/1"
_KINDS = {"sudoku-policy": "a policy", "sudoku-run": "a run to resume"}


def _what(schema: object) -> str:
    """A schema in words, e.g. "a policy (sudoku-policy/1)"."""
    kind = _KINDS.get(str(schema).partition("/")[0])
    return f"{kind} ({schema})" if kind else f"schema {schema!r}"


def save(path: Path, content: dict[str, Any]) -> None:
    """Write `content` so that `path` holds either the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        torch.save(content, file)


def rotate(path: Path) -> None:
    """Keep the checkpoint at `path` as `….previous.pt`; `path` itself stays until replaced."""
    if path.is_file():
        with atomic_write(path.with_suffix(f".previous{path.suffix}")) as spare:
            try:
                os.link(path, spare)
            except OSError:  # a file system without links
                shutil.copyfile(path, spare)


def load(path: Path, schema: str = SCHEMA) -> dict[str, Any]:
    """Read what `save` wrote; raises `CheckpointError` for anything else."""
    try:
        _check_archive(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointError(f"{path}: no such file") from None
    except CheckpointError as error:
        raise CheckpointError(f"{error}{_instead(path)}") from None
    except Exception as error:  # bytes that are no checkpoint make torch's reader fail anyhow
        raise CheckpointError(f"{path}: {_what_else(path)}{_instead(path)}") from error
    if not isinstance(content, dict) or "schema" not in content:
        raise CheckpointError(f"{path}: not a checkpoint of this project")
    if content["schema"] != schema:
        raise CheckpointError(f"{path}: {_what(content['schema'])}, expected {_what(schema)}")
    return content


def _what_else(path: Path) -> str:
    """What a file is that is no checkpoint."""
    try:
        policy_metadata(path, read_policy(path))
    except ModelError:
        return "not a readable checkpoint, or cut short"
    return "a policy that was exported already; give the checkpoint that it was made of, a .pt"


def _instead(path: Path) -> str:
    """Where the checkpoint before this one is, if there is one."""
    if not path.name:
        return ""
    previous = path.with_suffix(f".previous{path.suffix}")
    return f"; the one before it is {previous}" if previous.is_file() else ""


def _check_archive(path: Path) -> None:
    """Raise `CheckpointError` where a byte of the content is not as it was written.

    A checkpoint is a zip archive whose sums torch writes and does not read. Nothing in it is
    compressed, so that it can't grow.
    """
    if path.exists() and not path.is_file():
        raise CheckpointError(f"{path}: not a file")  # a device may have no end
    try:
        with zipfile.ZipFile(path) as archive:
            packed = any(part.compress_type != zipfile.ZIP_STORED for part in archive.infolist())
            damaged = None if packed else archive.testzip()
    except FileNotFoundError:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise CheckpointError(f"{path}: {_what_else(path)}") from error
    if packed:
        raise CheckpointError(f"{path}: not a checkpoint of this project (it is compressed)")
    if damaged is not None:
        raise CheckpointError(f"{path}: damaged, {damaged} is not as it was written")


def save_policy(path: Path, policy: Network, run: dict[str, Any]) -> None:
    """Write a policy alone, with what made it: `policy_ema.pt`."""
    save(
        path,
        {
            "schema": SCHEMA,
            **described(policy),
            "model": policy.state_dict(),
            "run": run,
        },
    )


def load_policy(path: Path) -> tuple[Network, dict[str, Any]]:
    """The policy in a checkpoint, in evaluation mode, and what made it."""
    content = load(path)
    try:
        name, config = content.get("architecture", FIRST), content["config"]
        state = dict(content["model"])
        with torch.device("meta"):  # takes no memory, whatever the config says
            shapes = {k: value.shape for k, value in rebuilt(name, config).state_dict().items()}
        if {k: value.shape for k, value in state.items()} != shapes:
            raise ValueError("other shapes")
        policy = rebuilt(name, config)
        policy.load_state_dict(state)
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise CheckpointError(f"{path}: holds another architecture than this version's") from error
    run = content.get("run", {})
    if not isinstance(run, dict):
        raise CheckpointError(f"{path}: does not say what made it")
    return policy.eval(), run
