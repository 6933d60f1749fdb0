"""The tables of one database as a config wants them: opened here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from sqlalchemy import Engine

from gatekeeper.config import Config
from gatekeeper.store.breaker import Breaker, BreakerSettings
from gatekeeper.store.contacts import ContactIndex, scheme_of
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.exemptions import Exemptions
from gatekeeper.store.heartbeat import Heartbeat
from gatekeeper.store.inbox import Inbox, InboxSettings
from gatekeeper.store.jobs import Jobs
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.snapshots import LatestSnapshots
from gatekeeper.store.ledger import Ledger
from gatekeeper.store.limiter import Limiter, LimiterSettings
from gatekeeper.store.outbox import Outbox
from gatekeeper.store.pointers import Pointers
from gatekeeper.store.probe import DatabaseFile
from gatekeeper.store.tally import Tally
from gatekeeper.store.troubles import Troubles
from gatekeeper.store.upkeep.retention import Retention
from gatekeeper.store.visits import Visits


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """One object a table, all on one engine. Close it, or use it in a `with`."""

    engine: Engine
    file: DatabaseFile
    inbox: Inbox
    outbox: Outbox
    visits: Visits
    jobs: Jobs
    ledger: Ledger
    pointers: Pointers
    contacts: ContactIndex
    exemptions: Exemptions
    breaker: Breaker
    troubles: Troubles
    limiter: Limiter
    heartbeat: Heartbeat
    tally: Tally
    journal: Journal
    latest: LatestSnapshots

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.engine.dispose()


def open_store(config: Config, now: Callable[[], datetime] = utc_now, *, busy_timeout_s: float = 30) -> Store:
    """Open the config's database and bring its tables up to date. Raises DatabaseUnavailable."""
    engine = open_engine(config.database.url.reveal(), busy_timeout_s=busy_timeout_s)
    migrate(engine)
    return store_on(engine, config, now)


def store_on(
    engine: Engine,
    config: Config,
    now: Callable[[], datetime] = utc_now,
    *,
    file: DatabaseFile | None = None,
) -> Store:
    """The same for a database that is open already, and up to date. `file`: as it was when it was opened."""
    masked, breaker = config.journal.mask_personal_data, config.enforcement.breaker
    told = config.notifications
    return Store(
        engine=engine,
        file=file or DatabaseFile.of(engine),
        inbox=Inbox(engine, _inbox_settings(config)),
        outbox=Outbox(engine, told.quiet_hours, timedelta(minutes=told.pause_minutes)),
        visits=Visits(engine),
        jobs=Jobs(engine, lease=timedelta(seconds=config.worker.lease_s)),
        ledger=Ledger(engine),
        pointers=Pointers(engine),
        contacts=ContactIndex(engine, scheme=scheme_of(config.policy.rules.contact_phone.regions)),
        exemptions=Exemptions(engine),
        breaker=Breaker(engine, BreakerSettings(breaker.reverts, breaker.minutes)),
        troubles=Troubles(engine, now),
        limiter=Limiter(engine, limiter_settings(config)),
        heartbeat=Heartbeat(engine),
        tally=Tally(engine),
        journal=Journal(engine, masked=masked),
        latest=LatestSnapshots(engine, masked=masked),
    )


def make_retention(config: Config, store: Store) -> Retention:
    return Retention(store.engine, config.retention.journal, config.retention.index)


def limiter_settings(config: Config) -> LimiterSettings:
    portal = config.portal
    return LimiterSettings(rate_per_s=portal.rate_per_s, burst=portal.burst, reserve=portal.reserve)


def _inbox_settings(config: Config) -> InboxSettings:
    worker = config.worker
    return InboxSettings(
        settle_s=worker.settle_s,
        max_settle_s=worker.max_settle_s,
        lease_s=worker.lease_s,
        max_attempts=worker.max_attempts,
    )
