"""Delete rows that are older than the config keeps them: which tables, and by which time.

What is remembered of a card (`card`) and its open violations stay, as long as the card may change. Rows are
deleted in small transactions: on SQLite the web process waits for whoever writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Engine, Table, delete, select

from gatekeeper.judge.policy import Duration
from gatekeeper.model.pace import Pace
from gatekeeper.store.contacts import contact_index
from gatekeeper.store.journal.tables import action_table, decision_table, violation_table

BITE = 500
EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """`at` is the age of a row; a row without it stays. `parts`: columns elsewhere that refer to its id."""

    table: Table
    at: Column[datetime]
    parts: tuple[Column[str], ...] = ()


JOURNAL = (
    Dated(decision_table, decision_table.c.decided_at, (action_table.c.decision_id,)),
    Dated(violation_table, violation_table.c.closed_at),
)
INDEX = (Dated(contact_index, contact_index.c.updated_at),)


@dataclass(frozen=True, slots=True)
class Retention:
    """None keeps rows for ever."""

    engine: Engine
    journal: Duration | None
    index: Duration | None

    def prune(self, now: datetime) -> Mapping[str, int]:
        """Delete everything that is too old; return the number of rows of each table."""
        kept = ((JOURNAL, self.journal), (INDEX, self.index))
        return {
            each.table.name: self._prune(each, keep.before(now))
            for dated, keep in kept
            if keep is not None
            for each in dated
        }

    def _prune(self, dated: Dated, before: datetime) -> int:
        deleted = 0
        while bite := self._bite(dated, dated.at < before):
            deleted += bite
        return deleted

    def _bite(self, dated: Dated, too_old: ColumnElement[bool]) -> int:
        key = dated.table.c.id
        with self.engine.begin() as conn:
            old = conn.execute(select(key).where(too_old).order_by(key).limit(BITE)).scalars().all()
            for part in dated.parts:
                conn.execute(delete(part.table).where(part.in_(old)))
            conn.execute(delete(dated.table).where(key.in_(old)))
            return len(old)


class Upkeep:
    """Prunes once a day, and first soon after the start, when a worker is idle."""

    def __init__(self, retention: Retention, now: Callable[[], datetime]) -> None:
        self._retention = retention
        self._now = now
        self._pace = Pace(EVERY)

    def step(self) -> bool:
        """Prune if it is time; return whether it was."""
        now = self._now()
        if not self._pace.take_turn(now):
            return False
        self._retention.prune(now)
        return True
