"""A connection to the portal that carries one hit at a time and ends each at its deadline.

A timeout of requests counts from one received piece to the next, so an answer that comes a byte a second is
never late, and neither are headers in drips or an endless `100 Continue`. At the deadline a thread shuts the
socket down, which ends whatever waits on it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, Protocol, Self
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

LONGEST_ANSWER = 64 * 2**20
"""Bytes, decompressed."""

MOST_VALUES = 2_000_000
"""JSON values in an answer: a list takes 2 bytes to send and 80 to keep. Our largest hit asks for 400,000."""

CONNECT_S = 10.0
"""For each address of the portal's name, of which there may be several."""

_PIECE = 2**16
_AGAIN_S = 0.5  # a connection that was still being made at the deadline has its socket only later


class TooLongError(ValueError):
    """The answer is longer than `LONGEST_ANSWER`, or has more than `MOST_VALUES`."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer as it came; `location` is "" without such a header."""

    status: int
    location: str
    content: bytes


class LineLike(Protocol):
    """What carries a hit: `Line`, or in tests a portal without sockets."""

    def post(self, url: str, content: bytes, timeout_s: float) -> Reply: ...
    def shut_down(self) -> None: ...
    def close(self) -> None: ...


class Line:
    """A session of requests without cookies: with PHP's, the portal would answer parallel hits in turn."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._adapter = _Adapter()
        self._session = requests.Session()
        self._session.headers.update(headers)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)

    def post(self, url: str, content: bytes, timeout_s: float) -> Reply:
        """Raise what requests and urllib3 raise, or TooLongError."""
        timeouts = (min(timeout_s, CONNECT_S), timeout_s)
        with self._session.post(
            url, data=content, timeout=timeouts, allow_redirects=False, stream=True
        ) as response:
            return Reply(response.status_code, response.headers.get("Location", ""), _whole(response))

    def shut_down(self) -> None:
        """End whatever is being sent or received; any thread may call it."""
        self._adapter.shut_down()

    def close(self) -> None:
        """Close the idle connection."""
        self._session.close()


class Deadline:
    """Shuts the line down once the block has lasted too long; `is_over` says that it did."""

    def __init__(self, line: LineLike, seconds: float) -> None:
        self.is_over = False
        self._line = line
        self._seconds = seconds
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="deadline", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:  # the line's next hit must not be shut down in place of this one
            self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        wait_s = self._seconds
        while not self._ended.wait(wait_s):
            with self._lock:
                if not self._ended.is_set():
                    self.is_over = True
                    self._line.shut_down()
            wait_s = _AGAIN_S


class _Connection(HTTPConnection):
    """Keeps its socket, which http.client lets go of once an answer says `Connection: close`."""

    kept: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        self.kept = self.sock


@cache
def _keeping(kind: type[HTTPConnection]) -> type[_Connection]:
    """Extend what a pool makes: plain, encrypted, or through a proxy."""
    return type(kind.__name__, (_Connection, kind), {})


class _Adapter(HTTPAdapter):
    """Knows the connections that its pools make."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: WeakSet[_Connection] = WeakSet()
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pool for a request; requests documents this method as one to override."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = partial(self._make, _keeping(type(pool).ConnectionCls))
        return pool

    def shut_down(self) -> None:
        with self._lock:
            connections = tuple(self._connections)
        for connection in connections:
            _shut(connection.sock)
            _shut(connection.kept)

    def _make(self, kind: type[_Connection], *args: Any, **kwargs: Any) -> _Connection:
        connection = kind(*args, **kwargs)
        with self._lock:
            self._connections.add(connection)
        return connection


def _shut(link: Any) -> None:
    with suppress(OSError, AttributeError):  # none yet, closed, or detached by TLS
        link.shutdown(socket.SHUT_RDWR)


def _whole(response: requests.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_content(_PIECE):
        content += piece
        if len(content) > LONGEST_ANSWER:
            raise TooLongError
    if sum(content.count(sign) for sign in b"[{,") > MOST_VALUES:
        raise TooLongError
    return bytes(content)
