"""The interface in a browser, through textual-serve."""

from __future__ import annotations

import ipaddress
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

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as free:
            port = free.getsockname()[1]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        fail(f"can't listen at {host}:{port}: {reason}; choose another --host or --port")
    command = shlex.join([sys.executable, "-m", "tui", *arguments])
    url = f"http://{name_for(host)}:{port}"
    print(f"Serving at {url}; ctrl+c ends it.", file=sys.stderr)
    if not _local(host):
        print("Whoever reaches this address can play, and save files as you.", file=sys.stderr)
    Server(command, host=host, port=port, title="Sudoku", public_url=url).serve()


def name_for(host: str) -> str:
    """What a browser calls a host: this machine's name where it listens everywhere."""
    if host in ("", "0.0.0.0", "::"):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
