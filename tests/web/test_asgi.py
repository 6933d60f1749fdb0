"""What gunicorn's event loop hands on arrives at the app as the request that was sent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

import pytest
from flask import Flask, Response, request

from gatekeeper.web import asgi, pending
from gatekeeper.web.asgi import Asgi
from gatekeeper.web.pending import PendingResponse

MOST = 1024


PROMPT = frozenset({"/prompt"})


def a_scope(**changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8024),
        "client": ("203.0.113.7", 5),
        "headers": [(b"content-length", b"0")],
        **changes,
    }


async def answered_by(app: Asgi, path: str) -> int:
    """The status of its answer."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(a_scope(path=path), receive, send)
    status: int = sent[0]["status"]
    return status


class Exchange:
    """One request: what was read of it, and what was answered."""

    def __init__(self, app: Flask, *parts: bytes, **changes: Any) -> None:
        self._parts = list(parts)
        self.read = 0
        self.sent: list[dict[str, Any]] = []
        length = str(sum(map(len, parts))).encode()
        scope = a_scope(**{"headers": [(b"content-length", length)], **changes})
        asyncio.run(Asgi(app, 1, MOST, PROMPT)(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        self.read += 1
        part = self._parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(self._parts)}

    async def _send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def text(self) -> str:
        body: bytes = self.sent[1]["body"]
        return body.decode()


def an_app(*shown: str) -> Flask:
    """Answers with these of the environ, a line each, and then the body."""
    app = Flask(__name__)

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
    @app.route("/<path:path>", methods=["GET", "POST"])
    def show(path: str) -> Response:
        del path
        lines: Iterable[str] = (str(request.environ.get(name)) for name in shown)
        return Response("\n".join([*lines, request.get_data().decode()]), status=201)

    return app


def test_a_body_in_pieces_is_one_body() -> None:
    exchange = Exchange(an_app(), b"event=", b"ONCRMDEALADD")
    assert (exchange.status, exchange.text) == (201, "event=ONCRMDEALADD")


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-length", str(MOST + 1).encode())],
        [(b"transfer-encoding", b"chunked")],
        [(b"content-length", b"5"), (b"content-length", b"6")],
        [(b"content-length", b"-1")],
        [],
    ],
)
def test_a_body_that_will_be_refused_is_not_read(headers: list[tuple[bytes, bytes]]) -> None:
    assert Exchange(an_app(), b"x" * 5, headers=headers).read == 0


def test_ports_and_addresses_are_those_of_the_sockets() -> None:
    headers = [
        (b"content-length", b"0"),
        (b"host", b"127.0.0.1:8026"),
        (b"server_port", b"8026"),
        (b"server-port", b"8026"),
        (b"remote-addr", b"127.0.0.1"),
    ]
    exchange = Exchange(an_app("SERVER_PORT", "REMOTE_ADDR"), b"", headers=headers)
    assert exchange.text == "8024\n203.0.113.7\n"


def test_a_header_with_an_underscore_passes_for_no_other() -> None:
    """A proxy sets X-Forwarded-For and lets X_Forwarded_For through."""
    headers = [
        (b"content-length", b"0"),
        (b"x-forwarded-for", b"198.51.100.1"),
        (b"x_forwarded_for", b"127.0.0.1"),
        (b"x-forwarded-for", b"198.51.100.2"),
    ]
    exchange = Exchange(an_app("HTTP_X_FORWARDED_FOR"), b"", headers=headers)
    assert exchange.text == "198.51.100.1,198.51.100.2\n"


def test_a_path_arrives_as_it_was_sent() -> None:
    exchange = Exchange(an_app("PATH_INFO", "QUERY_STRING"), b"", path="/события", query_string=b"a=%D0%B9")
    assert exchange.text.encode("latin-1").decode().splitlines()[0] == "/события"
    assert exchange.text.splitlines()[1] == "a=%D0%B9"


def test_what_is_no_request_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        Exchange(an_app(), b"", type="websocket")


def a_pending_app(ready: Future[None], threads: list[str]) -> Flask:
    app = Flask(__name__)

    def tell(ready: Future[None]) -> Response:
        return Response("done" if ready.done() else "not yet", status=200 if ready.done() else 503)

    @app.post("/<path>")
    def begin(path: str) -> Response:
        del path
        threads.append(threading.current_thread().name)
        return PendingResponse(ready, tell)

    return app


def after(seconds: float) -> Future[None]:
    ready: Future[None] = Future()
    threading.Timer(seconds, ready.set_result, [None]).start()
    return ready


@pytest.mark.parametrize("path", ["/prompt", "/other"])
def test_a_pending_answer_is_given_once_it_is_known(path: str) -> None:
    exchange = Exchange(a_pending_app(after(0.05), []), b"", path=path)
    assert (exchange.status, exchange.text) == (200, "done")


def test_a_prompt_path_takes_no_thread_and_every_other_one_does() -> None:
    threads: list[str] = []
    for path in ("/prompt", "/other"):
        Exchange(a_pending_app(after(0), threads), b"", path=path)
    assert threads == [threading.main_thread().name, "request_0"]


@pytest.mark.parametrize("path", ["/prompt", "/other"])
def test_patience_ends_and_the_answer_says_so(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "PENDING_S", 0.02)
    monkeypatch.setattr(pending, "PATIENCE_S", 0.02)
    exchange = Exchange(a_pending_app(Future(), []), b"", path=path)
    assert (exchange.status, exchange.text) == (503, "not yet")


def test_while_answers_are_pending_others_are_given() -> None:
    """More of them than there are threads; each would hold one for as long as the disk is busy."""
    ready: Future[None] = Future()
    app = Asgi(a_pending_app(ready, []), 1, MOST, PROMPT)

    async def both() -> list[int]:
        waiting = [asyncio.create_task(answered_by(app, "/prompt")) for _ in range(50)]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in waiting)
        ready.set_result(None)
        return await asyncio.gather(*waiting)

    assert asyncio.run(both()) == [200] * 50


def test_who_hangs_up_stops_waiting_and_not_the_mark() -> None:
    ready: Future[None] = Future()
    app = Asgi(a_pending_app(ready, []), 1, MOST, PROMPT)

    async def hang_up() -> None:
        waiting = asyncio.create_task(answered_by(app, "/prompt"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert waiting.cancelled()
        ready.set_result(None)

    asyncio.run(hang_up())
    assert ready.result() is None
