"""Views are symmetries with a supposition each; the reference answers by the rules."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from export.views import PolicyWithViews, Views, doubts, follows_rules, givens_mask
from tests.export.samples import SOLVED, make_puzzles
from training.network.graph import Policy


def test_view_0_is_the_puzzle_itself(views: Views) -> None:
    assert views.cells[0].tolist() == list(range(81))
    assert views.digits[0].tolist() == list(range(10))


def test_other_views_differ_in_cells_and_digits(views: Views) -> None:
    assert len({view.tobytes() for view in views.cells}) == len(views)
    assert len({view.tobytes() for view in views.digits}) == len(views)


def test_the_same_seed_draws_the_same_views() -> None:
    one, other = Views.draw(4, seed=3), Views.draw(4, seed=3)
    assert (one.cells == other.cells).all()
    assert (one.digits == other.digits).all()
    assert (one.cells != Views.draw(4, seed=4).cells).any()


def test_a_view_of_a_solved_grid_is_a_solved_grid(views: Views) -> None:
    for cells, digits in zip(views.cells, views.digits, strict=True):
        image = torch.from_numpy(digits[SOLVED.reshape(81)[cells]])[None]
        assert follows_rules(givens_mask(image)).all()


def test_no_views_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one view"):
        Views.draw(0)


def test_follows_rules_sees_one_wrong_digit() -> None:
    grid = torch.from_numpy(SOLVED.reshape(1, 81)).repeat(2, 1)
    grid[1, 40] = grid[1, 40] % 9 + 1
    assert follows_rules(givens_mask(grid)).tolist() == [True, False]


def test_a_symmetry_alone_changes_nothing(policy: Policy, views: Views) -> None:
    model = PolicyWithViews(policy, views)
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


def test_unsolved_puzzles_pay_for_every_view_and_view_0_answers(
    policy: Policy, views: Views
) -> None:
    model = PolicyWithViews(policy, views)
    puzzles = torch.from_numpy(make_puzzles(4, blanks=60))
    answer = model(puzzles, passes=3)
    assert not answer.valid.any()
    assert answer.passes.tolist() == [3 * len(views)] * 4
    assert answer.view.tolist() == [0] * 4
    torch.testing.assert_close(answer.probabilities, model(puzzles, 3, views=1).probabilities)


def test_a_filled_grid_is_solved_at_the_first_pass(policy: Policy, views: Views) -> None:
    puzzles = torch.from_numpy(make_puzzles(2, blanks=0))
    answer = PolicyWithViews(policy, views)(puzzles, passes=5)
    assert answer.valid.all()
    assert answer.passes.tolist() == [1, 1]
    assert (answer.grid == puzzles).all()


def test_doubt_is_a_candidates_part_of_the_entropy_times_the_whole() -> None:
    probabilities = torch.zeros(1, 81, 9)
    probabilities[0, 0, :2] = 0.5
    probabilities[0, 1, 3] = 1
    doubt = doubts(probabilities)[0]
    half = 0.5 * np.log(2)
    assert doubt[0, :2].tolist() == pytest.approx([half * np.log(2)] * 2)
    assert not doubt[0, 2:].any()
    assert not doubt[1:].any()


def test_later_views_suppose_the_most_doubted_candidates_of_blanks_in_turn(
    policy: Policy, views: Views
) -> None:
    model = PolicyWithViews(policy, views)
    puzzles = torch.from_numpy(make_puzzles(2, blanks=60))
    stage = model.begin(puzzles)
    assert torch.equal(stage.suppose(), puzzles)
    found, _, _ = model.look(stage, 0, passes=3)
    doubt = (doubts(found) * (puzzles == 0).unsqueeze(-1)).flatten(1)
    for rank in range(2):
        candidates = doubt.argsort(dim=1, descending=True, stable=True)[:, rank]
        supposed = stage.suppose()
        for i, candidate in enumerate(candidates.tolist()):
            cell, digit = divmod(candidate, 9)
            assert (supposed[i] != puzzles[i]).nonzero().flatten().tolist() == [cell]
            assert int(supposed[i, cell]) == digit + 1


def test_a_later_view_is_the_policy_with_its_supposition_given(
    policy: Policy, views: Views
) -> None:
    model = PolicyWithViews(policy, views)
    puzzles = torch.from_numpy(make_puzzles(2, blanks=60))
    stage, other = model.begin(puzzles), model.begin(puzzles)
    model.look(stage, 0, passes=3)
    model.look(other, 0, passes=3)
    second, _, _ = model.look(stage, 1, passes=2)
    expected = policy(other.suppose(), 2)[-1].softmax(-1)
    torch.testing.assert_close(second, expected, rtol=0, atol=1e-5)


def test_where_nothing_is_in_doubt_nothing_is_supposed(policy: Policy, views: Views) -> None:
    model = PolicyWithViews(policy, views)
    puzzles = torch.from_numpy(make_puzzles(2, blanks=0))
    stage = model.begin(puzzles)
    model.look(stage, 0, passes=3)
    assert not stage.doubt.any()
    assert torch.equal(stage.suppose(), puzzles)
