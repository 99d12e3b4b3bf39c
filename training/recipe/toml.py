"""Recipes as TOML: read with every key checked, written whole."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.recipe.config import Recipe, changed
from training.recipe.recipes import named


def read_toml(path: Path) -> dict[str, Any]:
    """The keys of a TOML file; raises `ValueError` that names the file and the place."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not a TOML file: {error}") from None


def recipe_from(path: Path) -> Recipe:
    """The recipe that a TOML file describes: its `recipe`, changed by its other keys."""
    values = read_toml(path)
    name = values.pop("recipe", "production")
    try:
        return changed(named(str(name)), values)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def to_toml(recipe: Recipe) -> str:
    """Every field of a recipe; `recipe_from` reads it back to the same recipe."""
    lines = []
    for name, value in asdict(recipe).items():
        plain = list(value) if isinstance(value, tuple) else value
        # JSON's strings, numbers, booleans and lists are TOML's too
        lines.append(f"{name} = {json.dumps(plain, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
