"""Who sends half a request, or trickles, holds nobody else up, with no proxy before the door."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests
from sqlalchemy import select

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import open_engine
from gatekeeper.store.inbox import inbox
from gatekeeper.web.asgi import PATIENCE_S
from tests.planted import TOKEN
from tests.processes import a_process, free_port, until, write_config
from tests.web.test_hostile import NOWHERE, is_alive

SLOW_ONES = 1024
"""Far more than there are threads."""
SLACK_S = 2.0
HEAD = b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HALF_A_BODY = HEAD + b"Content-Length: 1000\r\n\r\na"
EVENT = {"event": "ONCRMDEALADD", "data[FIELDS][ID]": 41, "auth[application_token]": TOKEN}

pytestmark = [pytest.mark.slow, pytest.mark.process]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('slow') / 'gate.db'}"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[int]:
    port = free_port()
    config = write_config(tmp_path_factory.mktemp("config"), NOWHERE, port)
    with a_process("web", config, database):
        until(lambda: is_alive(f"http://127.0.0.1:{port}"), "web process")
        yield port


class Slow:
    """One connection that has sent so much and, if it trickles, sends a byte now and then."""

    def __init__(self, port: int, sent: bytes, *, trickles: bool = False) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.sendall(sent)
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._trickle, daemon=True)
        if trickles:
            self._thread.start()

    def _trickle(self) -> None:
        while not self._gone.wait(0.2):
            try:
                self._socket.sendall(b"x")
            except OSError:
                return

    def send(self, more: bytes) -> None:
        self._socket.sendall(more)

    def end(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def answer(self) -> bytes:
        """Everything until the server closed."""
        answer = b""
        try:
            while piece := self._socket.recv(4096):
                answer += piece
        except ConnectionResetError:
            pass
        return answer

    def close(self) -> None:
        self._gone.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()


def post(port: int) -> tuple[int, float]:
    began = time.monotonic()
    status = requests.post(f"http://127.0.0.1:{port}/events", data=EVENT, timeout=60).status_code
    return status, time.monotonic() - began


def marked(database: str) -> set[EntityRef]:
    engine = open_engine(database)
    with engine.connect() as conn:
        rows = conn.execute(select(inbox.c.kind, inbox.c.entity_id)).all()
    engine.dispose()
    return {EntityRef(Kind(kind), number) for kind, number in rows}


def test_an_event_behind_a_thousand_slow_senders_is_heard_at_once(port: int, database: str) -> None:
    ways = [HALF_A_BODY, HEAD, HEAD + b"X: ", b""]
    with ExitStack() as stack:
        for sent in ways * (SLOW_ONES // len(ways)):
            stack.callback(Slow(port, sent).close)
        status, took = post(port)
    assert (status, marked(database)) == (200, {EntityRef(Kind.DEAL, 41)})
    assert took < SLACK_S


def test_an_event_behind_those_who_trickle_is_heard_at_once(port: int) -> None:
    with ExitStack() as stack:
        for sent in (HALF_A_BODY, HEAD + b"X: ") * 20:
            stack.callback(Slow(port, sent, trickles=True).close)
        status, took = post(port)
    assert status == 200
    assert took < SLACK_S


def test_who_does_not_end_is_told_so_and_cut_off(port: int) -> None:
    began = time.monotonic()
    slow = Slow(port, HALF_A_BODY)
    answer = slow.answer()
    took = time.monotonic() - began
    slow.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert PATIENCE_S - 0.5 < took < PATIENCE_S + SLACK_S


def test_who_is_answered_and_stays_holds_nobody_up(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            slow = Slow(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            stack.callback(slow.close)
        status, took = post(port)
    assert status == 200
    assert took < SLACK_S


def test_an_event_that_is_cut_marks_no_other_card(port: int, database: str) -> None:
    body = f"auth[application_token]={TOKEN}&event=ONCRMDEALADD&data[FIELDS][ID]=7".encode()
    slow = Slow(port, HEAD + b"Content-Length: %d\r\n\r\n" % (len(body) + 3) + body)
    slow.end()
    slow.answer()
    slow.close()
    assert EntityRef(Kind.DEAL, 7) not in marked(database)


def test_a_body_in_two_pieces_within_the_time_is_taken(port: int) -> None:
    body = "&".join(f"{name}={value}" for name, value in EVENT.items()).encode()
    slow = Slow(port, HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body[:20])
    threading.Timer(1.0, slow.send, [body[20:]]).start()
    answer = slow.answer()
    slow.close()
    assert answer.startswith(b"HTTP/1.1 200 ")
