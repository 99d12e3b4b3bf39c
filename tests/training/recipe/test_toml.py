"""Recipes as TOML, with files of puzzles as tables."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from training.recipe.config import Recipe
from training.recipe.toml import recipe_from, to_toml
from training.recipe.transition import CHANGES, KINDS


def read(text: str, folder: Path) -> Recipe:
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return recipe_from(path)


TABLES = """
recipe = "quick"
[[data]]
path = "easy.csv"
share = 0.75
[[data]]
path = "deep.csv"
share = 0.25
role = "train"
[[data]]
path = "unseen.csv"
role = "validation"
[[data]]
path = "list.sdm"
role = "exclude"
"""


def test_a_table_tells_a_files_share_and_role(tmp_path: Path) -> None:
    recipe = read(TABLES, tmp_path)
    assert recipe.data == ("easy.csv", "deep.csv")
    assert recipe.shares == (0.75, 0.25)
    assert recipe.validation == ("unseen.csv",)
    assert recipe.exclude == ("list.sdm",)
    assert read(to_toml(recipe), tmp_path) == recipe


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[data]]\nshare = 1.0", "table 1 of [[data]]: needs a path"),
        ("[[data]]\npath = 3", "table 1 of [[data]]: needs a path"),
        ("data = ['a.csv', {path = 'b.csv'}]", "table 1 of [[data]]: needs a path"),
        ("[[data]]\npath = 'a'\nweight = 1", "unknown key in table 1 of [[data]] 'weight'"),
        ("[[data]]\npath = 'a'\nrole = 'valid'", "'valid'; did you mean 'validation'?"),
        ("[[data]]\npath = 'a'\nrole = 'exclude'\nshare = 1", "only files to train on have a sh"),
        ("[[data]]\npath = 'a'\nshare = 1\n[[data]]\npath = 'b'", "a share, or none"),
        ("[[data]]\npath = 'a'\nshare = 'half'", "shares must be numbers"),
        ("shares = [1.0]\n[[data]]\npath = 'a'\nshare = 1.0", "shares: give it in [[data]] or as"),
    ],
)
def test_a_wrong_table_is_refused_by_name(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"run\.toml: ") as error:
        read(text, tmp_path)
    assert why in str(error.value)


def test_every_field_says_what_its_change_in_a_run_does() -> None:
    named = [name for names in CHANGES.values() for name in names]
    assert sorted(named) == sorted(item.name for item in fields(Recipe))
    assert len(KINDS) == len(named)
