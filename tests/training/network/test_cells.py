"""The second network: it needs nothing but its own file and its line in the registry."""

from __future__ import annotations

import pytest
import torch

from solver.board.grid import UNITS
from training.network.base import unroll
from training.network.cells import CellNetwork, CellSizes
from training.network.graph import Policy, PolicyConfig
from training.network.registry import built, described, name_of, operations_of, rebuilt

TINY = CellSizes(width=8, heads=2, gate=8)


@pytest.fixture
def network() -> CellNetwork:
    torch.manual_seed(0)
    made = CellNetwork(TINY).eval()
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return made


def test_a_cell_hears_its_peers_alone_in_one_pass(network: CellNetwork) -> None:
    puzzle = torch.zeros(1, 81, dtype=torch.long)
    before = network(puzzle, 1)[0, 0]
    puzzle[0, 40] = 5
    changed = ((network(puzzle, 1)[0, 0] - before).abs().amax(-1) > 1e-6).nonzero().flatten()
    assert changed.tolist() == sorted({cell for unit in UNITS if 40 in unit for cell in unit})


def test_puzzles_that_are_done_take_no_further_pass(network: CellNetwork) -> None:
    puzzle = torch.randint(0, 10, (4, 81))
    seen = []

    def until(rows: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        seen.append(rows.tolist())
        return rows < len(seen)

    whole = network(puzzle, 9)
    for number, one in enumerate(unroll(network, puzzle, 9, until=until)):
        torch.testing.assert_close(one.logits, whole[number, one.rows])
    assert seen == [[0, 1, 2, 3], [1, 2, 3], [2, 3], [3]]


def test_networks_are_rebuilt_by_name(network: CellNetwork) -> None:
    assert name_of(network) == "cells"
    again = rebuilt(name="cells", config=described(network)["config"])
    again.load_state_dict(network.state_dict())
    assert type(built("graph", ["width=8"])) is Policy


def test_an_unknown_architecture_is_refused_by_the_nearest_name() -> None:
    with pytest.raises(ValueError, match="unknown architecture 'grap'; did you mean 'graph'"):
        built("grap", ())


def test_operations_are_those_of_the_matrix_products() -> None:
    d, hidden, gate = 8, 16, 24
    candidates = 729 * (d * 2 * gate + gate * d + d)
    sums = (486 + 162 + 81 + 81) * d * hidden  # segments, lines, boxes, cells
    answers = (486 + 81) * hidden * 2 * gate
    policy = Policy(PolicyConfig(width=d, hidden=hidden, gate=gate))
    assert operations_of(policy) == 2 * (candidates + sums + answers)


@pytest.mark.parametrize("sizes", [["heads=5"], ["hidden=8"], ["width=0"]])
def test_sizes_that_do_not_fit_are_refused(sizes: list[str]) -> None:
    with pytest.raises(ValueError, match=r"CellSizes|size of the network"):
        built("cells", sizes)
