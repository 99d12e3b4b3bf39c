"""Positions, their authors and marks, and undo without limit."""

from __future__ import annotations

import random

import pytest

from solver.board.grid import PEERS, Grid
from solver.formats import read_text, to_text
from tui.game.game import Game
from tui.game.position import Author, GivenCellError, Position


def test_a_start_knows_givens_and_own_entries(puzzle: Grid) -> None:
    position = Position.start(puzzle, puzzle.place(1, 6))
    assert position.authors[0] is Author.GIVEN
    assert position.authors[1] is Author.OWN
    assert position.authors[2] is None


def test_a_state_that_changes_a_given_is_left_out(puzzle: Grid) -> None:
    assert Position.start(puzzle, puzzle.place(0, 5)).grid == puzzle


def test_givens_can_be_neither_replaced_nor_cleared(puzzle: Grid) -> None:
    position = Position.start(puzzle)
    for change in (lambda: position.enter(0, 5), lambda: position.clear(0)):
        with pytest.raises(GivenCellError, match="r1c1 is a given"):
            change()


def test_entering_rubs_marks_out_in_peers_unless_told_not_to(puzzle: Grid) -> None:
    marked = Position.start(puzzle).fill_marks()
    entered = marked.enter(1, 6)
    assert not any(6 in entered.marks[peer] for peer in PEERS[1])
    kept = marked.enter(1, 6, rub=False)
    assert any(6 in kept.marks[peer] for peer in PEERS[1])


def test_a_filled_cell_takes_no_mark(puzzle: Grid) -> None:
    with pytest.raises(ValueError, match="r1c1 is filled"):
        Position.start(puzzle).mark(0, 3)


def test_clearing_a_blank_cell_takes_its_marks(puzzle: Grid) -> None:
    position = Position.start(puzzle).mark(1, 3).clear(1)
    assert position.marks[1] == frozenset()


def test_undo_and_redo_go_through_a_thousand_changes(puzzle: Grid) -> None:
    chance = random.Random(0)
    game = Game.of(puzzle)
    blanks = [cell for cell in range(81) if not puzzle[cell]]
    seen = [game.position]
    for _ in range(1000):
        cell, digit = chance.choice(blanks), chance.randint(0, 9)
        position = game.position
        changed = position.enter(cell, digit) if digit else position.clear(cell)
        if game.go(changed):
            seen.append(changed)
    for position in reversed(seen[:-1]):
        assert game.undo()
        assert game.position == position
    assert not game.undo()
    for position in seen[1:]:
        assert game.redo()
        assert game.position == position
    assert not game.redo()


def test_a_change_after_undo_drops_what_was_taken_back(puzzle: Grid) -> None:
    game = Game.of(puzzle)
    game.go(game.position.enter(1, 6))
    game.undo()
    game.go(game.position.enter(1, 7))
    assert not game.redo()
    assert game.position.grid[1] == 7


def test_a_change_that_changes_nothing_is_none(puzzle: Grid) -> None:
    game = Game.of(puzzle)
    assert not game.go(game.position.clear_marks())
    assert not game.undo()


def test_violations_name_dead_ends_too(puzzle: Grid) -> None:
    assert any("two 4s" in str(v) for v in Position.start(puzzle).enter(1, 4).violations)


def test_a_saved_sdk_reads_back_with_state_and_metadata(puzzle: Grid) -> None:
    game = Game.of(puzzle, metadata={"level": "hard", "author": "A. N. Other"})
    game.go(game.position.enter(1, 6))
    (record,) = read_text(to_text([game.record()], "sdk"))
    assert (record.givens, record.state) == (puzzle, puzzle.place(1, 6))
    assert record.metadata["author"] == "A. N. Other"
