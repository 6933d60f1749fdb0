"""What gunicorn's event loop hands on arrives at the app as the request that was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask, Response, request

from gatekeeper.web.asgi import Asgi

MOST = 1024


class Exchange:
    """One request: what was read of it, and what was answered."""

    def __init__(self, app: Flask, *parts: bytes, **changes: Any) -> None:
        self._parts = list(parts)
        self.read = 0
        self.sent: list[dict[str, Any]] = []
        length = str(sum(map(len, parts))).encode()
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", 8024),
            "client": ("203.0.113.7", 5),
            "headers": [(b"content-length", length)],
            **changes,
        }
        asyncio.run(Asgi(app, 1, MOST)(scope, self._receive, self._send))

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
