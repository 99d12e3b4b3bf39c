"""The interface in a browser, through textual-serve."""

from __future__ import annotations

import shlex
import socket
import sys
from collections.abc import Sequence

from solver.cli.common import fail


def serve(arguments: Sequence[str], host: str, port: int) -> None:
    """Serve `sudoku-tui ARGUMENTS` at a host and port until interrupted.

    Leaves with one line where textual-serve is absent or the port can't be had.
    """
    from textual_serve.server import Server

    try:
        with socket.create_server((host, port), reuse_port=False) as free:
            port = free.getsockname()[1]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        fail(f"can't listen at {host}:{port}: {reason}; choose another --host or --port")
    command = shlex.join([sys.executable, "-m", "tui", *arguments])
    print(f"Serving at http://{host}:{port}; ctrl+c ends it.", file=sys.stderr)
    Server(command, host=host, port=port, title="Sudoku").serve()
