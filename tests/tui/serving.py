"""A server of the interface in a browser, and a page of it without one."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp

PUZZLE = "4.....8.5...1....3....6........2.........745.23..497..7.9.......2.3...76..1....8."


def serving(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server in a process of its own, and its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tui", "--serve", "--port", "0", "--name", "sudoku.example", PUZZLE],
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

    async def drain(self) -> None:
        """Read on, and answer pings, until the line is closed."""
        async for message in self.line:
            self.text = str(message.type)

    async def type(self, keys: str) -> None:
        await self.line.send_json(["stdin", keys])
