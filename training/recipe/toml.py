"""Recipes as TOML: read with every key checked, written whole.

Files of puzzles are lists of paths, or tables that keep what belongs to a file together:

    [[data]]
    path = "deep.csv"
    share = 0.4
    role = "train"
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.recipe.config import Recipe, changed, check_known
from training.recipe.recipes import named


def read_toml(path: Path) -> dict[str, Any]:
    """The keys of a TOML file; raises `ValueError` that names the file and the place."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not a TOML file: {error}") from None


ROLES = {"train": "data", "validation": "validation", "exclude": "exclude"}
"""What a file of a `[[data]]` table is for -> the key of the recipe that lists such files."""


def without_tables(values: dict[str, Any]) -> dict[str, Any]:
    """The same settings with `[[data]]` tables as lists of paths and shares.

    Raises `ValueError` for a table that can't be understood, and for a list that is given beside.
    """
    tables = values.get("data")
    if not isinstance(tables, list) or not any(isinstance(table, dict) for table in tables):
        return values
    values = {name: value for name, value in values.items() if name != "data"}
    lists: dict[str, list[Any]] = {name: [] for name in ("data", "shares", *ROLES.values())}
    for number, table in enumerate(tables, 1):
        where = f"table {number} of [[data]]"
        if not isinstance(table, dict) or not isinstance(table.get("path"), str):
            raise ValueError(f'{where}: needs a path, e.g. path = "sudoku.csv"')
        for key in table:
            check_known(key, ["path", "share", "role"], f"key in {where}")
        role = table.get("role", "train")
        check_known(str(role), list(ROLES), f"role in {where}")
        lists[ROLES[role]].append(table["path"])
        if "share" in table:
            if role != "train":
                raise ValueError(f"{where}: only files to train on have a share")
            lists["shares"].append(table["share"])
    if lists["shares"] and len(lists["shares"]) != len(lists["data"]):
        raise ValueError("[[data]]: give every file to train on a share, or none")
    for name, items in lists.items():
        if items and name in values:
            raise ValueError(f"{name}: give it in [[data]] or as a list, not both")
        if items:
            values[name] = items
    return values


def recipe_from(path: Path) -> Recipe:
    """The recipe that a TOML file describes: its `recipe`, changed by its other keys."""
    values = read_toml(path)
    name = values.pop("recipe", "production")
    try:
        return changed(named(str(name)), without_tables(values))
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
