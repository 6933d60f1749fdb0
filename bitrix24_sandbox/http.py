"""A small threaded HTTP/1.1 server for WSGI: keep-alive, whole answers in one write, no Nagle stalls.

Werkzeug's development server closes after every answer, and a client that keeps its connection is what is
to be tested here. A body shorter than its Content-Length goes out as it is and the connection closes: that
is how a truncated answer is played.
"""

from __future__ import annotations

import io
import socket
import ssl
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote_to_bytes

from bitrix24_sandbox.errors import ConnectionDropped

WsgiApp = Callable[..., Iterable[bytes]]
_LONGEST_LINE = 65_537
_IDLE_S = 120.0
_POLL_S = 0.005


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WsgiServer

    def setup(self) -> None:
        self.request.settimeout(_IDLE_S)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def _answer(self) -> None:
        try:
            self._serve()
        except ConnectionDropped as dropped:
            self._hang_up(dropped.pieces)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    def _hang_up(self, last_pieces: Iterable[bytes]) -> None:
        self.close_connection = True
        with suppress(ConnectionError):
            for piece in last_pieces:
                self.wfile.write(piece)

    def _serve(self) -> None:
        body = self._read_body()
        started: dict[str, Any] = {}

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: object = None
        ) -> Callable[[bytes], None]:
            started.update(status=status, headers=headers)
            return lambda _data: None

        chunks = self.server.app(self._environ(body), start_response)
        try:
            self._write(started, chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()

    def _write(self, started: dict[str, Any], chunks: Iterable[bytes]) -> None:
        """Send headers and the first chunk in one write; an answer mostly has no other."""
        headers: list[tuple[str, str]] = started["headers"]
        promised = next((int(value) for name, value in headers if name.lower() == "content-length"), None)
        if promised is None:
            chunks = [b"".join(chunks)]
            promised = len(chunks[0])
            headers = [*headers, ("Content-Length", str(promised))]
        status = f"{self.protocol_version} {started['status']}"
        lines = [status, *(f"{name}: {value}" for name, value in headers)]
        unsent, sent = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n", 0
        for chunk in chunks if self.command != "HEAD" else ():
            self.wfile.write(unsent + chunk)
            unsent, sent = b"", sent + len(chunk)
        self.wfile.write(unsent)
        if sent != promised and self.command != "HEAD":
            self.close_connection = True

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> Iterable[bytes]:
        while size := int(self.rfile.readline(_LONGEST_LINE).partition(b";")[0] or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline(_LONGEST_LINE)
        while self.rfile.readline(_LONGEST_LINE).strip():
            pass

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": str(self.server.server_address[0]),
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.server.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def log_message(self, _format: str, *_args: object) -> None:
        """Say nothing: the hit log remembers."""


class WsgiServer(ThreadingHTTPServer):
    """`server_bind` knows the port when 0 was asked for."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, app: WsgiApp, tls: ssl.SSLContext | None = None) -> None:
        self.app = app
        self.scheme = "https" if tls else "http"
        self._open: set[socket.socket] = set()
        super().__init__((host, port), _Handler)
        if tls:
            # Hands are shaken in the client's own thread: one that is slow must not keep the others out.
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            super().finish_request(request, client_address)
        finally:
            self._open.discard(request)

    def server_close(self) -> None:
        """Hang up on every client that keeps its connection, and wait for the threads that served them."""
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over clients that went away or distrust us; anything else is our own mistake and is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError | ssl.SSLError):
            super().handle_error(request, client_address)


@contextmanager
def serving(
    app: WsgiApp, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[WsgiServer]:
    """Serve from threads of this process and leave none behind; port 0 takes a free one."""
    server = WsgiServer(host, port, app, tls)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": _POLL_S}, name="sandbox")
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
