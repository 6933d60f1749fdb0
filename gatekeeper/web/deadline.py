"""gunicorn's threads, with an end to the time that a sender may hold one.

gunicorn waits for the rest of a request as long as the sender likes: eight who send half of one would occupy
all threads. Here a request has to be there whole within `PATIENCE_S` of its connection, however steadily it
trickles. Because the time runs from the connection and not from the reading, whoever has sent all of it is
heard that much later at the worst, however many slow ones came before.
"""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

from gunicorn import util
from gunicorn.http import RequestParser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

PATIENCE_S = 5.0
"""An event has about 500 bytes, and a proxy passes it on when it has all of them."""

_NOBODY = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED}


class _Source:
    """A socket to read from, which is at its end when the time is over."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def recv(self, size: int) -> bytes:
        """What is there already is taken after the time, too: it waited for a thread, not for its sender."""
        self._connection.settimeout(_left(self._deadline))
        try:
            return self._connection.recv(size)
        except (TimeoutError, BlockingIOError):
            return b""
        finally:
            self._connection.settimeout(None)  # answers are written at leisure: they are short


class Connection(TConn):
    """A connection that knows by when its request has to be there."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.deadline = time.monotonic() + PATIENCE_S

    def init(self) -> None:
        super().init()
        reader = self.parser.unreader if isinstance(self.parser, RequestParser) else None
        if isinstance(reader, SocketUnreader):
            # Of a socket gunicorn asks it for recv alone.
            reader.sock = _Source(self.sock, self.deadline)  # type: ignore[assignment]

    def wait_for_data(self, timeout: float | None) -> bool:
        left = _left(self.deadline)
        return super().wait_for_data(left if timeout is None else min(timeout, left))

    def linger(self) -> None:
        """Let the sender go first, within its time: closed on what is unread, it might lose the answer."""
        util.close_graceful(self.sock, timeout=_left(self.deadline))

    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 - gunicorn's signature
        """At once: gunicorn calls it in the one thread that accepts, and nobody may hold that one."""
        super().close(graceful=False)


class DeadlineWorker(ThreadWorker):
    """gunicorn's gthread with connections that have a deadline."""

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NOBODY:
                return
            raise
        self.nr_conns += 1
        self.enqueue_req(Connection(self.cfg, client, address, listener.getsockname()))

    def handle(self, conn: TConn) -> Any:
        """One request; False when the connection is to be closed."""
        result = super().handle(conn)
        if result is False and isinstance(conn, Connection):
            conn.linger()
        return result


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
