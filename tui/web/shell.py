"""The process that starts the games: everything is loaded once, and each game is a fork of it.

So a further browser costs only what its game changes in memory. The shell ends with the server,
and the games end with the shell.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from typing import Any, Final, Self

MOST_MEMORY: Final = 2 << 30
"""Bytes of data that a game may take."""


class Shell:
    """The server's hold on the shell. Needs `os.fork`."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = list(arguments)
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        ours, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            ours.close()
            with contextlib.suppress(KeyboardInterrupt):
                _run(theirs, self._arguments)
            os._exit(0)
        theirs.close()
        self._line = ours
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._pid, 0)

    def start(self, order: dict[str, Any], stdin: int, stdout: int) -> int:
        """Start a game on these pipes; its process number."""
        with self._turn:
            socket.send_fds(self._line, [json.dumps(order).encode()], [stdin, stdout])
            return int(self._line.recv(100))

    def end(self, pid: int) -> None:
        """End a game that may still run."""
        with self._turn, contextlib.suppress(OSError, ValueError):
            self._line.sendall(json.dumps({"end": pid}).encode())
            self._line.recv(100)


def _run(line: socket.socket, arguments: Sequence[str]) -> None:
    """Be the shell: load all, then fork a game for each order until the server is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)

    gc.collect()
    gc.freeze()
    games: set[int] = set()
    while True:
        data, pipes, _, _ = socket.recv_fds(line, 65_536, 2)
        games -= _ended(games)
        if not data:
            break
        order = json.loads(data)
        if "end" in order:
            _end(games, order["end"])
            line.sendall(b"0")
            continue
        pid = os.fork()
        if pid == 0:
            line.close()
            _become_game(order, arguments, *pipes)
        games.add(pid)
        for pipe in pipes:
            os.close(pipe)
        line.sendall(str(pid).encode())
    for pid in games:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _ended(games: set[int]) -> set[int]:
    ended = set()
    for pid in games:
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0]:
                ended.add(pid)
    return ended


def _end(games: set[int], pid: int) -> None:
    if pid in games - _ended(games):
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    games.discard(pid)


def _become_game(order: dict[str, Any], arguments: Sequence[str], stdin: int, stdout: int) -> None:
    """Play in this process, on these pipes; never returns."""
    status = 1
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(stdin, 0)
        os.dup2(stdout, 1)
        _bound_memory()
        from tui.web.game import play

        status = play(order, arguments)
    except BaseException as error:
        print(f"a game stopped: {error!r}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _bound_memory() -> None:
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
