"""Recipes: what they hold, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.recipe.config import changed, stretched
from training.recipe.recipes import RECIPES, baseline, named, production
from training.recipe.toml import recipe_from, to_toml


def test_production_is_what_the_comparison_asks_for() -> None:
    recipe = production()
    assert (recipe.batch_size, recipe.accumulation, recipe.effective_batch) == (256, 2, 512)
    assert recipe.stages == (("easy", 15), ("medium", 20), ("hard", 25))
    assert recipe.epochs == 60
    assert recipe.ema
    assert recipe.scheduler == "onecycle"
    assert recipe.patience > 0


def test_baseline_is_the_trainer_that_production_replaces() -> None:
    recipe = baseline()
    assert (recipe.batch_size, recipe.accumulation, recipe.workers) == (128, 1, 4)
    assert (recipe.ema, recipe.scheduler, recipe.compile) == (False, "cosine", "off")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"batchsize": 8}, "unknown key 'batchsize'; did you mean 'batch_size'?"),
        ({"learning-rate": 1.0}, "unknown key 'learning_rate'"),
        ({"lr": "fast"}, "lr must be a number, got 'fast'"),
        ({"lr": 0}, "lr must be above 0"),
        ({"ema": 1}, "ema must be true or false"),
        ({"epochs": 0, "curriculum": []}, "epochs must be at least 1"),
        ({"scheduler": "step"}, "scheduler must be one of swell, onecycle, cosine"),
        ({"curriculum": ["eazy=3"]}, "unknown level 'eazy'; did you mean 'easy'?"),
        ({"curriculum": ["easy"]}, "isn't LEVEL=EPOCHS"),
        ({"curriculum": ["easy=2"], "epochs": 3}, "stages sum to 2"),
        ({"shares": [-1.0]}, "shares must be positive"),
        ({"shares": [float("inf"), 1.0]}, "shares must be finite"),
        ({"lr": float("inf")}, "lr must be finite"),
        ({"ema_decay": -3.0}, "ema_decay must be at least 0"),
        ({"beta2": 1.0}, "beta2 must be at least 0 and below 1"),
        ({"data": 5}, "data must be a list of texts, got 5"),
        ({"suppose": 1.5}, "suppose must be at most 1"),
        ({"seed": 10**20}, "seed must be at most 9223372036854775807"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(values: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match="run") as error:
        changed(production(), values, "run.toml")
    assert str(error.value).startswith("run.toml: ")
    assert text in str(error.value)


def test_an_unknown_recipe_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'production'"):
        named("prodution")


def test_other_epochs_keep_the_proportions_of_the_curriculum() -> None:
    assert changed(production(), {"epochs": 12}).stages == (("easy", 3), ("medium", 4), ("hard", 5))
    assert stretched((("easy", 15), ("hard", 25)), 1) == ("all=1",)


def test_a_curriculum_sets_the_epochs() -> None:
    assert changed(production(), {"curriculum": ["easy=1", "all=3"]}).epochs == 4


@pytest.mark.parametrize("name", list(RECIPES))
def test_a_recipe_survives_toml(name: str, tmp_path: Path) -> None:
    recipe = changed(
        named(name), {"data": ['odd "name".csv'], "shares": [1.0], "model": ["width=8"]}
    )
    path = tmp_path / "run.toml"
    path.write_text(to_toml(recipe), encoding="utf-8")
    assert recipe_from(path) == recipe


def test_toml_is_refused_with_its_name_and_the_place(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("lr = = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"run\.toml: not a TOML file: .*line 1"):
        recipe_from(path)
    path.write_text("warm_up = 0.1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"run\.toml: .*'warm_up'; did you mean 'warmup'"):
        recipe_from(path)
