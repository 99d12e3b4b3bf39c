"""The pictures of the documentation: none is old, and the recording shows what a terminal does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
Tool = Callable[[str], ModuleType]


def test_no_picture_is_older_than_what_it_shows(tool: Tool) -> None:
    pictures = tool("pictures")
    old = [
        name
        for name, picture in pictures.PICTURES.items()
        if pictures.recorded_digest(name) != pictures.digest(picture)
    ]
    assert not old, f"draw them again: python docs/tools/pictures.py {' '.join(old)}"


def test_every_picture_of_the_folder_is_drawn_by_a_command(tool: Tool) -> None:
    folder = {path.stem for path in (ROOT / "docs" / "pictures").glob("*.svg")}
    assert folder == set(tool("pictures").PICTURES)


def test_a_digest_changes_with_the_puzzle_that_is_shown(tool: Tool) -> None:
    pictures = tool("pictures")
    shows = [pictures.Picture(str, [f"puzzles/{name}.sdk"]) for name in ("hard", "famous/*")]
    assert len({pictures.digest(picture) for picture in shows}) == 2


def test_a_frame_ends_where_the_cursor_goes_up(tool: Tool) -> None:
    output = "pass 1\nab\n\x1b[2Apass 2\ncd\n\ndone\n"
    frames = tool("recording").screens(output, "$ run", rows=4)
    assert frames == [
        ("$ run",),
        ("$ run", "pass 1", "ab", ""),
        ("cd", "", "done", ""),
    ]


def test_frames_are_thinned_evenly_and_the_end_stays(tool: Tool) -> None:
    frames = [(str(n),) for n in range(10)]
    kept = [frame[0] for frame in tool("recording").thin(frames, 4)]
    assert kept == ["0", "3", "6", "8", "9"]


def test_the_recording_is_xml_and_colours_its_rows(tool: Tool) -> None:
    recording = tool("recording")
    frames = [("$ run",), ("$ run", "\x1b[32m1\x1b[0m <b>")]
    drawn = recording.draw(frames, "a title", (20, 2), pause=0.1, last=1.0)
    texts = {
        tspan.text: tspan.get("fill")
        for tspan in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}tspan")
    }
    assert texts == {"$ run": recording.INK, "1": recording.COLORS[2], "<b>": recording.INK}
