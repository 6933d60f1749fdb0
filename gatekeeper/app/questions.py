"""What commands ask: of one card, of the whole portal, of the past, of our own health. Nothing is written."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from gatekeeper.app.bootstrap import Gatekeeper
from gatekeeper.app.tables import limiter_settings, utc_now
from gatekeeper.app.worker_process import make_indexer, make_reader, make_reconciler, process_name
from gatekeeper.config import Config
from gatekeeper.config.urls import portal_origin
from gatekeeper.doctor import Diagnosis, diagnose
from gatekeeper.doctor.home import Home, Usable, open_home, read_home
from gatekeeper.doctor.naming import wanted_of
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.changes import ChangeReader
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.survey import read_survey
from gatekeeper.portal.transport.answers import unread_of
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.report import People, Report, ReportWords, Reservations, Selection, Told
from gatekeeper.store.heartbeat import SILENCE
from gatekeeper.store.limiter import Limiter, Unlimited
from gatekeeper.worker.audit import Audit
from gatekeeper.worker.wave.reconcile import Foreseen, Reconciler


def foresee_card(gatekeeper: Gatekeeper, ref: EntityRef) -> Foreseen:
    """Read and judge one card, and plan for it. Raises PortalError if it cannot be read."""
    foreseen = _make_onlooking(gatekeeper).foresee([ref], Priority.LIVE)[ref]
    if isinstance(foreseen, PortalError):
        raise foreseen
    return foreseen


def make_audit(gatekeeper: Gatekeeper, *, mark: bool) -> Audit:
    """`mark`: mark what is not as it should be for the workers, last of all."""
    store = gatekeeper.store
    return Audit(
        reader=ChangeReader(gatekeeper.client),
        reconciler=_make_onlooking(gatekeeper),
        jobs=store.jobs,
        mark_dirty=partial(store.inbox.mark_dirty, priority=Priority.AUDIT) if mark else None,
        owner=process_name(),
    )


def read_people(gatekeeper: Gatekeeper) -> People:
    """Whom the portal names; numbers, and why, where it does not."""
    try:
        return People(StaffKeeper(gatekeeper.client).current(Priority.LIVE))
    except PortalError as error:
        return People(unread_of(error))


def make_report(gatekeeper: Gatekeeper, wanted: Selection, people: People) -> Report:
    config, store = gatekeeper.config, gatekeeper.store
    keep = config.retention.journal
    return Report(
        store.engine,
        wanted,
        Told(
            ReportWords(config.messages.language, gatekeeper.messages),
            people,
            ZoneInfo(config.notifications.time_zone),
            portal_origin(config.portal.url.reveal()),
        ),
        store.exemptions.listed(),
        config.policy.exemptions,
        Reservations(
            watching_since=store.journal.watching_since(),
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
        home = read_home(opened, config.policy.rules.contact_phone.regions)
        usable = isinstance(home, Usable)
        return _examine(config, home, Limiter(opened, limiter_settings(config)) if usable else Unlimited())
    finally:
        opened.dispose()


def _examine(config: Config, home: Home, limiter: Limiter | Unlimited) -> tuple[Diagnosis, ...]:
    portal = config.portal
    with PortalClient(portal.url.reveal(), limiter, timeout_s=portal.timeout_s) as client:
        survey = read_survey(client, utc_now, wanted_of(config))
        return diagnose(survey, home, config, SILENCE, client.clock.reading() or utc_now())


def _make_onlooking(gatekeeper: Gatekeeper) -> Reconciler:
    """One that begins no watching: until a worker has, what was closed before today is not accused."""
    reader = make_reader(gatekeeper, StaffKeeper(gatekeeper.client))
    journal = gatekeeper.store.journal
    return make_reconciler(
        gatekeeper, reader, make_indexer(gatekeeper), lambda now: journal.watching_since() or now
    )
