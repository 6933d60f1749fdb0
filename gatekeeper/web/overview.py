"""How things stand, of all processes together: what the status page tells an admin at one glance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select

from gatekeeper.model.refs import EntityRef
from gatekeeper.model.trouble import Trouble
from gatekeeper.store.breaker import Breaker, BreakerState
from gatekeeper.store.contacts import ContactIndex, FillState
from gatekeeper.store.database import reading
from gatekeeper.store.heartbeat import Heartbeat
from gatekeeper.store.inbox import DeadLetter, Inbox, InboxDepth
from gatekeeper.store.jobs import JobStatus
from gatekeeper.store.journal.tables import action_table, decision_table
from gatekeeper.store.keys import ref_of
from gatekeeper.store.ledger import EventCounts, Hearing, Ledger
from gatekeeper.store.troubles import Troubles

DAYS = 7
RECENT = 20
DEAD_LETTERS = 50


@dataclass(frozen=True, slots=True)
class Recent:
    """A decision: the rules that were broken then, and what was done, each action with its result or None."""

    at: datetime
    ref: EntityRef
    rules: tuple[str, ...]
    actions: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """`silence`: since a worker's last sign of life, None if there never was one.

    `hearing`: whether the portal sends events, None before the first sweep. `ledger` are the last days, the
    newest first. `level` of `capacity` hits are in the limiter's bucket.
    """

    at: datetime
    silence: timedelta | None
    sweep: JobStatus
    hearing: Hearing | None
    depth: InboxDepth
    dead: tuple[DeadLetter, ...]
    index: FillState
    breaker: BreakerState
    troubles: tuple[Trouble, ...]
    ledger: Mapping[date, EventCounts]
    level: float
    capacity: int
    recent: tuple[Recent, ...]


@dataclass(frozen=True, slots=True)
class Onlooker:
    """`look` reads everything anew; SQLAlchemyError where the database does not answer."""

    engine: Engine
    inbox: Inbox
    heartbeat: Heartbeat
    sweep: Callable[[], JobStatus]
    hearing: Callable[[], Hearing | None]
    index: ContactIndex
    breaker: Breaker
    troubles: Troubles
    ledger: Ledger
    level: Callable[[], float]
    capacity: int
    now: Callable[[], datetime]

    def look(self) -> Overview:
        now = self.now()
        return Overview(
            at=now,
            silence=self.heartbeat.silence(),
            sweep=self.sweep(),
            hearing=self.hearing(),
            depth=self.inbox.depth(),
            dead=self.inbox.dead_letters()[:DEAD_LETTERS],
            index=self.index.fill_state(),
            breaker=self.breaker.state(now),
            troubles=self.troubles.current(),
            ledger=dict(sorted(self.ledger.days().items(), reverse=True)[:DAYS]),
            level=self.level(),
            capacity=self.capacity,
            recent=self._recent(),
        )

    def _recent(self) -> tuple[Recent, ...]:
        decision, action = decision_table, action_table
        latest = select(decision).order_by(decision.c.decided_at.desc(), decision.c.id).limit(RECENT)
        with reading(self.engine) as conn:
            rows = conn.execute(latest).all()
            done: dict[str, list[tuple[str, str | None]]] = {row.id: [] for row in rows}
            query = select(action).where(action.c.decision_id.in_(done)).order_by(action.c.id)
            for each in conn.execute(query):
                done[each.decision_id].append((each.name, each.result))
        return tuple(
            Recent(
                row.decided_at,
                ref_of(row),
                tuple(each["rule"] for each in row.violations),
                tuple(done[row.id]),
            )
            for row in rows
        )
