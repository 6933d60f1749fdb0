"""How long the portal waits at the door: events a second and their wait, idle and under load, in one run.

Beside `/events` the same gunicorn serves `/healthz`, a view that does nothing: what is left of its throughput
is what a durable mark costs. The load is another process on the same SQLite file, on disk: it looks up 200
contacts at a time in an index of INDEX, and then puts 50 of them in, without a pause.
"""

from __future__ import annotations

import http.client
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from gatekeeper.store.contacts import ContactIndex, ContactKey, IndexedContact, KeyField
from gatekeeper.store.database import migrate, open_engine
from tests.planted import TOKEN
from tests.processes import a_process, answers, free_port, until, write_config

INDEX, SENDERS, SECONDS = 100_000, 8, 8.0
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


def fill(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    ContactIndex(engine).put(
        IndexedContact(
            number,
            f"Фамилия{number}",
            "Имя",
            "",
            None,
            at,
            frozenset({ContactKey(KeyField.PHONE, f"+7{number}")}),
        )
        for number in range(1, INDEX + 1)
    )
    engine.dispose()


def look_up(url: str, stop: multiprocessing.synchronize.Event) -> None:
    """As a wave of contacts does, without a pause: candidates by key, then the rows are put in."""
    engine = open_engine(url)
    index, number = ContactIndex(engine), 0
    while not stop.is_set():
        number = number % (INDEX - 200) + 200
        keys = [ContactKey(KeyField.PHONE, f"+7{number + step}") for step in range(200)]
        index.put(index.read(index.candidates(keys)[:50]))
    engine.dispose()


def post_event(connection: http.client.HTTPConnection, number: int) -> None:
    event = {"event": "ONCRMDEALUPDATE", "data[FIELDS][ID]": number, "auth[application_token]": TOKEN}
    connection.request("POST", "/events", urlencode(event), HEADERS)
    if connection.getresponse().read() != b"marked\n":
        raise RuntimeError("an event was not marked")


def ask_health(connection: http.client.HTTPConnection, _number: int) -> None:
    connection.request("GET", "/healthz")
    connection.getresponse().read()


def measure(port: int, ask: Callable[[http.client.HTTPConnection, int], None]) -> tuple[float, list[float]]:
    """Requests a second of SENDERS clients, and each one's wait in ms; a connection a request."""
    waits: list[float] = []
    end = time.perf_counter() + SECONDS

    def send(first: int) -> None:
        number = first
        while (began := time.perf_counter()) < end:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                ask(connection, number)
            waits.append((time.perf_counter() - began) * 1000)
            number += SENDERS

    threads = [threading.Thread(target=send, args=(first,)) for first in range(1, SENDERS + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(waits) / SECONDS, sorted(waits)


def tell(name: str, rate: float, waits: list[float]) -> None:
    p99 = waits[int(len(waits) * 0.99)]
    print(f"{name:34} {rate:7.0f} /s   p50 {statistics.median(waits):6.1f} ms   p99 {p99:6.1f} ms")


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        folder, port = Path(name), free_port()
        url = f"sqlite:///{folder / 'gate.db'}"
        fill(url)
        config = write_config(folder, "http://127.0.0.1:9/rest/1/x/", port)
        with a_process("web", config, url):
            until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the web process")
            tell("a view that does nothing", *measure(port, ask_health))
            tell("events, idle", *measure(port, post_event))
            stop = multiprocessing.Event()
            looking = multiprocessing.Process(target=look_up, args=(url, stop))
            looking.start()
            tell("a view, under lookups", *measure(port, ask_health))
            tell("events, under lookups", *measure(port, post_event))
            stop.set()
            looking.join()


if __name__ == "__main__":
    main()
