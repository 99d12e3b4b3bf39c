""".opensudoku: both versions, and XML that is not to be trusted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solver.formats import FormatError, read, read_text, to_text

LINE = "530070000600195000098000060800060003400803001700020006060000280000419005000080079"
CELLS = "".join(f"{digit}|0|{int(digit == '0')}|" for digit in LINE)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<opensudoku>\n'


def test_version_1_holds_games_under_one_head() -> None:
    text = (
        f"{HEAD}<name>two &amp; more</name><level>easy</level>\n" + f"<game data='{LINE}'/>\n" * 2
    )
    first, second = read_text(text + "</opensudoku>")
    assert first.metadata == second.metadata == {"name": "two & more", "level": "easy"}
    assert [first.line, second.line] == [4, 5]
    assert first.givens.line("0") == LINE


def test_version_2_tells_givens_from_placed_digits_and_notes() -> None:
    cells = CELLS.replace("0|0|1|", "4|0|1|", 1).replace("0|0|1|", "0|5|1|", 1)
    (record,) = read_text(
        f'<opensudoku version="2"><folder name="mine"><game created="0" note="hm" '
        f'data="version: 2&#10;{cells}" /></folder></opensudoku>'
    )
    assert record.givens.line("0") == LINE
    assert record.state == record.givens.place(2, 4)
    assert record.pencil is not None
    assert record.pencil[3] == {1, 3}
    assert record.metadata == {"name": "mine", "comment": "hm"}


@pytest.mark.parametrize("note", ["1,3,", "1,3", "5"])
def test_notes_are_lists_or_masks(note: str) -> None:
    (record,) = read_text(
        f'<opensudoku><game data="{CELLS.replace("0|0|1", f"0|{note}|1", 1)}"/></opensudoku>'
    )
    assert record.pencil is not None
    assert record.pencil[2] == {1, 3}


def test_two_notes_a_cell_are_joined() -> None:
    cells = "".join(f"{digit}|1|4|{int(digit == '0')}|" for digit in LINE)
    (record,) = read_text(f'<opensudoku><game data="{cells}"/></opensudoku>')
    assert record.pencil is not None
    assert record.pencil[2] == {1, 3}


def test_a_bad_game_is_skipped_and_the_next_one_read() -> None:
    errors: list[FormatError] = []
    text = f"{HEAD}<game data='12'/>\n<game/>\n<game data='{LINE}'/></opensudoku>"
    (record,) = read(text.encode(), on_error=errors.append)
    assert record.line == 5
    assert [error.line for error in errors] == [3, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><opensudoku/>", "found a document type or an entity"),
        ("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><opensudoku/>", "a document type or an entity"),
        ("<opensudoku>&lol;</opensudoku>", "found undefined entity"),
        ("<html/>", "found the element 'html', expected the element 'opensudoku'"),
        ("<opensudoku>" + "<a>" * 20, "line 1, column 34: found elements more than 8 deep"),
        (f"{HEAD}<game", "line 3, column 1: found unclosed token, expected well-formed XML"),
        ("<?xml version='1.0' encoding='nonsense'?><opensudoku/>", "expected"),
        (f"{HEAD}<game data='{'1' * 256}'/></opensudoku>", "line 3, column 1: found a 16x16 grid"),
        (
            f"{HEAD}  <game data='{LINE[:80]}q'/></opensudoku>",
            "line 3, column 3: found 'q' at character 81 of a game",
        ),
        (f"{HEAD}<x>\n <game data='1'/></x></opensudoku>", "line 4, column 2: found 1 cell, expec"),
        (f"{HEAD}<game data='{CELLS[:-6]}'/></opensudoku>", "found 240 fields"),
    ],
)
def test_an_error_says_where_and_what(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_text(text, "bad.opensudoku")
    assert message in str(caught.value)
    assert caught.value.file == "bad.opensudoku"


def test_a_huge_text_is_refused() -> None:
    with pytest.raises(FormatError, match="more than 65536 characters of text"):
        read_text("<opensudoku><name>" + "long\n" * 20_000 + "</name></opensudoku>")


def test_text_is_escaped_when_written() -> None:
    (record,) = read_text(
        f"{HEAD}<name>&lt;a&gt; &quot;b&quot;</name><game data='{LINE}'/></opensudoku>"
    )
    text = to_text([record], "opensudoku")
    assert "<name>&lt;a&gt; &quot;b&quot;</name>" in text
    assert read_text(text) == [record]


def test_names_and_comments_of_their_own_are_kept_and_what_the_head_can_t_hold_is_not() -> None:
    (record,) = read_text(LINE)
    puzzles = [
        replace(record, metadata={"name": "a", "comment": "first", "level": "easy"}),
        replace(record, metadata={"name": "a", "level": "hard"}),
        replace(record, metadata={"comment": "third", "level": "hard"}),
        replace(record, metadata={"name": "b", "level": "hard"}),
    ]
    again = read_text(to_text(puzzles, "opensudoku"))
    assert [record.metadata for record in again] == [
        {"name": "a", "comment": "first"},
        {"name": "a"},
        {"comment": "third"},
        {"name": "b"},
    ]


def test_a_folder_s_name_ends_with_the_folder() -> None:
    game = f"<game data='{LINE}'/>"
    text = f"{HEAD}<name>all</name><folder name='one'>{game}</folder>{game}</opensudoku>"
    assert [record.metadata for record in read_text(text)] == [{"name": "one"}, {"name": "all"}]


def in_game(data: str, key: str = "data", version: int = 2, more: str = "") -> str:
    return (
        f'<opensudoku version="{version}"><folder name="mine">'
        f'<game {key}="version: {version}&#10;{data}" {more}/></folder></opensudoku>'
    )


def test_notes_in_one_cell_leave_the_other_cells_what_the_rules_leave() -> None:
    (plain,) = read_text(LINE)
    (record,) = read_text(in_game(CELLS.replace("0|0|1|", "0|3|1|", 1)))
    assert record.pencil is not None
    full = record.givens.all_candidates()
    assert record.pencil == (*full[:2], frozenset({1, 2}), *full[3:])
    for format in ("hodoku", "ss", "sdx", "sdk", "opensudoku", "json"):
        (again,) = read_text(to_text([record], format))
        assert again.pencil == record.pencil, format
    assert read_text(to_text([record], "opensudoku"))[0].givens == plain.givens


@pytest.mark.parametrize("version", [3, 4])
def test_the_attributes_of_version_3_are_read(version: int) -> None:
    cells = "".join(f"{digit}|0|0|{int(digit == '0')}|" for digit in LINE)
    text = in_game(cells, "cells_data", version, 'user_note="from a paper" time="12" state="0"')
    (record,) = read_text(text)
    assert record.givens.line("0") == LINE
    assert record.metadata == {"name": "mine", "comment": "from a paper"}
    assert record.unread == ("time",)


@pytest.mark.parametrize("second", ["", "0", "-", "4"])
@pytest.mark.parametrize("places", [[0], [3, 40], [50]])
def test_cells_of_four_fields_among_those_of_three_are_read(second: str, places: list[int]) -> None:
    cells = CELLS.split("|")[:-1]
    blanks = [at for at in range(81) if LINE[at] == "0"]
    for place in sorted((blanks[place] for place in places), reverse=True):
        cells[place * 3 + 1 : place * 3 + 2] = ["28", second]
    (record,) = read_text(in_game("|".join(cells) + "|"))
    assert record.givens.line("0") == LINE
    assert record.pencil is not None
    for place in places:
        assert record.pencil[blanks[place]] == {3, 4, 5}


def test_fields_that_can_be_cells_in_two_ways_are_refused() -> None:
    cells = ["0", "0", "1"] * 81
    cells.insert(3, "1")
    with pytest.raises(FormatError, match="found 244 fields"):
        read_text(in_game("|".join(cells) + "|"))
