"""The composition root: a Config in, a working web app or worker out. Nothing else builds its own parts."""

from __future__ import annotations

import os
import socket
import threading
from datetime import datetime, time
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from gatekeeper.app.logs import secrets_of, set_up_logging
from gatekeeper.app.parts import limits_of, quiet_hours, utc_now
from gatekeeper.app.reload import ConfigWatch, LiveApp
from gatekeeper.app.web_parts import WebParts
from gatekeeper.config import Config, load_config
from gatekeeper.config.urls import portal_origin, webhook_owner
from gatekeeper.doctor import Diagnosis, diagnose
from gatekeeper.doctor.home import Home, Usable, open_home, read_home
from gatekeeper.doctor.naming import wanted_of
from gatekeeper.enforcement import Action, Enforcement, Occasion, Plan
from gatekeeper.enforcement.side import Side
from gatekeeper.judge.verdict import Verdict
from gatekeeper.model.cards import Snapshot, Unread
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.changes import ChangeReader
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.survey import read_survey
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.writer import Writer
from gatekeeper.report import People, Report, ReportWords, Reservations, Selection, Told
from gatekeeper.store.heartbeat import SILENCE
from gatekeeper.store.journal.day import DayReader
from gatekeeper.store.journal.open_violations import OpenViolations
from gatekeeper.store.ledger import Ledger
from gatekeeper.store.limiter import Limiter, Unlimited
from gatekeeper.store.upkeep.retention import Upkeep
from gatekeeper.worker.audit import Audit
from gatekeeper.worker.loop import Chores, Worker, WorkerSettings
from gatekeeper.worker.rejudge import Rejudging
from gatekeeper.worker.sweep import Sweeper
from gatekeeper.worker.tell.alarm import Alarm
from gatekeeper.worker.tell.digest import Digest
from gatekeeper.worker.tell.notifier import Notifier
from gatekeeper.worker.wave.aftermath import Aftermath
from gatekeeper.worker.wave.neighbours import Neighbourhood
from gatekeeper.worker.wave.reconcile import Reconciler
from gatekeeper.worker.wave.related import Related


class Gatekeeper(WebParts):
    """The processes, and what the commands ask of them."""

    def live_web_app(self, watch: ConfigWatch) -> LiveApp:
        """The web app, made anew whenever its config changes."""
        warnings = {"config": lambda: watch.refused}
        app = self.web_app(warnings)
        live = LiveApp(watch, app, lambda config: self.with_config(config).web_app(warnings))
        live.keep_fresh()
        return live

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

    def reconciler(self, watching_since: datetime) -> Reconciler:
        config = self.config
        reader = Reader(self.client, config.policy, webhook_owner(config.portal.url.reveal()))
        return Reconciler(
            reader=reader,
            writer=Writer(self.client),
            breaker=self.breaker,
            outbox=self.outbox,
            journal=self.journal,
            latest=self.latest,
            policy=config.policy,
            enforcement=self._enforcement(watching_since),
            messages=self.messages,
            indexer=self.indexer,
            neighbourhood=Neighbourhood(reader, self.index, config.policy),
            related=Related(reader, self.index, OpenViolations(self.engine), config.policy, utc_now),
            granted=self.exemptions.in_force,
            aftermath=Aftermath(
                self.visits, self.pointers, self.journal, self.latest, config.policy, utc_now
            ),
            mark_dirty=lambda refs, priority: self.inbox.mark_dirty(refs, priority=priority),
            now=utc_now,
            meter=self.meter,
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

    def _told_singly(self) -> tuple[int, ...]:
        """Those of the quality control who do not read of it in their digest."""
        told = self.config.notifications
        return tuple(each for each in told.quality_control if each not in told.digest.to)

    def notifier(self, reconciler: Reconciler) -> Notifier:
        return Notifier(
            outbox=self.outbox,
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

    def sweeper(self, owner: str) -> Sweeper:
        return Sweeper(
            reader=ChangeReader(self.client),
            jobs=self.jobs,
            visits=self.visits,
            inbox=self.inbox,
            index=self.index,
            ledger=Ledger(self.engine),
            pointers=self.pointers,
            every=self.config.sweep.every.as_timedelta,
            has_room=lambda: self.limiter.has_room(Priority.SWEEP),
            owner=owner,
            now=utc_now,
        )

    def _rejudging(self) -> Rejudging:
        return Rejudging(self.journal, self.latest, self.side(utc_now()), self.inbox.mark_dirty, utc_now)

    @cached_property
    def _upkeep(self) -> Upkeep:
        return Upkeep(self.retention, utc_now)

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
            self.exemptions.in_force(),
        )

    def audit(self, *, mark: bool) -> Audit:
        """`mark`: what is not as it should be is marked for the workers, last of all."""
        return Audit(
            reader=ChangeReader(self.client),
            reconciler=self.reconciler(self.journal.watching_since() or utc_now()),
            jobs=self.jobs,
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
                ReportWords(config.messages.language, self.messages),
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


def web_app() -> LiveApp:
    """For gunicorn in the Procfile, which calls this once in each of its workers."""
    config = load_config(None, os.environ)
    set_up_logging(config.log, secrets_of(config))
    return Gatekeeper(config).live_web_app(ConfigWatch(None, os.environ, config))
