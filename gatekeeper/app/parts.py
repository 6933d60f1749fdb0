"""What the processes are made of: each part made once, when it is first asked for, from the Config."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from sqlalchemy import Engine

from gatekeeper.config import Config, NotificationsConfig
from gatekeeper.messages import Messages
from gatekeeper.metrics.meter import Meter
from gatekeeper.model.quiet_hours import QuietHours
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.walk import ContactWalk
from gatekeeper.store.breaker import Breaker, BreakerSettings
from gatekeeper.store.contacts import ContactIndex, scheme_of
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.exemptions import Exemptions
from gatekeeper.store.heartbeat import Heartbeat
from gatekeeper.store.inbox import Inbox, InboxSettings
from gatekeeper.store.jobs import Jobs
from gatekeeper.store.journal import Journal, LatestSnapshots
from gatekeeper.store.limiter import Limiter, LimiterSettings
from gatekeeper.store.outbox import Outbox
from gatekeeper.store.pointers import Pointers
from gatekeeper.store.tally import Tally
from gatekeeper.store.troubles import Troubles
from gatekeeper.store.upkeep.erasure import Erasure
from gatekeeper.store.upkeep.retention import Retention
from gatekeeper.store.visits import Visits
from gatekeeper.worker.wave.indexing import Indexer


@dataclass
class Parts:
    """Of one process; all parts of a process share its engine."""

    config: Config

    @cached_property
    def engine(self) -> Engine:
        engine = open_engine(self.config.database.url.reveal())
        migrate(engine)
        return engine

    @cached_property
    def limiter(self) -> Limiter:
        return Limiter(self.engine, limits_of(self.config))

    @cached_property
    def troubles(self) -> Troubles:
        return Troubles(self.engine, utc_now)

    @cached_property
    def client(self) -> PortalClient:
        portal = self.config.portal
        url, timeout_s = portal.url.reveal(), portal.timeout_s
        return PortalClient(url, self.limiter, timeout_s=timeout_s, meter=self.meter, troubles=self.troubles)

    @cached_property
    def meter(self) -> Meter:
        return Meter(Tally(self.engine))

    @cached_property
    def inbox(self) -> Inbox:
        worker = self.config.worker
        return Inbox(
            self.engine,
            InboxSettings(
                settle_s=worker.settle_s,
                max_settle_s=worker.max_settle_s,
                lease_s=worker.lease_s,
                max_attempts=worker.max_attempts,
            ),
        )

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.engine, masked=self.config.journal.mask_personal_data)

    @cached_property
    def latest(self) -> LatestSnapshots:
        return LatestSnapshots(self.engine, masked=self.config.journal.mask_personal_data)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self.engine)

    @cached_property
    def heartbeat(self) -> Heartbeat:
        return Heartbeat(self.engine)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.engine, lease=timedelta(seconds=self.config.worker.lease_s))

    @cached_property
    def pointers(self) -> Pointers:
        return Pointers(self.engine)

    @cached_property
    def breaker(self) -> Breaker:
        breaker = self.config.enforcement.breaker
        return Breaker(self.engine, BreakerSettings(breaker.reverts, breaker.minutes))

    @cached_property
    def exemptions(self) -> Exemptions:
        return Exemptions(self.engine)

    @cached_property
    def index(self) -> ContactIndex:
        return ContactIndex(self.engine, scheme=scheme_of(self.config.policy.rules.contact_phone.regions))

    @cached_property
    def indexer(self) -> Indexer:
        regions = self.config.policy.rules.contact_phone.regions
        return Indexer(ContactWalk(self.client), self.index, regions)

    @cached_property
    def outbox(self) -> Outbox:
        told = self.config.notifications
        return Outbox(self.engine, quiet_hours(told), timedelta(minutes=told.pause_minutes))

    @cached_property
    def retention(self) -> Retention:
        return Retention(self.engine, self.config.retention.journal, self.config.retention.index)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(self.engine, utc_now)

    @property
    def messages(self) -> Messages:
        return messages_of(self.config)

    def close(self) -> None:
        """Let go of the connections to the portal and to the database."""
        self.client.close()
        self.engine.dispose()


def limits_of(config: Config) -> LimiterSettings:
    portal = config.portal
    return LimiterSettings(rate_per_s=portal.rate_per_s, burst=portal.burst, reserve=portal.reserve)


def quiet_hours(told: NotificationsConfig) -> QuietHours:
    hours = "00:00-00:00" if told.quiet == "off" else told.quiet
    begin, end = (time.fromisoformat(each) for each in hours.split("-"))
    return QuietHours(told.time_zone, begin, end, told.days_off)


def messages_of(config: Config) -> Messages:
    """The words of that config: its language, and what its admin put in their place."""
    return Messages.in_language(config.messages.language, config.messages.templates)


def utc_now() -> datetime:
    return datetime.now(UTC)
