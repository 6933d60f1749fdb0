"""The composition root: a Config in, a working web app or worker out. Nothing else builds its own parts."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property, partial
from importlib.metadata import version
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Engine

from gatekeeper.aftermath import Aftermath
from gatekeeper.alarm import Alarm
from gatekeeper.audit import Audit
from gatekeeper.breaker import Breaker, BreakerSettings
from gatekeeper.config import Config, NotificationsConfig, load_config
from gatekeeper.config.urls import portal_origin, webhook_owner
from gatekeeper.contacts import ContactIndex
from gatekeeper.database import migrate, open_engine
from gatekeeper.day import DayReader
from gatekeeper.digest import Digest
from gatekeeper.doctor import Diagnosis, diagnose
from gatekeeper.doctor.home import Home, Usable, open_home, read_home
from gatekeeper.doctor.naming import wanted_of
from gatekeeper.enforcement import Action, Enforcement, Occasion, Plan
from gatekeeper.erasure import Erasure
from gatekeeper.errors import PortalError
from gatekeeper.exemptions import Exemptions
from gatekeeper.heartbeat import Heartbeat
from gatekeeper.inbox import Inbox, InboxSettings
from gatekeeper.indexing import Indexer, scheme_of
from gatekeeper.journal import Journal, LatestSnapshots
from gatekeeper.ledger import Ledger
from gatekeeper.logs import secrets_of, set_up_logging
from gatekeeper.looks import Looks
from gatekeeper.messages import Messages
from gatekeeper.metrics.exposition import Exposition
from gatekeeper.metrics.meter import Meter
from gatekeeper.metrics.readings import (
    read_breaker,
    read_inbox,
    read_index,
    read_limiter,
    read_sweep,
    read_troubles,
    read_workers,
)
from gatekeeper.metrics.tally import Tally
from gatekeeper.model import EntityRef, Priority, Snapshot, Unread
from gatekeeper.neighbours import Neighbourhood
from gatekeeper.notices import Notices
from gatekeeper.notifier import Notifier
from gatekeeper.pointers import Pointers
from gatekeeper.portal.changes import ChangeReader
from gatekeeper.portal.client import PortalClient
from gatekeeper.portal.limiter import Limiter, LimiterSettings, Unlimited
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.survey import read_survey
from gatekeeper.portal.walk import ContactWalk
from gatekeeper.portal.writer import Writer
from gatekeeper.quiet import QuietHours
from gatekeeper.readiness import SILENCE, Readiness
from gatekeeper.reconcile import Reconciler
from gatekeeper.rejudge import Rejudging
from gatekeeper.related import Related
from gatekeeper.reload import ConfigWatch, LiveApp
from gatekeeper.report import People, Report, Reservations, Selection, Told, Words
from gatekeeper.retention import Retention, Upkeep
from gatekeeper.rounds import Rounds
from gatekeeper.standing import Standing
from gatekeeper.sweep import NAME as SWEEP
from gatekeeper.sweep import Sweeper
from gatekeeper.troubles import Troubles
from gatekeeper.verdict import Verdict
from gatekeeper.web import create_app
from gatekeeper.web.health import Check, Health
from gatekeeper.whatif import Side
from gatekeeper.worker import Chores, Worker, WorkerSettings

NO_WARNINGS: Mapping[str, Check] = {}


def quiet_hours(told: NotificationsConfig) -> QuietHours:
    hours = "00:00-00:00" if told.quiet == "off" else told.quiet
    begin, end = (time.fromisoformat(each) for each in hours.split("-"))
    return QuietHours(told.time_zone, begin, end, told.days_off)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Gatekeeper:
    """The parts of one process, each made when it is first asked for and then kept."""

    config: Config

    @cached_property
    def engine(self) -> Engine:
        engine = open_engine(self.config.database.url.reveal())
        migrate(engine)
        return engine

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

    @property
    def messages(self) -> Messages:
        return messages_of(self.config)

    @cached_property
    def looks(self) -> Looks:
        return Looks(self.engine)

    @cached_property
    def exemptions(self) -> Exemptions:
        return Exemptions(self.engine)

    @cached_property
    def heartbeat(self) -> Heartbeat:
        return Heartbeat(self.engine)

    @cached_property
    def index(self) -> ContactIndex:
        return ContactIndex(self.engine, scheme=scheme_of(self.config.policy.rules.contact_phone.regions))

    @cached_property
    def indexer(self) -> Indexer:
        regions = self.config.policy.rules.contact_phone.regions
        return Indexer(ContactWalk(self.client), self.index, regions)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self.engine, self.config.retention.journal, self.config.retention.index)

    @cached_property
    def _upkeep(self) -> Upkeep:
        return Upkeep(self.retention, utc_now)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(self.engine, utc_now)

    @cached_property
    def meter(self) -> Meter:
        return Meter(Tally(self.engine))

    @cached_property
    def exposition(self) -> Exposition:
        readings = (
            partial(read_inbox, self.inbox),
            partial(read_index, self.index),
            partial(read_workers, self.heartbeat),
            partial(read_limiter, self.limiter.level, self.config.portal.burst),
            partial(read_breaker, self.breaker, utc_now),
            partial(read_troubles, self.troubles),
            partial(read_sweep, lambda: self.rounds.standing(SWEEP).age, self.readiness.unheard),
        )
        info = {"version": version("gatekeeper"), "policy": self.config.policy.revision}
        return Exposition(Tally(self.engine), readings, info)

    @cached_property
    def limiter(self) -> Limiter:
        return Limiter(self.engine, limits_of(self.config))

    @cached_property
    def breaker(self) -> Breaker:
        breaker = self.config.enforcement.breaker
        return Breaker(self.engine, BreakerSettings(breaker.reverts, breaker.minutes))

    @cached_property
    def client(self) -> PortalClient:
        portal = self.config.portal
        url, timeout_s = portal.url.reveal(), portal.timeout_s
        return PortalClient(url, self.limiter, timeout_s=timeout_s, meter=self.meter, troubles=self.troubles)

    @cached_property
    def troubles(self) -> Troubles:
        return Troubles(self.engine, utc_now)

    @cached_property
    def pointers(self) -> Pointers:
        return Pointers(self.engine)

    @cached_property
    def rounds(self) -> Rounds:
        return Rounds(self.engine, lease=timedelta(seconds=self.config.worker.lease_s))

    def sweeper(self, owner: str) -> Sweeper:
        return Sweeper(
            reader=ChangeReader(self.client),
            rounds=self.rounds,
            looks=self.looks,
            inbox=self.inbox,
            index=self.index,
            ledger=Ledger(self.engine),
            pointers=self.pointers,
            every=self.config.sweep.every.as_timedelta,
            has_room=lambda: self.limiter.has_room(Priority.SWEEP),
            owner=owner,
            now=utc_now,
        )

    def with_config(self, config: Config) -> Gatekeeper:
        """The same database under another config; what the config shapes is made anew."""
        other = Gatekeeper(config)
        other.engine = self.engine
        if config.portal == self.config.portal and "client" in vars(self):  # the web process has none
            other.client = self.client
        return other

    def side(self, now: datetime) -> Side:
        """What decides, without the portal."""
        return Side(
            self.config.policy,
            self._enforcement(self.journal.watching_since() or now),
            self.messages,
            self.exemptions.standing(),
        )

    def _enforcement(self, watching_since: datetime) -> Enforcement:
        config = self.config
        return Enforcement(
            watching_since=watching_since,
            dry_run=config.enforcement.dry_run,
            revert_won=config.enforcement.revert_won,
            max_reverts=config.enforcement.max_reverts,
            owner_id=webhook_owner(config.portal.url.reveal()),
            notices=frozenset(Occasion(each) for each in config.notifications.on) | {Occasion.LEFT},
            quality_control=self._told_singly(),
        )

    @cached_property
    def notices(self) -> Notices:
        told = self.config.notifications
        return Notices(self.engine, quiet_hours(told), timedelta(minutes=told.pause_minutes))

    def digest(self, reconciler: Reconciler) -> Digest:
        told = self.config.notifications
        return Digest(
            engine=self.engine,
            day_reader=DayReader(self.engine),
            breaker=self.breaker,
            writer=reconciler.writer,
            staff=reconciler.reader.staff,
            messages=reconciler.messages,
            quiet=quiet_hours(told),
            readers=told.digest.to,
            heads=told.digest.heads,
            at=time.fromisoformat(told.digest.at),
            dead_letters=lambda: self.inbox.depth().dead,
            now=reconciler.now,
        )

    def _told_singly(self) -> tuple[int, ...]:
        """Those of the quality control who do not read of it in their digest."""
        told = self.config.notifications
        return tuple(each for each in told.quality_control if each not in told.digest.to)

    def notifier(self, reconciler: Reconciler) -> Notifier:
        return Notifier(
            notices=self.notices,
            journal=self.journal,
            breaker=self.breaker,
            troubles=self.troubles,
            writer=reconciler.writer,
            staff=reconciler.reader.staff,
            messages=reconciler.messages,
            quality_control=self.config.notifications.quality_control,
            now=reconciler.now,
            heads_wait=self.config.notifications.digest.heads,
        )

    def alarm(self) -> Alarm:
        told = self.config.notifications
        return Alarm(self.troubles, self.client, told.quality_control, quiet_hours(told), utc_now)

    def reconciler(self, watching_since: datetime) -> Reconciler:
        config = self.config
        reader = Reader(self.client, config.policy)
        return Reconciler(
            reader=reader,
            writer=Writer(self.client),
            breaker=self.breaker,
            notices=self.notices,
            journal=self.journal,
            latest=self.latest,
            policy=config.policy,
            enforcement=self._enforcement(watching_since),
            messages=self.messages,
            indexer=self.indexer,
            neighbourhood=Neighbourhood(reader, self.index, config.policy),
            related=Related(reader, self.index, Standing(self.engine), config.policy, utc_now),
            granted=self.exemptions.standing,
            aftermath=Aftermath(self.looks, self.pointers, self.journal, self.latest, config.policy, utc_now),
            mark_dirty=lambda refs, priority: self.inbox.mark_dirty(refs, priority=priority),
            now=utc_now,
            meter=self.meter,
        )

    def audit(self, *, mark: bool) -> Audit:
        """`mark`: what is not as it should be is marked for the workers, last of all."""
        return Audit(
            reader=ChangeReader(self.client),
            reconciler=self.reconciler(self.journal.watching_since() or utc_now()),
            rounds=self.rounds,
            mark_dirty=partial(self.inbox.mark_dirty, priority=Priority.AUDIT) if mark else None,
            owner=f"{socket.gethostname()}:{os.getpid()}",
        )

    def examine(self, ref: EntityRef) -> tuple[Verdict, tuple[Action, ...]]:
        """Read and judge one card, and plan for it; nothing is written. PortalError if it cannot be read."""
        _, verdict, planned = self.foresee(ref)
        return verdict, planned.actions

    def foresee(self, ref: EntityRef) -> tuple[Snapshot, Verdict, Plan]:
        """`examine` with all that it rests on, and with what would be remembered."""
        return self.reconciler(self.journal.watching_since() or utc_now()).foresee(ref)

    def people(self) -> People:
        """Whom the portal names; numbers, and why, where it does not."""
        try:
            return People(StaffKeeper(self.client).current(Priority.LIVE))
        except PortalError as error:
            return People(Unread(str(error)))

    def report(self, wanted: Selection, people: People) -> Report:
        config = self.config
        zone, keep = ZoneInfo(config.notifications.time_zone), config.retention.journal
        return Report(
            self.engine,
            wanted,
            Told(
                Words(config.messages.language, self.messages),
                people,
                zone,
                portal_origin(config.portal.url.reveal()),
            ),
            self.exemptions.listed(),
            config.policy.exemptions,
            Reservations(
                watching_since=self.journal.watching_since(),
                deleted_before=keep.before(wanted.made_at) if keep else None,
                dry_run=config.enforcement.dry_run,
            ),
        )

    def close(self) -> None:
        """Let go of the connections to the portal and to the database."""
        self.client.close()
        self.engine.dispose()

    def worker(self) -> Worker:
        settings = self.config.worker
        reconciler = self.reconciler(self.journal.begin_watching(utc_now()))
        owner = f"{socket.gethostname()}:{os.getpid()}"
        return Worker(
            self.inbox,
            reconciler,
            self.heartbeat,
            Chores(
                idle=(self._rejudging().step, self.indexer.step, self._upkeep.step),
                sweeper=self.sweeper(owner),
                errands=(self.alarm().step, self.notifier(reconciler).step, self.digest(reconciler).step),
            ),
            WorkerSettings(wave=settings.wave, settle_s=settings.settle_s),
            owner=owner,
            now=utc_now,
        )

    def work(self, stop: threading.Event, watch: ConfigWatch) -> None:
        """Work until told to stop, each time under the config that is in force then."""
        gatekeeper, news = self, list[Config]()

        def is_outdated() -> bool:
            news.extend(config for config in [watch.poll()] if config)
            return bool(news)

        while not stop.is_set():
            gatekeeper.worker().run(stop, is_outdated)
            for config in news:
                gatekeeper, before = gatekeeper.with_config(config), gatekeeper
                if gatekeeper.client is not before.client:
                    before.client.close()
            news.clear()

    def _rejudging(self) -> Rejudging:
        return Rejudging(self.journal, self.latest, self.side(utc_now()), self.inbox.mark_dirty, utc_now)

    def live_web_app(self, watch: ConfigWatch) -> LiveApp:
        """The web app, made anew whenever its config changes."""
        warnings = {"config": lambda: watch.refused}
        app = self.web_app(warnings)
        live = LiveApp(watch, app, lambda config: self.with_config(config).web_app(warnings))
        live.keep_fresh()
        return live

    def web_app(self, warnings: Mapping[str, Check] = NO_WARNINGS) -> Flask:
        return create_app(
            tokens=tuple(each.reveal() for each in self.config.portal.application_tokens),
            mark_dirty=self.inbox.mark_dirty,
            health=Health(
                checks=self.readiness.checks,
                warnings={**self.readiness.warnings, **warnings},
                figures={"dead_letters": lambda: self.inbox.depth().dead},
            ),
            web=self.config.web,
            meter=self.meter,
            render_metrics=self._metrics,
        )

    @property
    def readiness(self) -> Readiness:
        return Readiness(
            journal=self.journal,
            heartbeat=self.heartbeat,
            index=self.index,
            rounds=self.rounds,
            breaker=self.breaker,
            troubles=self.troubles,
            sweep_every=self.config.sweep.every.as_timedelta,
            now=utc_now,
        )

    def _metrics(self) -> bytes:
        self.meter.flush()
        return self.exposition.render()


def messages_of(config: Config) -> Messages:
    """The words of that config: its language, and what its admin put in their place."""
    return Messages.in_language(config.messages.language, config.messages.templates)


def examine_health(config: Config) -> tuple[Diagnosis, ...]:
    """What `doctor` finds. Without a database of ours its few hits are counted nowhere."""
    opened = open_home(config.database.url.reveal())
    if not isinstance(opened, Engine):
        return _examine(config, opened, Unlimited())
    try:
        home = read_home(opened, config.policy.rules.contact_phone.regions, utc_now())
        usable = isinstance(home, Usable)
        return _examine(config, home, Limiter(opened, limits_of(config)) if usable else Unlimited())
    finally:
        opened.dispose()


def _examine(config: Config, home: Home, limiter: Limiter | Unlimited) -> tuple[Diagnosis, ...]:
    portal = config.portal
    with PortalClient(portal.url.reveal(), limiter, timeout_s=portal.timeout_s) as client:
        return diagnose(read_survey(client, utc_now, wanted_of(config)), home, config, SILENCE, utc_now())


def limits_of(config: Config) -> LimiterSettings:
    portal = config.portal
    return LimiterSettings(rate_per_s=portal.rate_per_s, burst=portal.burst, reserve=portal.reserve)


def web_app() -> LiveApp:
    """For gunicorn in the Procfile, which calls this once in each of its workers."""
    config = load_config(None, os.environ)
    set_up_logging(config.log, secrets_of(config))
    return Gatekeeper(config).live_web_app(ConfigWatch(None, os.environ, config))
