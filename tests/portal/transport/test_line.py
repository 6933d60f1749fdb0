"""Every hit ends by its deadline and within its size, whatever the portal sends."""

from __future__ import annotations

import gzip
import itertools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme

from gatekeeper.model import errors
from gatekeeper.portal.transport.client import Command, PortalClient
from gatekeeper.portal.transport.line import LONGEST_ANSWER, MOST_VALUES, Deadline, Line
from tests.portal.scripted_portal import SECRET, Bucket

GET = Command("crm.item.get", {"id": 41})
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
WHOLE = HEAD + b'Content-Length: 16\r\n\r\n{"result": true}'
TIMEOUT_S = 0.3
PAUSE_S = 0.02  # far below the timeout: no single read is late

Pieces = Iterator[bytes]


def drip(start: bytes, piece: bytes = b" ") -> Pieces:
    yield start
    for _ in itertools.count():
        time.sleep(PAUSE_S)
        yield piece


def slowly(whole: bytes) -> Pieces:
    for place in range(len(whole)):
        time.sleep(0.002)
        yield whole[place : place + 1]


ENDLESS: dict[str, Callable[[], Pieces]] = {
    "silence": lambda: drip(b"", b""),
    "status line": lambda: drip(b"HTTP/1.1 200 O", b"K"),
    "one header": lambda: drip(HEAD + b"X-Odd: ", b"x"),
    "100 Continue": lambda: drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "100 Continue, fast": lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "body": lambda: drip(HEAD + b"Content-Length: 1000000\r\n\r\n"),
    "chunks": lambda: drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "body without length": lambda: drip(HEAD + b"Connection: close\r\n\r\n"),
    "answer without length": lambda: drip(HEAD + b'Connection: close\r\n\r\n{"result": true}'),
    "gzip, fast": lambda: itertools.chain(
        [HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"],
        itertools.repeat(gzip.compress(b"") * 100),
    ),
    "gzip": lambda: drip(HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n", gzip.compress(b" ")),
}


@contextmanager
def a_raw_portal(*scripts: Callable[[], Pieces], context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Yield the URL of a portal that sends each of its connections the pieces of the next script."""
    stopped = threading.Event()
    threads: list[threading.Thread] = []

    def answer(connection: socket.socket, pieces: Pieces) -> None:
        with suppress(OSError), connection:
            link = context.wrap_socket(connection, server_side=True) if context else connection
            with link:
                asked = b""
                while not asked.endswith(b"}"):
                    asked += link.recv(65536)
                for piece in itertools.takewhile(lambda _: not stopped.is_set(), pieces):
                    link.sendall(piece)

    def serve() -> None:
        for script in scripts:
            with suppress(OSError):
                connection, _ = server.accept()
                connection.settimeout(0.5)
                threads.append(threading.Thread(target=answer, args=(connection, script())))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        serving = threading.Thread(target=serve)
        serving.start()
        scheme = "https" if context else "http"
        try:
            yield f"{scheme}://127.0.0.1:{server.getsockname()[1]}/rest/1/{SECRET}/"
        finally:
            stopped.set()
            for thread in (serving, *threads):
                thread.join()


def refusal_of(client: PortalClient) -> errors.PortalError:
    with pytest.raises(errors.PortalError) as caught:
        client.call(GET)
    return caught.value


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)
def test_an_answer_that_never_ends_is_given_up_at_the_deadline(script: Callable[[], Pieces]) -> None:
    with a_raw_portal(script) as url, PortalClient(url, Bucket(), timeout_s=TIMEOUT_S) as client:
        began = time.monotonic()
        error = refusal_of(client)
        lasted = time.monotonic() - began
    assert type(error) is errors.OutcomeUnknown
    assert str(error) == "crm.item.get · no_answer_in_time"
    assert lasted < TIMEOUT_S + 1


def test_an_encrypted_answer_that_never_ends_is_given_up_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with (
        a_raw_portal(ENDLESS["body"], context=context) as url,
        PortalClient(url, Bucket(), timeout_s=TIMEOUT_S) as client,
    ):
        assert str(refusal_of(client)) == "crm.item.get · no_answer_in_time"


def test_the_hit_after_a_deadline_goes_through() -> None:
    with (
        a_raw_portal(ENDLESS["body"], lambda: iter([WHOLE])) as url,
        PortalClient(url, Bucket(), timeout_s=TIMEOUT_S) as client,
    ):
        refusal_of(client)
        assert client.call(GET).result is True


def test_a_slow_answer_within_the_deadline_is_an_answer() -> None:
    with (
        a_raw_portal(lambda: slowly(WHOLE)) as url,
        PortalClient(url, Bucket(), timeout_s=10) as client,
    ):
        assert client.call(GET).result is True


def test_a_deadline_leaves_no_thread_behind() -> None:
    with (
        a_raw_portal(lambda: iter([WHOLE])) as url,
        PortalClient(url, Bucket(), timeout_s=TIMEOUT_S) as client,
    ):
        client.call(GET)
        assert "deadline" not in {thread.name for thread in threading.enumerate()}


def zipped(size: int) -> Pieces:
    """Yield an answer of `size` bytes, JSON and spaces, in a thousandth of that."""
    body = gzip.compress(b'{"result": true}'.ljust(size))
    length = f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    yield HEAD + length.encode() + body


@pytest.mark.parametrize(("size", "is_read"), [(LONGEST_ANSWER, True), (LONGEST_ANSWER + 1, False)])
def test_an_answer_may_be_so_long_and_no_longer(size: int, *, is_read: bool) -> None:
    with a_raw_portal(lambda: zipped(size)) as url, PortalClient(url, Bucket()) as client:
        if is_read:
            assert client.call(GET).result is True
        else:
            error = refusal_of(client)
            assert type(error) is errors.AnswerTooLong
            assert str(error) == "crm.item.get · too_long 64 MB or 2,000,000 values"


@pytest.mark.parametrize(("count", "is_read"), [(MOST_VALUES // 2 - 1, True), (MOST_VALUES // 2, False)])
def test_an_answer_may_have_so_many_values_and_no_more(count: int, *, is_read: bool) -> None:
    """63 MB of empty lists would take 1.7 GB of memory."""
    body = gzip.compress(b'{"result": [%s]}' % b",".join([b"[]"] * count), compresslevel=1)
    length = f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    with (
        a_raw_portal(lambda: iter([HEAD + length.encode() + body])) as url,
        PortalClient(url, Bucket()) as client,
    ):
        if is_read:
            assert len(client.call(GET).result) == count
        else:
            assert type(refusal_of(client)) is errors.AnswerTooLong


def test_a_line_is_shut_down_as_soon_as_it_has_a_connection() -> None:
    """A connection may be made only after the deadline, for a name with several addresses."""
    line = Line({})
    with a_raw_portal(ENDLESS["body"]) as url, suppress(OSError), Deadline(line, 0.01) as deadline:
        time.sleep(0.05)
        assert deadline.is_over
        line.post(url, b"{}", 10)
    assert deadline.is_over
    line.close()
