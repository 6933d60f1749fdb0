"""`gatekeeper worker` in a process of its own, which counts its statements and its CPU time.

It can be held between two waves, so that a burst waits in the inbox before the first wave begins.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from gatekeeper.app.bootstrap import open_gatekeeper
from gatekeeper.app.worker_process import run_worker
from gatekeeper.config import load_config

_SPAWN = multiprocessing.get_context("spawn")
_STATEMENTS, _CPU_S = range(2)


@dataclass(frozen=True, slots=True)
class Spent:
    statements: int
    cpu_s: float

    def since(self, before: Spent) -> Spent:
        return Spent(self.statements - before.statements, self.cpu_s - before.cpu_s)


@dataclass(frozen=True, slots=True)
class MeasuredWorker:
    """A worker that works while `may_work` is set."""

    may_work: Event
    figures: SynchronizedArray[float]

    def spent(self) -> Spent:
        with self.figures.get_lock():
            statements, cpu_s = self.figures[:]
        return Spent(int(statements), cpu_s)


@contextmanager
def a_measured_worker(config: Path, database_url: str) -> Iterator[MeasuredWorker]:
    worker = MeasuredWorker(_SPAWN.Event(), _SPAWN.Array("d", 2))
    environ = {**os.environ, "GATEKEEPER_DATABASE_URL": database_url}
    process = _SPAWN.Process(target=_work, args=(config, environ, worker.may_work, worker.figures))
    process.daemon = True
    process.start()
    try:
        yield worker
    finally:
        process.kill()
        process.join()


def _work(
    config: Path, environ: Mapping[str, str], may_work: Event, figures: SynchronizedArray[float]
) -> None:
    def hold() -> bool:
        figures[_CPU_S] = time.process_time()
        may_work.wait()
        return False

    gatekeeper = open_gatekeeper(load_config(config, environ))
    count_statements(gatekeeper.store.engine, figures)
    run_worker(gatekeeper, threading.Event(), hold)


def count_statements(engine: Engine, figures: SynchronizedArray[float]) -> None:
    def count(*_: Any) -> None:
        with figures.get_lock():
            figures[_STATEMENTS] += 1

    event.listen(engine, "before_cursor_execute", count)
