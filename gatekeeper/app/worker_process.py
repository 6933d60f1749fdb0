"""The worker process: one loop and everything that has a turn in it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time
from functools import partial

from gatekeeper.app.bootstrap import Gatekeeper, enforcement_of, side_of, signer_of, under_config
from gatekeeper.app.reload import ConfigWatch
from gatekeeper.app.tables import make_retention
from gatekeeper.app.watchdog import ALIVE, READY, notify
from gatekeeper.config import Config
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.changes import ChangeReader
from gatekeeper.portal.clock import PortalClock
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.time_asked import TimeAsked
from gatekeeper.portal.walk import ContactWalk
from gatekeeper.portal.writer import Messenger, Writer
from gatekeeper.store.digests import Digests
from gatekeeper.store.inbox import Inbox
from gatekeeper.store.journal.day import DayReader
from gatekeeper.store.journal.open_violations import OpenViolations
from gatekeeper.store.upkeep.retention import Upkeep
from gatekeeper.worker.loop import Chores, Step, Worker, WorkerSettings
from gatekeeper.worker.overlap import Overlap
from gatekeeper.worker.rejudge import Rejudging
from gatekeeper.worker.sweep import Sweeper
from gatekeeper.worker.tell.alarm import Alarm
from gatekeeper.worker.tell.digest import Digest
from gatekeeper.worker.tell.drift import DriftWatch
from gatekeeper.worker.tell.names import CardNames
from gatekeeper.worker.tell.notifier import Notifier
from gatekeeper.worker.wave.aftermath import Aftermath
from gatekeeper.worker.wave.apply import Applier
from gatekeeper.worker.wave.deciding import Decider
from gatekeeper.worker.wave.following import Following
from gatekeeper.worker.wave.indexing import Indexer
from gatekeeper.worker.wave.neighbours import Neighbourhood
from gatekeeper.worker.wave.reading import WaveReader
from gatekeeper.worker.wave.reconcile import Reconciler
from gatekeeper.worker.wave.related import Related
from gatekeeper.worker.weeding import Weeding


def work(gatekeeper: Gatekeeper, stop: threading.Event, watch: ConfigWatch) -> None:
    """Work until told to stop, each time under the config that is in force then."""
    news: list[Config] = []

    def is_outdated() -> bool:
        news.extend(config for config in [watch.poll()] if config)
        return bool(news)

    notify(READY)
    while not stop.is_set():
        run_worker(gatekeeper, stop, is_outdated)
        for config in news:
            gatekeeper, before = under_config(gatekeeper, config), gatekeeper
            if gatekeeper.client is not before.client:
                before.client.close()
        news.clear()


def run_worker(
    gatekeeper: Gatekeeper, stop: threading.Event, is_outdated: Callable[[], bool] = lambda: False
) -> None:
    """Work under one config, with a second wave beside one that takes long."""
    worker = make_worker(gatekeeper)
    with Overlap(worker, replace(worker, owner=f"{worker.owner}:2")).beside():
        worker.run(stop, is_outdated)


def make_worker(gatekeeper: Gatekeeper) -> Worker:
    config, store, clock = gatekeeper.config, gatekeeper.store, gatekeeper.client.clock
    owner, staff, indexer = process_name(), StaffKeeper(gatekeeper.client), make_indexer(gatekeeper)
    reader = make_reader(gatekeeper, staff)
    once_sure = partial(_once_sure, clock)
    return Worker(
        inbox=store.inbox,
        reader=reader,
        reconciler=make_reconciler(gatekeeper, reader, indexer, store.journal.begin_watching),
        weeding=Weeding(store.inbox, ChangeReader(gatekeeper.client)),
        heartbeat=store.heartbeat,
        chores=Chores(
            idle={
                "time": TimeAsked(gatekeeper.client).step,
                "rejudge": once_sure(make_rejudging(gatekeeper).step),
                "index": indexer.step,
                "upkeep": once_sure(_make_upkeep(gatekeeper).step),
            },
            sweeper=make_sweeper(gatekeeper, owner),
            errands={
                "alarm": make_alarm(gatekeeper).step,
                "clock": DriftWatch(clock, store.troubles, socket.gethostname()).step,
                "notices": once_sure(make_notifier(gatekeeper, staff).step),
                "digest": once_sure(make_digest(gatekeeper, staff).step),
            },
        ),
        settings=WorkerSettings(wave=config.worker.wave, settle_s=config.worker.settle_s),
        meter=gatekeeper.meter,
        owner=owner,
        now=gatekeeper.machine_now,
        portal_now=clock.reading,
        check_file=store.file.check,
        tell_alive=partial(notify, ALIVE),
        fullness=store.limiter.fullness,
    )


def _once_sure(clock: PortalClock, step: Step) -> Step:
    """The same step, which has nothing to do while the portal's time is not known."""
    return lambda: clock.is_sure and step()


def process_name() -> str:
    """Who holds a lease: unique among the processes of all machines."""
    return f"{socket.gethostname()}:{os.getpid()}"


def make_reader(gatekeeper: Gatekeeper, staff: StaffKeeper) -> Reader:
    return Reader(gatekeeper.client, gatekeeper.config.policy, signer_of(gatekeeper), staff)


def make_indexer(gatekeeper: Gatekeeper) -> Indexer:
    regions = gatekeeper.config.policy.rules.contact_phone.regions
    return Indexer(
        ContactWalk(gatekeeper.client),
        gatekeeper.store.contacts,
        regions,
        set_aside=lambda refs: gatekeeper.store.inbox.mark_dirty(refs, priority=Priority.SWEEP),
    )


def make_reconciler(
    gatekeeper: Gatekeeper, reader: Reader, indexer: Indexer, watching_since: Callable[[datetime], datetime]
) -> Reconciler:
    """`watching_since` tells since when the gate has watched this portal, given the portal's time."""
    config, store, policy = gatekeeper.config, gatekeeper.store, gatekeeper.config.policy
    violations = OpenViolations(store.engine)
    older_of = partial(violations.older_of, "contact.duplicate")
    related = Related(reader, store.contacts, violations, policy)
    following = Following(reader, store.pointers, partial(_mark, store.inbox, delay_s=0.0))
    mark_dirty = partial(_mark, store.inbox)
    return Reconciler(
        reader=WaveReader(
            reader=reader,
            neighbourhood=Neighbourhood(reader, store.contacts, policy, older_of),
            following=following,
            visits=store.visits,
            indexer=indexer,
            related=related,
            mark_dirty=mark_dirty,
        ),
        decider=Decider(
            journal=store.journal,
            breaker=store.breaker,
            staff=reader.staff,
            policy=policy,
            enforcement=lambda now: enforcement_of(config, watching_since(now)),
            messages=gatekeeper.messages,
            granted=store.exemptions.in_force,
            meter=gatekeeper.meter,
        ),
        applier=Applier(
            writer=Writer(gatekeeper.client, signer_of(gatekeeper)),
            journal=store.journal,
            outbox=store.outbox,
            policy=policy,
            messages=gatekeeper.messages,
            meter=gatekeeper.meter,
        ),
        following=following,
        related=related,
        aftermath=Aftermath(store.visits, store.pointers, store.journal, store.latest, policy),
        latest=store.latest,
        mark_dirty=mark_dirty,
        now=gatekeeper.now,
    )


def _mark(
    inbox: Inbox, refs: Iterable[EntityRef], priority: Priority, *, delay_s: float | None = None
) -> None:
    inbox.mark_dirty(refs, priority=priority, delay_s=delay_s)


def make_sweeper(gatekeeper: Gatekeeper, owner: str) -> Sweeper:
    store = gatekeeper.store
    return Sweeper(
        reader=ChangeReader(gatekeeper.client),
        jobs=store.jobs,
        visits=store.visits,
        inbox=store.inbox,
        index=store.contacts,
        ledger=store.ledger,
        pointers=store.pointers,
        every=gatekeeper.config.sweep.every.as_timedelta,
        has_room=lambda: store.limiter.has_room(Priority.SWEEP),
        owner=owner,
        now=gatekeeper.now,
        database_now=store.jobs.now,
    )


def make_rejudging(gatekeeper: Gatekeeper) -> Rejudging:
    store = gatekeeper.store
    side = side_of(gatekeeper.config, store).wet()
    return Rejudging(store.journal, store.latest, side, store.inbox.mark_dirty, gatekeeper.now)


def make_notifier(gatekeeper: Gatekeeper, staff: StaffKeeper) -> Notifier:
    store, told = gatekeeper.store, gatekeeper.config.notifications
    return Notifier(
        outbox=store.outbox,
        journal=store.journal,
        breaker=store.breaker,
        troubles=store.troubles,
        messenger=Messenger(gatekeeper.client),
        staff=staff,
        messages=gatekeeper.messages,
        names=CardNames(store.latest.of),
        quality_control=told.quality_control,
        now=gatekeeper.now,
        heads_wait=told.digest.heads,
    )


def make_digest(gatekeeper: Gatekeeper, staff: StaffKeeper) -> Digest:
    store, told = gatekeeper.store, gatekeeper.config.notifications
    return Digest(
        digests=Digests(store.engine),
        day_reader=DayReader(store.engine),
        breaker=store.breaker,
        messenger=Messenger(gatekeeper.client),
        staff=staff,
        messages=gatekeeper.messages,
        quiet=told.quiet_hours,
        readers=told.digest.to,
        heads=told.digest.heads,
        at=time.fromisoformat(told.digest.at),
        dead_letters=lambda: store.inbox.depth().dead,
        now=gatekeeper.now,
    )


def make_alarm(gatekeeper: Gatekeeper) -> Alarm:
    told, store = gatekeeper.config.notifications, gatekeeper.store
    return Alarm(
        store.troubles,
        gatekeeper.client,
        told.quality_control,
        told.quiet_hours,
        now=gatekeeper.machine_now,
        portal_now=gatekeeper.portal_now,
    )


def _make_upkeep(gatekeeper: Gatekeeper) -> Upkeep:
    return Upkeep(make_retention(gatekeeper.config, gatekeeper.store), gatekeeper.now)
