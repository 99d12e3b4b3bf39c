"""The interface in a browser: a server on textual-serve, with its own page.

The address that it prints has a secret in its path; requests for another host, and sockets opened
by another site's page, are refused. Each browser has a folder of its own for games and settings.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import logging
import re
import secrets
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import textual_serve
from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.server import Server

from solver.cli.common import fail
from tui.game.storage import browser_folder, visit
from tui.web.sessions import Session
from tui.web.shell import Shell

WIDEST: Final = (400, 200)
"""The largest window, in columns and rows."""
MOST_SESSIONS: Final = 32
MOST_AT_ONCE: Final = 2_000_000
"""The longest message that a page may send, in bytes: a pasted file."""
COOKIE: Final = "sudoku_browser"
HERE: Final = Path(__file__).parent
THEIRS: Final = Path(textual_serve.__file__).parent / "static"
HEADERS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'",
}


class SudokuServer(Server):
    """Serves the interface below a secret path."""

    def __init__(self, shell: Shell, host: str, port: int, names: Sequence[str]) -> None:
        super().__init__("sudoku-tui", host=host, port=port, title="Sudoku")
        self.secret = secrets.token_urlsafe(16)
        here = (host, "localhost", socket.gethostname())
        self.names = {name.lower() for name in (*here, *map(host_name, names))}
        self._shell = shell
        self._open: set[web.WebSocketResponse] = set()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=MOST_AT_ONCE)
        base = f"/{self.secret}"
        app.add_routes(
            [
                web.get(base, self._to_slash),
                web.get(f"{base}/", self._page),
                web.get(f"{base}/alive", self._alive),
                web.get(f"{base}/ws", self.handle_websocket),
                web.get(base + r"/ws/{puzzle:[0-9.]{81}}", self.handle_websocket),
                web.get(base + "/download/{key}", self.handle_download),
                web.static(f"{base}/static", THEIRS),
                web.static(f"{base}/own", HERE / "static"),
                web.get("/{path:.*}", self._closed),
            ]
        )
        app.on_shutdown.append(self.on_shutdown)
        return app

    # ---- who may come in ------------------------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Refuse requests for another host, and those of another site's page."""
        if not self._is_ours(request.host):
            raise web.HTTPMisdirectedRequest(text="Not a name of this server; see --name.\n")
        origin = request.headers.get("Origin")
        if origin is not None and not self._is_same(origin, request.host):
            raise web.HTTPForbidden(text="Opened from another site.\n")
        response: web.StreamResponse = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    def _is_ours(self, host: str) -> bool:
        """Whether a Host header names this server: an address (no name can be made to point
        there), this machine, or a name that was given."""
        name = urlsplit(f"//{host}").hostname or ""
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name.lower() in self.names
        return True

    def _is_same(self, origin: str, host: str) -> bool:
        """Whether an Origin header is that of this server's own page."""
        found = urlsplit(origin)
        return found.netloc.lower() == host.lower() or (found.hostname or "") in self.names - {
            self.host.lower(),
            "localhost",
        }

    async def _closed(self, request: web.Request) -> web.Response:
        text = "Open the whole address that sudoku-tui printed: its path lets you in.\n"
        return web.Response(status=403, text=text)

    # ---- the page -------------------------------------------------------------------------

    async def _to_slash(self, request: web.Request) -> web.Response:
        query = f"?{request.query_string}" if request.query_string else ""
        return web.Response(status=308, headers={"Location": f"{self.secret}/{query}"})

    async def _page(self, request: web.Request) -> web.Response:
        page = (HERE / "templates" / "page.html").read_text(encoding="utf-8")
        response = web.Response(text=page, content_type="text/html")
        response.headers["Cache-Control"] = "no-store"
        if not re.fullmatch(r"[\w-]{20,60}", request.cookies.get(COOKIE, "")):
            response.set_cookie(
                COOKIE, secrets.token_urlsafe(24), httponly=True, samesite="Strict",
                max_age=10**8, path="/",
            )  # fmt: skip
        return response

    async def _alive(self, request: web.Request) -> web.Response:
        return web.Response(text="yes\n", headers={"Cache-Control": "no-store"})

    # ---- a game ---------------------------------------------------------------------------

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Play a game over a socket until it closes."""
        line = web.WebSocketResponse(heartbeat=15, max_msg_size=MOST_AT_ONCE)
        await line.prepare(request)
        if len(self._open) >= MOST_SESSIONS:
            reason = f"{MOST_SESSIONS} games are open here, which is all there is room for."
            await line.close(code=WSCloseCode.TRY_AGAIN_LATER, message=reason.encode())
            return line
        self._open.add(line)
        cookie = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
        folder = browser_folder(hashlib.sha256(cookie.encode()).hexdigest()[:32])
        await asyncio.to_thread(visit, folder)
        session = Session(
            self._shell, folder, request.match_info.get("puzzle", ""),
            write_bytes=line.send_bytes, write_str=line.send_str, close=line.close,
            download_manager=self.download_manager,
        )  # fmt: skip
        try:
            await session.start(*_size(request.query.get("width"), request.query.get("height")))
            async for message in line:
                if message.type is WSMsgType.TEXT:
                    await self._heard(line, session, message)
        except (ConnectionError, OSError) as error:
            logging.getLogger(__name__).warning("a game ended: %s", error)
        finally:
            self._open.discard(line)
            await session.stop()
        return line

    async def _heard(self, line: web.WebSocketResponse, session: Session, message: Any) -> None:
        """Pass on what a page sent; what makes no sense is left out."""
        try:
            kind, *rest = message.json()
            data = rest[0] if rest else None
        except (ValueError, TypeError):
            return
        if kind == "stdin" and isinstance(data, str):
            await session.send_bytes(data.encode("utf-8", "replace"))
        elif kind == "resize" and isinstance(data, dict):
            await session.set_terminal_size(*_size(data.get("width"), data.get("height")))
        elif kind == "ping":
            await line.send_json(["pong", str(data)[:40]])
        elif kind in ("blur", "focus"):
            await (session.blur() if kind == "blur" else session.focus())

    async def on_shutdown(self, app: web.Application) -> None:
        """Tell every page that the server ends."""
        message = b"The server has ended. What you played is kept."
        await asyncio.gather(
            *(line.close(code=WSCloseCode.GOING_AWAY, message=message) for line in set(self._open)),
            return_exceptions=True,
        )

    def serve(self, debug: bool = False) -> None:
        """Serve until SIGINT or SIGTERM."""
        logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
        web.run_app(
            self._make_app(), host=self.host, port=self.port, shutdown_timeout=3,
            print=lambda *_: None, access_log=None,
        )  # fmt: skip


def _size(width: object, height: object) -> tuple[int, int]:
    """A window's size, within bounds; 80×24 where it makes no sense."""
    try:
        wide, high = int(str(width)), int(str(height))
    except ValueError:
        return 80, 24
    return max(1, min(wide, WIDEST[0])), max(1, min(high, WIDEST[1]))


def serve(arguments: Sequence[str], host: str, port: int, names: Sequence[str] = ()) -> None:
    """Serve `sudoku-tui ARGUMENTS` at a host and port until interrupted.

    Leaves with one line where the port can't be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as free:
            port = free.getsockname()[1]
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        fail(f"can't listen at {host}:{port}: {reason}; choose another --host or --port")
    try:
        names = [host_name(name) for name in names]
    except ValueError as error:
        fail(error)
    with Shell(arguments) as shell:
        server = SudokuServer(shell, host, port, names)
        print(f"Serving at http://{name_for(host)}:{port}/{server.secret}/", file=sys.stderr)
        print("Whoever has this address can play; ctrl+c ends it.", file=sys.stderr, flush=True)
        server.serve()


def host_name(text: str) -> str:
    """The name of a host, of which the port or the whole address may be given.

    Raises `ValueError` where there is none in it.
    """
    try:
        found = urlsplit(text if "//" in text else f"//{text}").hostname
    except ValueError:
        found = None
    if not found or not re.fullmatch(r"[\w.:-]+", found):
        raise ValueError(f"--name {text!r} is no name of a host; write one as sudoku.example")
    return found


def name_for(host: str) -> str:
    """What a browser calls a host: this machine's name where it listens everywhere."""
    if host in ("", "0.0.0.0", "::"):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
