"""The gatekeeper's own state: its database, its worker, its index. Nothing is changed, nothing migrated."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from gatekeeper.doctor.diagnosis import Broken, Diagnosis, Doubtful, Fine
from gatekeeper.model.errors import DatabaseUnavailable
from gatekeeper.model.trouble import Trouble
from gatekeeper.store.contacts import ContactIndex, FillState, scheme_of
from gatekeeper.store.database import Schema, open_engine, schema_of
from gatekeeper.store.heartbeat import Heartbeat
from gatekeeper.store.jobs import Jobs
from gatekeeper.store.ledger import EventCounts, Hearing, Ledger
from gatekeeper.store.probe import prove_kept
from gatekeeper.store.sweep_state import SWEEP, SweepState
from gatekeeper.store.troubles import Troubles

BUSY_TIMEOUT_S = 5.0
LATELY = timedelta(days=7)
NOTHING = EventCounts()
FEW = 10
"""Up to here, or to a tenth, changes without an event are normal: a move to another pipeline raises none."""


@dataclass(frozen=True, slots=True)
class NotMade:
    """No database yet: the first start of web or worker makes it."""

    can_be_made: bool


@dataclass(frozen=True, slots=True)
class Unusable:
    """It cannot be opened, or not be written to."""

    why: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """Its tables are not those of this version."""

    schema: Schema


@dataclass(frozen=True, slots=True)
class Usable:
    """`silence`: how long ago a worker gave a sign of life, None if none ever did.

    `events`: what the sweep's ledger counted lately; `hearing` is None before the first sweep. `troubles`
    are what the workers met and no answer has ended yet.
    """

    silence: timedelta | None
    fill: FillState
    events: EventCounts = NOTHING
    hearing: Hearing | None = None
    troubles: tuple[Trouble, ...] = ()


Home = NotMade | Unusable | Outdated | Usable


def open_home(url: str) -> Engine | NotMade | Unusable:
    """Open the database where there is one; a file of SQLite is not made by looking for it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and not Path(parsed.database).exists():
        folder = Path(parsed.database).resolve().parent
        return NotMade(folder.is_dir() and os.access(folder, os.W_OK))
    try:
        return open_engine(url, busy_timeout_s=BUSY_TIMEOUT_S)
    except DatabaseUnavailable as error:
        return Unusable(str(error.facts.get("why", error)))


def read_home(engine: Engine, regions: Sequence[str]) -> Home:
    """What stands in the database. Only the exception's name is kept: its text may hold what is stored."""
    try:
        schema = schema_of(engine)
        if schema is Schema.EMPTY:
            return NotMade(can_be_made=True)
        if schema is not Schema.CURRENT:
            return Outdated(schema)
        prove_kept(engine)
        heartbeat = Heartbeat(engine)
        now = heartbeat.portal_now()
        return Usable(
            heartbeat.silence(),
            ContactIndex(engine, scheme=scheme_of(regions)).fill_state(),
            _lately(Ledger(engine), now.date()),
            SweepState.parse(Jobs(engine).status(SWEEP).state).hearing,
            Troubles(engine, lambda: now).current(),
        )
    except SQLAlchemyError as error:
        return Unusable(type(error).__name__)


def _lately(ledger: Ledger, today: date) -> EventCounts:
    days = [each for day, each in ledger.days().items() if today - day < LATELY]
    return EventCounts(sum(day.heard for day in days), sum(day.found for day in days))


def check_home(home: Home, silence_limit: timedelta) -> Iterator[Diagnosis]:
    """Judge it; what hangs on a database that is not there is told with it."""
    match home:
        case NotMade(can_be_made=True):
            yield Doubtful("database.not_made")
        case NotMade():
            yield Broken("database.no_folder")
        case Unusable(why=why):
            yield Broken("database.unusable", {"why": why})
        case Outdated(schema=Schema.UNRELEASED):
            yield Broken("database.unreleased")
        case Outdated(schema=Schema.NEWER):
            yield Broken("database.newer")
        case Outdated():
            yield Broken("database.older")
        case Usable(silence=silence, fill=fill):
            yield Fine("database.fine")
            yield _judge_silence(silence, silence_limit)
            yield Fine("index.fine") if fill.complete else Doubtful("index.filling", {"cursor": fill.cursor})


def check_events(home: Home, port: int, now: datetime) -> Iterator[Diagnosis]:
    """Whether the portal's events arrive, as far as the sweep could tell by what it came upon."""
    events, hearing = (home.events, home.hearing) if isinstance(home, Usable) else (NOTHING, None)
    facts = {"heard": events.heard, "found": events.found, "days": LATELY.days, "port": port}
    if hearing is not None and hearing.is_deaf(now):
        since = hearing.heard_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
        yield Broken("events.none", {**facts, "missed": hearing.missed, "since": since})
    elif not events.heard:
        yield Doubtful("events.by_hand", facts)
    elif events.found > max(FEW, events.heard // 10):
        yield Doubtful("events.lost", facts)
    else:
        yield Fine("events.fine", facts)


def check_troubles(home: Home) -> Iterator[Diagnosis]:
    """What the workers meet, which may be more than this one look shows."""
    for trouble in home.troubles if isinstance(home, Usable) else ():
        since = trouble.since.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
        facts = {"subject": trouble.subject, "why": trouble.detail, "since": since}
        if trouble.is_blinding:
            yield Broken(f"trouble.{trouble.kind}", facts)
        else:
            yield Doubtful(f"trouble.{trouble.kind}", facts)


def _judge_silence(silence: timedelta | None, limit: timedelta) -> Diagnosis:
    if silence is None:
        return Doubtful("worker.never")
    facts = {"seconds": round(silence.total_seconds())}
    return Fine("worker.fine", facts) if silence <= limit else Broken("worker.silent", facts)
