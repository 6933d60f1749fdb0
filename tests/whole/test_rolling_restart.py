"""Web processes and workers are replaced one by one while events come in: none is refused, none lost."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.heartbeat import heartbeat
from tests.gate import Gate, a_gate
from tests.processes import a_process, answers, free_port, until, write_config
from tests.soak import one_of

ROOT = Path(__file__).parents[2]
WEBS = 2
PEOPLE = 2
LEAST = 20
"""Deals made meanwhile; it was a load."""


class Web:
    """What the Procfile runs, on this machine's own address."""

    def __init__(self, config: Path, database_url: str, port: int) -> None:
        lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
        line = next(line.removeprefix("web:") for line in lines if line.startswith("web:"))
        program, *arguments = shlex.split(line)
        self._pid_file = config.with_suffix(".pid")
        own = ["--bind", f"127.0.0.1:{port}", "--pid", str(self._pid_file)]
        environ = {
            **os.environ,
            "GATEKEEPER_CONFIG": str(config),
            "GATEKEEPER_DATABASE_URL": database_url,
            "WEB_CONCURRENCY": str(WEBS),
        }
        command = [str(Path(sys.executable).with_name(program)), *own, *arguments]
        self._first = subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)
        until(lambda: bool(self.pid()), "a pid file")

    def pid(self) -> int:
        return _number_in(self._pid_file)

    def replace(self) -> None:
        """The new one answers beside the old one before the old one is told to end, as operations.md says."""
        old, born = self.pid(), self._pid_file.with_suffix(".pid.2")
        os.kill(old, signal.SIGUSR2)
        until(lambda: bool(new := _number_in(born)) and len(_children(new)) == WEBS, "a second gunicorn")
        os.kill(old, signal.SIGTERM)
        until(lambda: self.pid() not in {0, old}, "the end of the first one")

    def close(self) -> None:
        pid = self.pid()
        os.kill(pid, signal.SIGTERM)
        self._first.wait(30)
        until(lambda: not Path(f"/proc/{pid}").exists(), "the end of gunicorn")


def _number_in(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        return 0


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


@contextmanager
def a_started_worker(gate: Gate, config: Path, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Until then SIGTERM would find it at its imports, and just kill it."""
    with a_process("worker", config, database_url) as worker:
        owner = f"{socket.gethostname()}:{worker.pid}"
        until(lambda: owner in owners(gate.store.engine), "a worker's sign of life")
        yield worker


def owners(engine: Engine) -> set[str]:
    with engine.connect() as conn:
        return set(conn.execute(select(heartbeat.c.owner)).scalars())


def replace_worker(
    gate: Gate, worker: subprocess.Popen[bytes], config: Path, database_url: str, stack: ExitStack
) -> None:
    """The new one is at work before the old one is told to end, which finishes its wave."""
    stack.enter_context(a_started_worker(gate, config, database_url))
    worker.terminate()
    assert worker.wait(60) == 0


@contextmanager
def people_at_work(gate: Gate) -> Iterator[list[EntityRef]]:
    """They make deals until the end of the block; the list grows meanwhile."""
    over, deals = threading.Event(), list[EntityRef]()

    def work() -> None:
        while not over.wait(0.2):
            deals.append(gate.add(Kind.DEAL, title="Сделка"))

    threads = [threading.Thread(target=work) for _ in range(PEOPLE)]
    for each in threads:
        each.start()
    try:
        yield deals
    finally:
        over.set()
        for each in threads:
            each.join()


@one_of("engine", "sqlite", "postgresql")
@pytest.mark.process
@pytest.mark.slow
def test_every_process_is_replaced_under_load_and_no_event_is_lost(
    engine: Engine, tmp_path: Path, soak: bool
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    port = free_port()
    with ExitStack() as stack:
        events_url = f"http://127.0.0.1:{port}/events"
        gate = stack.enter_context(a_gate(engine, sandbox={"events_url": events_url}))
        config = write_config(tmp_path, gate.sandbox.webhook_url, port)
        web = stack.enter_context(closing(Web(config, url, port)))
        workers = [stack.enter_context(a_started_worker(gate, config, url)) for _ in range(2 if soak else 1)]
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "a gate that is ready")
        with people_at_work(gate) as deals:
            for worker in workers:
                web.replace()
                replace_worker(gate, worker, config, url, stack)
        until(lambda: gate.events()["pending"] == 0, "delivery of all events")
        assert gate.events()["delivered"] >= len(deals) > LEAST
        lost = {name: gate.events()[name] for name in ("refused", "failed", "lost")}
        assert lost == {"refused": 0, "failed": 0, "lost": 0}
        until(lambda: gate.is_idle, "empty inbox", timeout_s=120)
        assert gate.store.inbox.dead_letters() == ()
        assert {deal: len(gate.said(deal)) for deal in deals} == dict.fromkeys(deals, 1)
        assert gate.unsettled(deals) == {}
