"""The progress of a run: which validations are its best."""

from __future__ import annotations

from training.loop.progress import Progress


def test_the_best_epoch_is_the_one_of_least_loss_while_no_grid_is_right() -> None:
    p = Progress()
    found = []
    for p.step, (grids, loss) in enumerate([(0, 2.0), (0, 1.5), (0, 1.6), (0.1, 3.0), (0, 0.1)]):
        found.append(p.improve(grids, loss))
        p.end_epoch()
    assert found == [True, True, False, True, False]
    assert p.ranking == [[0.1, 3.0, 3]]
    assert p.stale == 1


def test_an_epoch_is_not_stale_where_it_was_better_on_the_way() -> None:
    p = Progress()
    for p.step, grids in enumerate([0.5, 0.4]):
        p.improve(grids, 1.0)
    p.end_epoch()
    assert p.stale == 0


def test_the_best_few_are_ranked_and_the_first_of_equals_leads() -> None:
    p = Progress()
    for p.step, grids in enumerate([0.5, 0.7, 0.7, 0.2]):
        p.improve(grids, 1.0, keep=3)
    assert [step for _, _, step in p.ranking] == [1, 2, 0]
