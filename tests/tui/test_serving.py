"""The interface in a browser, served by a process of its own: games, files, what is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from tests.tui.serving import PUZZLE, Page, serving

served = pytest.fixture(serving)


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


async def forward(port: int) -> asyncio.Server:
    """A forward of a port, as `ssh -L` and a container make one."""

    async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
        sink.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, back), pipe(there, writer), return_exceptions=True)

    return await asyncio.start_server(accept, "127.0.0.1", 0)


@pytest.mark.parametrize("by", ["port forward", "proxy"])
async def test_a_game_is_played_through_a_port_forward_and_a_proxy(served, by: str) -> None:
    address, _ = served
    port = int(address.split(":")[2].split("/")[0])
    forwarded = await forward(port)
    there = f"localhost:{forwarded.sockets[0].getsockname()[1]}"
    headers = {"Origin": f"http://{there}" if by == "port forward" else "https://sudoku.example"}
    if by == "port forward":
        address = address.replace(f"127.0.0.1:{port}", there)
    async with aiohttp.ClientSession(headers=headers) as web:
        answer = await web.get(address.rstrip("/"))
        assert (answer.status, "<title>Sudoku" in await answer.text()) == (200, True)
        async with web.ws_connect(address + "ws?width=80&height=24") as line:
            await Page(line).until(lambda text: "58 left" in text)
    forwarded.close()


NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    location /games/ {{
      proxy_pass http://127.0.0.1:{inner}/;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_set_header Host {host};
    }}
  }}
}}
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="no nginx")
@pytest.mark.parametrize("host", ["$host", "$proxy_host"])
async def test_a_game_is_played_below_a_path_of_nginx_under_another_name(
    served, tmp_path, host: str
) -> None:
    address, server = served
    inner, secret = re.match(r"http://127.0.0.1:(\d+)/(.+)/", address).groups()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = tmp_path / "nginx.conf"
    config.write_text(NGINX.format(folder=tmp_path, port=port, inner=inner, host=host))
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}/games/{secret}"
    name = {"Host": "sudoku.example"}
    own, foreign = (
        name | {"Origin": "http://sudoku.example"},
        name | {"Origin": "http://evil.example"},
    )
    try:
        async with aiohttp.ClientSession() as web:
            for _ in range(100):
                with contextlib.suppress(aiohttp.ClientError):
                    answer = await web.get(base, headers=name, allow_redirects=False)
                    break
                await asyncio.sleep(0.1)
            assert (answer.status, answer.headers["Location"]) == (308, f"{secret}/")
            page = await (await web.get(f"{base}/", headers=name)).text()
            for link in re.findall(r'(?:href|src)="([^"]+)"', page):
                assert (await web.get(f"{base}/{link}", headers=name)).status == 200
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await web.ws_connect(f"{base}/ws?width=80&height=24", headers=foreign)
            async with web.ws_connect(f"{base}/ws?width=80&height=24", headers=own) as line:
                await Page(line).until(lambda text: "58 left" in text)
                server.send_signal(signal.SIGTERM)
                async with asyncio.timeout(60):
                    while (message := await line.receive()).type is aiohttp.WSMsgType.BINARY:
                        pass
            assert message.extra == "The server has ended. What you played is kept."
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)


async def test_files_come_in_by_pasting_and_go_out_as_downloads(served) -> None:
    address, _ = served
    other = PUZZLE[9:] + PUZZLE[:9]
    async with (
        aiohttp.ClientSession() as web,
        web.ws_connect(address + "ws?width=80&height=24") as line,
    ):
        page = Page(line)
        await page.until(lambda text: "58 left" in text)
        await page.type(f"\x1b[200~{other}\x1b[201~")
        await page.until(lambda text: "58 to go" in text)
        await page.type("\x13")
        async with asyncio.timeout(60):
            while (message := await line.receive()).type is not aiohttp.WSMsgType.TEXT:
                pass
        kind, key = message.json()[:2]
        assert kind == "deliver_file_start"
        answer = await web.get(f"{address}download/{key}")
        assert "attachment" in answer.headers["Content-Disposition"]
        text = await answer.text()
        assert [line for line in text.splitlines() if re.fullmatch(r"[\d.]{9}", line)][:2] == [
            other[:9], other[9:18],
        ]  # fmt: skip


def memory(pid: int) -> int:
    """The bytes of memory that a process has to itself, and its part of what is shared."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as rollup:
        return next(int(line.split()[1]) << 10 for line in rollup if line.startswith("Pss:"))


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="needs /proc")
async def test_twenty_browsers_play_at_once_in_60_mb_each(served, tmp_path) -> None:
    address, server = served
    async with aiohttp.ClientSession() as web:
        lines, readers = [], []
        for number in range(20):
            cookie = {"Cookie": f"sudoku_browser={number:024}"}
            line = await web.ws_connect(address + "ws?width=120&height=40", headers=cookie)
            page = Page(line)
            await page.until(lambda text: "58 left" in text)
            await page.type("6")
            lines.append(line)
            readers.append(asyncio.create_task(page.drain()))
        async with asyncio.timeout(60):
            while sum('"1": "6o"' in text for text in kept(tmp_path)) < 20:
                await asyncio.sleep(0.1)
        games = [pid for pid in children(server.pid) if not children(pid)]
        assert len(games) == 20
        each = sum(map(memory, games)) / len(games)
        print(f"20 browsers: {each / 1e6:.1f} MB each")
        assert each < 60e6
        for line in lines:
            await line.close()
        await asyncio.gather(*readers)


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
