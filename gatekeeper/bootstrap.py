"""The composition root: a Config in, a working web app or worker out. Nothing else builds its own parts."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from gatekeeper.aftermath import Aftermath
from gatekeeper.audit import Audit
from gatekeeper.config import Config, load_config
from gatekeeper.contacts import ContactIndex
from gatekeeper.database import migrate, open_engine
from gatekeeper.doctor import Diagnosis, diagnose
from gatekeeper.doctor.home import Home, Usable, open_home, read_home
from gatekeeper.enforcement import Action, Enforcement, Plan
from gatekeeper.exemptions import Exemptions
from gatekeeper.heartbeat import Heartbeat
from gatekeeper.inbox import Inbox, InboxSettings
from gatekeeper.indexing import Indexer, scheme_of
from gatekeeper.journal import Journal, LatestSnapshots
from gatekeeper.ledger import Ledger
from gatekeeper.looks import Looks
from gatekeeper.messages import Messages
from gatekeeper.model import EntityRef, Priority, Snapshot
from gatekeeper.neighbours import Neighbourhood
from gatekeeper.pointers import Pointers
from gatekeeper.portal.changes import ChangeReader
from gatekeeper.portal.client import PortalClient
from gatekeeper.portal.limiter import Limiter, LimiterSettings, Unlimited
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.survey import read_survey
from gatekeeper.portal.walk import ContactWalk
from gatekeeper.portal.writer import Writer
from gatekeeper.reconcile import Reconciler
from gatekeeper.rejudge import Rejudging
from gatekeeper.related import Related
from gatekeeper.reload import ConfigWatch, LiveApp
from gatekeeper.rounds import Rounds
from gatekeeper.standing import Standing
from gatekeeper.sweep import NAME as SWEEP
from gatekeeper.sweep import Sweeper
from gatekeeper.sweep_state import SweepState
from gatekeeper.verdict import Verdict
from gatekeeper.web import create_app
from gatekeeper.web.health import Check
from gatekeeper.whatif import Side
from gatekeeper.worker import Chores, Worker, WorkerSettings

NO_WARNINGS: Mapping[str, Check] = {}
SILENCE = timedelta(seconds=30)
"""A worker beats between waves; one that has been silent for longer is stuck or gone."""


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

    @cached_property
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
    def limiter(self) -> Limiter:
        return Limiter(self.engine, limits_of(self.config))

    @cached_property
    def client(self) -> PortalClient:
        portal = self.config.portal
        return PortalClient(portal.url.reveal(), self.limiter, timeout_s=portal.timeout_s)

    @cached_property
    def pointers(self) -> Pointers:
        return Pointers(self.engine)

    @cached_property
    def rounds(self) -> Rounds:
        return Rounds(self.engine)

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
        return Enforcement(
            watching_since=watching_since,
            dry_run=self.config.enforcement.dry_run,
            revert_won=self.config.enforcement.revert_won,
        )

    def reconciler(self, watching_since: datetime) -> Reconciler:
        config = self.config
        reader = Reader(self.client, config.policy)
        return Reconciler(
            reader=reader,
            writer=Writer(self.client),
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

    def close(self) -> None:
        """Let go of the connections to the portal and to the database."""
        self.client.close()
        self.engine.dispose()

    def worker(self) -> Worker:
        settings = self.config.worker
        owner = f"{socket.gethostname()}:{os.getpid()}"
        return Worker(
            self.inbox,
            self.reconciler(self.journal.begin_watching(utc_now())),
            self.heartbeat,
            Chores((self._rejudging().step, self.indexer.step), self.sweeper(owner)),
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
            checks={
                "database": self._why_not_writable,
                "worker": self._why_silent,
                "contacts": self._why_not_indexed,
            },
            warnings={"events": self._why_deaf, "sweep": self._why_not_swept, **warnings},
            max_body_bytes=self.config.web.max_body_bytes,
        )

    def _why_not_writable(self) -> str | None:
        try:
            self.journal.prove_writable()
        except SQLAlchemyError as error:
            return type(error).__name__
        return None

    def _why_silent(self) -> str | None:
        silence = self.heartbeat.silence()
        if silence is None:
            return "no worker has started yet"
        return f"no worker for {silence.total_seconds():.0f} s" if silence > SILENCE else None

    def _why_not_indexed(self) -> str | None:
        state = self.index.fill_state()
        return None if state.complete else f"contact index filled up to id {state.cursor}"

    def _why_deaf(self) -> str | None:
        hearing = SweepState.parse(self.rounds.standing(SWEEP).state).hearing
        if hearing is None or not hearing.is_deaf(utc_now()):
            return None
        return f"{hearing.missed} changes since {hearing.heard_at:%Y-%m-%d %H:%M} UTC, and no event of any"

    def _why_not_swept(self) -> str | None:
        age = self.rounds.standing(SWEEP).age
        late = age is not None and age > 3 * self.config.sweep.every.as_timedelta
        return f"no sweep has ended for {age.total_seconds():.0f} s" if age and late else None


def messages_of(config: Config) -> Messages:
    """The words of that config: its language, and what its admin put in their place."""
    return Messages.in_language(config.messages.language, config.messages.templates)


def examine_health(config: Config) -> tuple[Diagnosis, ...]:
    """What `doctor` finds. Without a database of ours its few hits are counted nowhere."""
    opened = open_home(config.database.url.reveal())
    if not isinstance(opened, Engine):
        return _examine(config, opened, Unlimited())
    try:
        home = read_home(opened, config.policy.rules.contact_phone.regions)
        usable = isinstance(home, Usable)
        return _examine(config, home, Limiter(opened, limits_of(config)) if usable else Unlimited())
    finally:
        opened.dispose()


def _examine(config: Config, home: Home, limiter: Limiter | Unlimited) -> tuple[Diagnosis, ...]:
    portal = config.portal
    with PortalClient(portal.url.reveal(), limiter, timeout_s=portal.timeout_s) as client:
        return diagnose(read_survey(client, utc_now), home, config, SILENCE)


def limits_of(config: Config) -> LimiterSettings:
    portal = config.portal
    return LimiterSettings(rate_per_s=portal.rate_per_s, burst=portal.burst, reserve=portal.reserve)


def web_app() -> LiveApp:
    """For gunicorn in the Procfile, which calls this once in each of its workers."""
    config = load_config(None, os.environ)
    return Gatekeeper(config).live_web_app(ConfigWatch(None, os.environ, config))
