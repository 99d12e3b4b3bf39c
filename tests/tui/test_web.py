"""The interface in a browser: who may come in, what is bounded, and that each has its own game."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from tui.web.server import SudokuServer, _size
from tui.web.shell import Shell

PUZZLE = "4.....8.5...1....3....6........2.........745.23..497..7.9.......2.3...76..1....8."


@pytest.fixture
async def client() -> TestClient:
    server = SudokuServer(Shell([]), "127.0.0.1", 0, ("sudoku.example",))
    async with TestClient(TestServer(await server._make_app())) as client:
        client.secret = server.secret  # type: ignore[attr-defined]
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


@pytest.fixture
def served(tmp_path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server in a process of its own, and its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tui", "--serve", "--port", "0", PUZZLE],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        env={**os.environ, "NO_PROXY": "*", "SUDOKU_TUI_HOME": str(tmp_path / "home")},
    )  # fmt: skip
    assert server.stderr is not None
    line = server.stderr.readline()
    (address,) = re.findall(r"http://\S+", line)
    for _ in range(300):
        try:
            import urllib.request

            urllib.request.urlopen(address + "alive", timeout=2).close()
            break
        except OSError:
            time.sleep(0.1)
    yield address, server
    server.kill()
    server.wait(timeout=20)
    server.stderr.close()


class Page:
    """What a page does over its socket."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self.line = line
        self.text = ""

    async def until(self, wanted: Callable[[str], bool]) -> None:
        async with asyncio.timeout(60):
            while not wanted(self.text):
                message = await self.line.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, message
                self.text += message.data.decode("utf-8", "replace")

    async def type(self, keys: str) -> None:
        await self.line.send_json(["stdin", keys])


def kept(folder: Path) -> list[str]:
    """The games kept for all browsers."""
    return [path.read_text() for path in folder.rglob("games/*.json")]


async def test_two_browsers_play_games_of_their_own_and_come_back_to_them(served, tmp_path) -> None:
    address, _ = served
    games = tmp_path / "home" / "browsers"
    async with aiohttp.ClientSession() as web:
        for name, digit in (("a" * 24, 6), ("b" * 24, 7)):
            headers = {"Cookie": f"sudoku_browser={name}"}
            async with web.ws_connect(address + "ws?width=80&height=24", headers=headers) as line:
                page = Page(line)
                await page.until(lambda text: "58 left" in text)
                await line.send_str("nonsense")
                await line.send_json(["resize", {"width": "x"}])
                await page.type(str(digit))
                async with asyncio.timeout(30):
                    while not any(f'"1": "{digit}o"' in text for text in kept(games)):
                        await asyncio.sleep(0.1)
        assert len(kept(games)) == 2
        async with web.ws_connect(
            address + "ws?width=80&height=24", headers={"Cookie": f"sudoku_browser={'a' * 24}"}
        ) as line:
            page = Page(line)
            await page.until(lambda text: "57 left" in text)


def children(pid: int) -> list[int]:
    """The processes below one, by /proc."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as stat:
                parent = int(stat.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += [int(name), *children(int(name))]
    return found


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are looked up in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_no_process_is_left_when_the_server_ends(served, number) -> None:
    address, server = served
    async with aiohttp.ClientSession() as web:
        line = await web.ws_connect(address + "ws?width=80&height=24")
        page = Page(line)
        await page.until(lambda text: "58 left" in text)
        below = children(server.pid)
        assert len(below) == 2
        server.send_signal(number)
        async with asyncio.timeout(20):
            while (message := await line.receive()).type is aiohttp.WSMsgType.BINARY:
                pass
        if number == signal.SIGTERM:
            assert message.extra == "The server has ended. What you played is kept."
    for _ in range(100):
        if not any(os.path.exists(f"/proc/{pid}") for pid in below):
            return
        server.poll()
        await asyncio.sleep(0.1)
    raise AssertionError("a process lives on")


@pytest.mark.browser
def test_a_page_takes_keys_at_once_shows_the_board_and_says_when_the_server_is_gone(
    served, chromium: str
) -> None:
    from playwright.sync_api import sync_playwright

    address, server = served
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--headless=new", "--no-sandbox", "--disable-gpu"]
        )
        for options, cells in (
            ({"viewport": {"width": 1280, "height": 800}}, 0),
            ({"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}, 18),
        ):
            page = browser.new_context(**options).new_page()
            asked, frames = [], []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("websocket", lambda line, frames=frames: line.on(
                "framereceived", lambda data: frames.append(text_of(data))))  # fmt: skip
            page.goto(address)
            wait(page, lambda frames=frames: any("58 left" in f for f in frames))
            assert page.evaluate("document.activeElement.className") == "xterm-helper-textarea"
            assert page.locator("#keypad button:visible").count() == cells
            assert all(url.startswith(address) for url in asked)
            count = len(frames)
            if cells:
                page.get_by_role("button", name="6", exact=True).tap()
            else:
                page.keyboard.press("6")
            wait(page, lambda frames=frames, count=count: len(frames) > count)
        server.send_signal(signal.SIGKILL)
        page.locator("#gone").wait_for(state="visible", timeout=20_000)
        browser.close()


def text_of(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode("utf-8", "replace")


def wait(page, condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to that")
