"""A whole gatekeeper before a sandbox portal: the portal here, the web process and the workers as processes.

The workers start before anything is measured, so that their first sweep and their walk through the contacts
are over. The portal's limits hold on both sides at 2 hits a second; any other rate lifts the portal's.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, or_, select

from benchmarks.door import a_database
from benchmarks.measured_worker import MeasuredWorker, Spent, a_measured_worker
from bitrix24_sandbox.testing import Bitrix24Portal, running_portal
from gatekeeper.app.demo import free_ports
from gatekeeper.model.refs import Priority
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.inbox import inbox
from tests.planted import TOKEN, WEBHOOK_CODE
from tests.processes import a_process, answers, until

PORTALS_RATE, PORTALS_BURST = 2.0, 50
QUIET_S = 1.5
"""For so long nothing waits before the inbox counts as quiet."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`rate` is the limiter's, in hits a second; `costs` are the portal's: none, booked or slept."""

    rate: float = PORTALS_RATE
    costs: str = "none"
    postgresql: bool = False
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that runs. `engine` is a connection of our own to the gatekeeper's database."""

    portal: Bitrix24Portal
    engine: Engine
    workers: Sequence[MeasuredWorker]

    def spent(self) -> Spent:
        spents = [worker.spent() for worker in self.workers]
        return Spent(sum(each.statements for each in spents), sum(each.cpu_s for each in spents))

    def hold(self) -> None:
        """Let each worker finish its wave and wait."""
        for worker in self.workers:
            worker.may_work.clear()
        time.sleep(QUIET_S)

    def let_go(self) -> None:
        for worker in self.workers:
            worker.may_work.set()

    def is_quiet(self) -> bool:
        return self.portal.sandbox.portal.dispatcher.pending == 0 and self.waiting() == 0

    def waiting(self) -> int:
        """Count the cards that events told of and that still wait or are being worked on."""
        of_event = inbox.c.priority.in_([each for each in Priority if each.is_of_event])
        query = select(func.count()).where(or_(of_event, inbox.c.lease_id.is_not(None)))
        with self.engine.connect() as conn:
            return conn.execute(query).scalar_one()


@contextmanager
def a_bench(setting: Setting) -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(a_database(folder, postgresql=setting.postgresql))
        engine = open_engine(url)
        stack.callback(engine.dispose)
        migrate(engine)
        limit = "standard" if setting.rate == PORTALS_RATE else "off"
        options: dict[str, Any] = {"code": WEBHOOK_CODE, "token": TOKEN, "costs": setting.costs}
        portal = stack.enter_context(running_portal(limit=limit, **options))
        port, admin_port = free_ports(2)
        config = write_config(folder, portal.url, (port, admin_port), setting.rate)
        stack.enter_context(a_process("web", config, url))
        workers = [stack.enter_context(a_measured_worker(config, url)) for _ in range(setting.workers)]
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the web process")
        portal.send_events_to(f"http://127.0.0.1:{port}/events")
        bench = Bench(portal, engine, workers)
        settle_in(bench)
        yield bench


def write_config(folder: Path, portal_url: str, ports: tuple[int, int], rate: float) -> Path:
    """All rules as they are by default, and a breaker that no burst of ours trips."""
    port, admin_port = ports
    lines = [
        "[portal]",
        f'url = "{portal_url}"',
        f'application_tokens = ["{TOKEN}"]',
        f"rate_per_s = {rate}",
        f"burst = {PORTALS_BURST if rate == PORTALS_RATE else 1000}",
        "[fields]",
        'product_group = "UF_CRM_PRODUCT_GROUP"',
        'status = "UF_CRM_GATEKEEPER_STATUS"',
        "[web]",
        f"port = {port}",
        f"admin_port = {admin_port}",
        "[enforcement.breaker]",
        "reverts = 1000",
    ]
    config = folder / "gatekeeper.toml"
    config.write_text("\n".join(lines), encoding="utf-8")
    return config


def settle_in(bench: Bench) -> None:
    """Let the workers make their first sweep and walk, until the portal hears nothing more."""
    bench.let_go()
    until(lambda: len(bench.portal.hits()) > 2, "a worker that asks the portal")
    heard = 0
    while heard < (heard := len(bench.portal.hits())):
        time.sleep(3)
    bench.hold()


def until_quiet(bench: Bench, patience_s: float) -> float | None:
    """Return the seconds until nothing waited any more."""
    began = time.monotonic()
    quiet_since: float | None = None
    while time.monotonic() - began < patience_s:
        if not bench.is_quiet():
            quiet_since = None
        elif quiet_since is None:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET_S:
            return round(quiet_since - began, 1)
        time.sleep(0.1)
    return None
