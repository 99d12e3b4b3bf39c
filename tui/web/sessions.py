"""A game in a browser: a process of its own, started by the shell, and its pipes."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from textual_serve.app_service import AppService

from tui.web.shell import Shell

PATIENCE: Final = 3.0
"""Seconds that a game has to leave when its page is closed."""


class Session(AppService):
    """What stands between a page and the process of its game."""

    def __init__(self, shell: Shell, folder: Path, puzzle: str, **more: Any) -> None:
        super().__init__("sudoku-tui", **more)
        self._shell = shell
        self._folder = folder
        self._puzzle = puzzle
        self._pid = 0

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Any:
        """Have the shell start the game, with pipes to this process."""
        loop = asyncio.get_running_loop()
        (keys_in, keys), (screen, screen_out) = os.pipe(), os.pipe()
        order = {
            "width": width,
            "height": height,
            "folder": str(self._folder),
            "puzzle": self._puzzle,
        }
        try:
            self._pid = await asyncio.to_thread(self._shell.start, order, keys_in, screen_out)
        finally:
            os.close(keys_in)
            os.close(screen_out)
        out = asyncio.StreamReader()
        await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(out), os.fdopen(screen, "rb", 0)
        )
        transport, protocol = await loop.connect_write_pipe(
            asyncio.streams.FlowControlMixin, os.fdopen(keys, "wb", 0)
        )
        self._stdin = asyncio.StreamWriter(transport, protocol, None, loop)
        errors = asyncio.StreamReader()
        errors.feed_eof()
        process: Any = SimpleNamespace(stdin=self._stdin, stdout=out, stderr=errors)
        self._process = process
        return process

    async def stop(self) -> None:
        """End the game and its process, within `PATIENCE`."""
        if self._task is None:
            return
        task, self._task = self._task, None
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        await self.send_meta({"type": "quit"})
        with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)
        await asyncio.to_thread(self._shell.end, self._pid)
        if self._stdin is not None:
            self._stdin.close()
