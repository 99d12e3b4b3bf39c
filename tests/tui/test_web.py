"""The interface in a browser: who may come in, and what is bounded."""

from __future__ import annotations

import re

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from tui.web.server import MOST_SESSIONS, SudokuServer, _size, host_name
from tui.web.shell import Shell

PUZZLE = "4.....8.5...1....3....6........2.........745.23..497..7.9.......2.3...76..1....8."


@pytest.fixture
async def client() -> TestClient:
    server = SudokuServer(Shell([]), "127.0.0.1", 0, ("sudoku.example",))
    async with TestClient(TestServer(await server._make_app())) as client:
        client.secret = server.secret  # type: ignore[attr-defined]
        client.sudoku = server  # type: ignore[attr-defined]
        yield client


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9000", 200),
        ("localhost:1", 200),
        ("[::1]:80", 200),
        ("192.0.2.7", 200),
        ("sudoku.example", 200),
        ("SUDOKU.example:443", 200),
        ("evil.example", 421),
        ("sudoku.example.evil.example", 421),
        ("", 421),
    ],
)
async def test_requests_for_another_host_are_refused(client, host: str, status: int) -> None:
    answer = await client.get(f"/{client.secret}/alive", headers={"Host": host})
    assert answer.status == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:5", 200),
        ("https://sudoku.example", 200),
        ("http://evil.example", 403),
        ("http://localhost:81", 403),
        ("null", 403),
    ],
)
async def test_sockets_of_another_sites_page_are_refused(client, origin, status) -> None:
    headers = {"Host": "127.0.0.1:5", "Origin": origin}
    answer = await client.get(f"/{client.secret}/alive", headers=headers)
    assert answer.status == status


@pytest.mark.parametrize(
    "path", ["/", "/ws", "/wrong/", "/static/js/textual.js", "/SECRET/../", "/SECRETx/"]
)
async def test_nothing_is_served_without_the_secret(client, path: str) -> None:
    answer = await client.get(path.replace("SECRET", client.secret), allow_redirects=False)
    assert answer.status == 403


async def test_the_page_uses_relative_addresses_and_nothing_from_elsewhere(client) -> None:
    base = f"/{client.secret}/"
    page = await (await client.get(base)).text()
    assert "<title>Sudoku</title>" in page
    assert 'name="viewport"' in page
    links = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert len(links) >= 6
    for link in links:
        assert not link.startswith(("/", "http"))
        assert (await client.get(base + link)).status == 200
    style = await (await client.get(base + "own/page.css")).text()
    for link in re.findall(r'url\("([^"]+)"\)', style):
        assert (await client.get(f"{base}own/{link}")).status == 200


async def test_each_browser_gets_a_name_of_its_own(client) -> None:
    answer = await client.get(f"/{client.secret}/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((100, 30), (100, 30)),
        ((99999999, 99999999), (400, 200)),
        ((-5, 0), (1, 1)),
        (("x", None), (80, 24)),
        (({}, 5), (80, 24)),
    ],
)
def test_sizes_are_bounded(asked, given) -> None:
    assert _size(*asked) == given


async def test_one_game_more_than_there_is_room_for_is_told_so(client) -> None:
    client.sudoku._open.update(object() for _ in range(MOST_SESSIONS))
    async with client.ws_connect(f"/{client.secret}/ws") as line:
        message = await line.receive(timeout=20)
    client.sudoku._open.clear()
    assert message.type is aiohttp.WSMsgType.CLOSE
    assert message.data == aiohttp.WSCloseCode.TRY_AGAIN_LATER
    assert message.extra == "32 games are open here, which is all there is room for."


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("sudoku.example", "sudoku.example"),
        ("Sudoku.Example:8443", "sudoku.example"),
        ("https://sudoku.example/games/", "sudoku.example"),
        ("[::1]:80", "::1"),
    ],
)
def test_a_name_may_come_with_its_port_or_as_an_address(given: str, name: str) -> None:
    assert host_name(given) == name


@pytest.mark.parametrize("given", ["", "//", "a b", "http://", "[", "*"])
def test_what_is_no_name_of_a_host_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="is no name of a host"):
        host_name(given)
