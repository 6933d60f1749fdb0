"""The WSGI app behind gunicorn's event loop: a thread is taken for a whole request only.

Requests are read by one event loop, for which a sender who does not go on is one descriptor and nothing else.
The body must be there within `PATIENCE_S`; what has come by then is handed on, and the app answers that it is
not whole. A body that the app refuses unread is not read here either.

What is asked for at the paths in `prompt` waits for nobody, or is answered by a `PendingResponse`. For it the
app is called in the event loop itself: each event saves two changes of threads.

How a scope becomes an environ: https://asgi.readthedocs.io/en/latest/specs/www.html and PEP 3333.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gatekeeper.web.pending import PATIENCE_S as PENDING_S
from gatekeeper.web.pending import PendingParts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

PATIENCE_S = 5.0
"""An event has about 500 bytes, and a proxy passes it on when it has all of them."""

_UNPREFIXED = {"CONTENT_TYPE", "CONTENT_LENGTH"}


class Asgi:
    """An ASGI app around a WSGI app. `threads` requests at a time are worked on, those of `prompt` apart."""

    def __init__(
        self, app: WSGIApplication, threads: int, max_body_bytes: int, prompt: frozenset[str] = frozenset()
    ) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._prompt = prompt
        self._pool = ThreadPoolExecutor(threads, "request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        body = await self._body(scope, receive)
        environ = environ_of(scope, body)
        if scope["path"] in self._prompt:
            answer = await _ask_promptly(self._app, environ)
        else:
            answer = await asyncio.get_running_loop().run_in_executor(self._pool, _ask, self._app, environ)
        start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        await send(start)
        await send({"type": "http.response.body", "body": answer.body})

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """What comes of it in time; nothing of one that is too long or does not say how long it is."""
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        if len(lengths) != 1 or not lengths[0].isdigit() or int(lengths[0]) > self._max_body_bytes:
            return b""
        body = bytearray()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while len(body) < int(lengths[0]):
                    message = await receive()
                    body += message.get("body", b"")
                    if not message.get("more_body"):
                        break
        return bytes(body)


@dataclass
class _Answer:
    """What the WSGI app answered, whole: every answer of ours is short."""

    status: int = 500
    headers: list[Header] = field(default_factory=list)
    body: bytes = b""

    def start(self, status: str, headers: Iterable[tuple[str, str]], _error: object = None) -> Any:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self._refuse_write

    def joined(self, parts: Iterable[bytes]) -> _Answer:
        try:
            self.body = b"".join(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
        return self

    def _refuse_write(self, _data: bytes) -> None:
        raise NotImplementedError("write() is for apps older than PEP 3333")


def _ask(app: WSGIApplication, environ: dict[str, Any]) -> _Answer:
    answer = _Answer()
    return answer.joined(app(environ, answer.start))


async def _ask_promptly(app: WSGIApplication, environ: dict[str, Any]) -> _Answer:
    answer = _Answer()
    parts = app(environ, answer.start)
    if isinstance(parts, PendingParts):
        await _until_done(parts.ready)
        parts = parts.begin(parts.ready)
    return answer.joined(parts)


async def _until_done(ready: Future[None]) -> None:
    """Or until patience ends. Whoever hangs up meanwhile stops the waiting, and not what is waited for."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    ready.add_done_callback(lambda _: loop.call_soon_threadsafe(done.set))
    with suppress(TimeoutError):
        async with asyncio.timeout(PENDING_S):
            await done.wait()


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    """The same request as WSGI has it. The port is that of the server's own socket."""
    server, client = scope["server"], scope["client"]
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0] if client else "",
        **_headers(scope["headers"]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _headers(headers: Iterable[Header]) -> dict[str, str]:
    """Join what comes several times. A name with "_" could pass for another one and is left out."""
    found: dict[str, str] = {}
    for name, value in headers:
        if b"_" not in name:
            key = name.decode("latin-1").upper().replace("-", "_")
            key = key if key in _UNPREFIXED else f"HTTP_{key}"
            text = value.decode("latin-1")
            found[key] = f"{found[key]},{text}" if key in found else text
    return found
