"""A portal on 127.0.0.1 that says what its script says and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gatekeeper.model.refs import Priority
from gatekeeper.portal.clock import PortalClock
from gatekeeper.portal.transport.client import PortalClient

SAMPLES = Path(__file__).parents[1] / "samples"
SECRET = "s3cr3tc0de"
NOW = datetime.fromtimestamp(1_786_000_000, UTC)


@dataclass(frozen=True)
class Reply:
    """`cut`: send only that many bytes of the body. `silent`: close without a word."""

    status: int = 200
    content: bytes = b'{"result": true}'
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    silent: bool = False

    @classmethod
    def json(cls, body: Any, status: int = 200) -> Reply:
        return cls(status, json.dumps(body).encode())

    @classmethod
    def sample(cls, case: str, name: str) -> Reply:
        recorded = json.loads((SAMPLES / case / f"{name}.json").read_text(encoding="utf-8"))
        text = recorded["text"] if "text" in recorded else json.dumps(recorded["body"])
        return cls(recorded["status"], text.encode(), recorded.get("headers", {}))


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    body: Any
    peer: tuple[str, int]

    @property
    def method(self) -> str:
        return self.path.rpartition("/")[2]


Script = Callable[[Asked], Reply]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body: two would wait 40 ms for each other
    server: ScriptedPortal

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(self.path, dict(self.headers), body, self.client_address)
        self._send(self.server.answer(asked))

    def _send(self, reply: Reply) -> None:
        self.close_connection = reply.silent or reply.cut is not None
        if reply.silent:
            return
        self.send_response(reply.status)
        for name, value in ({"Content-Length": str(len(reply.content))} | dict(reply.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.content[: reply.cut])

    def log_message(self, *_: object) -> None:
        pass


class ScriptedPortal(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self._script = script
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/rest/1/{SECRET}/"

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self._script(asked)


@dataclass
class Bucket:
    """A limiter without waiting, that remembers."""

    acquired: list[Priority] = field(default_factory=list)
    penalties: int = 0
    blocks: dict[str, datetime] = field(default_factory=dict)
    full: float = 1.0

    def fullness(self) -> float:
        return self.full

    def acquire(self, priority: Priority) -> None:
        self.acquired.append(priority)

    def penalise(self) -> None:
        self.penalties += 1

    def block(self, method: str, until: datetime) -> None:
        self.blocks[method] = until

    def blocked_until(self, method: str) -> datetime | None:
        return self.blocks.get(method)


@dataclass(frozen=True)
class Scene:
    portal: ScriptedPortal
    client: PortalClient
    bucket: Bucket


@contextmanager
def a_portal(script: Script | Iterable[Reply], *, timeout_s: float = 10.0) -> Iterator[Scene]:
    """Serve `script`, a function of the request or replies in turn, to a client at NOW."""
    bucket = Bucket()
    with ScriptedPortal(script if callable(script) else _in_turn(script)) as portal:
        thread = threading.Thread(target=portal.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        with PortalClient(
            portal.url, bucket, timeout_s=timeout_s, clock=PortalClock(machine_now=lambda: NOW)
        ) as client:
            yield Scene(portal, client, bucket)
        portal.shutdown()
        thread.join()


def _in_turn(replies: Iterable[Reply]) -> Script:
    left = iter(replies)
    return lambda _: next(left)
