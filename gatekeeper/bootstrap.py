"""The composition root: a Config in, a working web app or worker out. Nothing else builds its own parts."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from gatekeeper.config import Config, load_config
from gatekeeper.contacts import ContactIndex
from gatekeeper.database import migrate, open_engine
from gatekeeper.enforcement import Action, Enforcement, Plan
from gatekeeper.exemptions import Exemptions
from gatekeeper.heartbeat import Heartbeat
from gatekeeper.inbox import Inbox, InboxSettings
from gatekeeper.indexing import Indexer, scheme_of
from gatekeeper.journal import Journal
from gatekeeper.messages import Messages
from gatekeeper.model import EntityRef, Snapshot
from gatekeeper.neighbours import Neighbourhood
from gatekeeper.portal.client import PortalClient
from gatekeeper.portal.limiter import Limiter, LimiterSettings
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.walk import ContactWalk
from gatekeeper.portal.writer import Writer
from gatekeeper.reconcile import Reconciler
from gatekeeper.related import Related
from gatekeeper.standing import Standing
from gatekeeper.verdict import Verdict
from gatekeeper.web import create_app
from gatekeeper.worker import Worker, WorkerSettings

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
        return Journal(self.engine)

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
    def client(self) -> PortalClient:
        portal = self.config.portal
        limits = LimiterSettings(rate_per_s=portal.rate_per_s, burst=portal.burst, reserve=portal.reserve)
        return PortalClient(portal.url.reveal(), Limiter(self.engine, limits), timeout_s=portal.timeout_s)

    def reconciler(self, watching_since: datetime) -> Reconciler:
        config = self.config
        reader = Reader(self.client, config.policy)
        return Reconciler(
            reader=reader,
            writer=Writer(self.client),
            journal=self.journal,
            policy=config.policy,
            enforcement=Enforcement(
                watching_since=watching_since,
                dry_run=config.enforcement.dry_run,
                revert_won=config.enforcement.revert_won,
            ),
            messages=Messages.in_language(config.messages.language),
            indexer=self.indexer,
            neighbourhood=Neighbourhood(reader, self.index, config.policy),
            related=Related(reader, self.index, Standing(self.engine), config.policy, utc_now),
            mark_dirty=self.inbox.mark_dirty,
            granted=self.exemptions.standing,
            mark_later=self._mark_later,
            now=utc_now,
        )

    def _mark_later(self, ref: EntityRef, delay: timedelta) -> None:
        self.inbox.mark_dirty(ref, delay_s=max(0.0, delay.total_seconds()))

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
        return Worker(
            self.inbox,
            self.reconciler(self.journal.begin_watching(utc_now())),
            self.heartbeat,
            self.indexer,
            WorkerSettings(wave=settings.wave, settle_s=settings.settle_s),
            owner=f"{socket.gethostname()}:{os.getpid()}",
            now=utc_now,
        )

    def web_app(self) -> Flask:
        return create_app(
            tokens=tuple(each.reveal() for each in self.config.portal.application_tokens),
            mark_dirty=self.inbox.mark_dirty,
            checks={
                "database": self._why_not_writable,
                "worker": self._why_silent,
                "contacts": self._why_not_indexed,
            },
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


def web_app() -> Flask:
    """For gunicorn in the Procfile, which calls this once in each of its workers."""
    return Gatekeeper(load_config(None, os.environ)).web_app()
