"""Views are symmetries of one noise; the reference answers by the rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from export.tta import PolicyWithViews, Views, follows_rules, givens_mask
from tests.export.samples import SOLVED, make_puzzles
from training.model import Policy


def test_view_0_is_the_puzzle_itself_without_noise(views: Views) -> None:
    assert views.cells[0].tolist() == list(range(81))
    assert views.digits[0].tolist() == list(range(10))
    assert views.strength[0] == 0


def test_other_views_differ_in_cells_and_digits_and_have_noise(views: Views) -> None:
    assert len({view.tobytes() for view in views.cells}) == len(views)
    assert len({view.tobytes() for view in views.digits}) == len(views)
    assert (views.strength[1:] > 0).all()
    assert np.abs(views.noise.astype(float).std() - 1) < 0.1


def test_the_same_seed_draws_the_same_views() -> None:
    one, other = Views.draw(4, 2, seed=3), Views.draw(4, 2, seed=3)
    assert (one.cells == other.cells).all()
    assert (one.noise == other.noise).all()
    assert (one.noise != Views.draw(4, 2, seed=4).noise).any()


def test_a_view_of_a_solved_grid_is_a_solved_grid(views: Views) -> None:
    for cells, digits in zip(views.cells, views.digits, strict=True):
        image = torch.from_numpy(digits[SOLVED.reshape(81)[cells]])[None]
        assert follows_rules(givens_mask(image)).all()


def test_no_views_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one view"):
        Views.draw(0, 2)


def test_follows_rules_sees_one_wrong_digit() -> None:
    grid = torch.from_numpy(SOLVED.reshape(1, 81)).repeat(2, 1)
    grid[1, 40] = grid[1, 40] % 9 + 1
    assert follows_rules(givens_mask(grid)).tolist() == [True, False]


def test_a_symmetry_alone_changes_nothing(policy: Policy, views: Views) -> None:
    silent = replace(views, strength=np.zeros_like(views.strength))
    model = PolicyWithViews(policy, silent)
    puzzles = torch.from_numpy(make_puzzles(3))
    plain = model(puzzles, passes=4, views=1)
    for start in (1, 2):
        other = model(puzzles, passes=4, views=1, start=start)
        torch.testing.assert_close(other.probabilities, plain.probabilities, rtol=0, atol=1e-5)


def test_the_reference_is_the_policy_where_nothing_stops_it(policy: Policy, views: Views) -> None:
    puzzles = torch.from_numpy(make_puzzles(2, blanks=60))
    answer = PolicyWithViews(policy, views)(puzzles, passes=3, views=1)
    assert not answer.valid.any()
    torch.testing.assert_close(
        answer.probabilities, policy(puzzles, 3)[-1].softmax(-1), rtol=0, atol=1e-6
    )


def test_unsolved_puzzles_pay_for_every_view_and_the_surest_answers(
    policy: Policy, views: Views
) -> None:
    model = PolicyWithViews(policy, views)
    puzzles = torch.from_numpy(make_puzzles(4, blanks=60))
    stage = model.begin(puzzles)
    looks = [model.look(stage, v, passes=3) for v in range(len(views))]
    assert not torch.stack([solved for _, _, solved in looks]).any()
    sure = torch.stack([probabilities.amax(-1).mean(-1) for probabilities, _, _ in looks])
    answer = model(puzzles, passes=3)
    assert answer.passes.tolist() == [3 * len(views)] * 4
    assert answer.view.tolist() == sure.argmax(0).tolist()


def test_a_filled_grid_is_solved_at_the_first_pass(policy: Policy, views: Views) -> None:
    puzzles = torch.from_numpy(make_puzzles(2, blanks=0))
    answer = PolicyWithViews(policy, views)(puzzles, passes=5)
    assert answer.valid.all()
    assert answer.passes.tolist() == [1, 1]
    assert (answer.grid == puzzles).all()


def test_a_view_goes_on_from_the_state_that_the_one_before_ended_in(
    policy: Policy, views: Views
) -> None:
    silent = replace(views, strength=np.zeros_like(views.strength))
    model = PolicyWithViews(policy, silent)
    puzzles = torch.from_numpy(make_puzzles(2, blanks=60))
    stage = model.begin(puzzles)
    model.look(stage, 0, passes=3)
    second, _, _ = model.look(stage, 1, passes=2)
    expected = policy(puzzles, 5)[-1].softmax(-1)
    torch.testing.assert_close(second, expected, rtol=0, atol=1e-5)


def test_noise_moves_a_view_away_from_the_plain_puzzle(policy: Policy, views: Views) -> None:
    model = PolicyWithViews(policy, views)
    puzzles = torch.from_numpy(make_puzzles(2, blanks=60))
    plain = model(puzzles, passes=3, views=1)
    other = model(puzzles, passes=3, views=1, start=1)
    assert float((plain.probabilities - other.probabilities).abs().max()) > 0.01
