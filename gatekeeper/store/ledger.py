"""Whether the portal's events arrive, told by what a sweep comes upon.

One row a day. `heard`: an event had told of it. `found`: none had, the sweep did. `recovered`: of those
found, how many were read since. A worker that dies between a page and its keeping counts that page twice; the
ledger tells of the portal's events, it is no accounting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Column, Date, Engine, Integer, Table, select

from gatekeeper.store.database import insert_into, metadata, reading

ledger_table = Table(
    "ledger",
    metadata,
    Column("day", Date, primary_key=True),
    Column("heard", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    Column("recovered", Integer, nullable=False),
)

SILENT_AFTER = timedelta(hours=1)
SILENT_CHANGES = 3
"""So many changes without an event in that time are no accident."""


@dataclass(frozen=True, slots=True)
class EventCounts:
    """Counts of a day, or of a step."""

    heard: int = 0
    found: int = 0
    recovered: int = 0


@dataclass(frozen=True, slots=True)
class Hearing:
    """When an event was last known to have come, and how many changes since then none told of."""

    heard_at: datetime
    missed: int = 0

    def after(self, counts: EventCounts, now: datetime) -> Hearing:
        """What a step of the sweep adds."""
        return Hearing(now) if counts.heard else Hearing(self.heard_at, self.missed + counts.found)

    def is_deaf(self, now: datetime) -> bool:
        """Whether the portal seems to send no events any more.

        >>> from datetime import UTC
        >>> noon = datetime(2026, 9, 1, 12, tzinfo=UTC)
        >>> Hearing(noon, 3).is_deaf(noon + SILENT_AFTER), Hearing(noon, 2).is_deaf(noon + SILENT_AFTER)
        (True, False)
        """
        return self.missed >= SILENT_CHANGES and now - self.heard_at >= SILENT_AFTER


class Ledger:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, day: date, counts: EventCounts) -> None:
        """Count these on that day."""
        if counts == EventCounts():
            return
        names = ("heard", "found", "recovered")
        with self._engine.begin() as conn:
            insert = insert_into(conn, ledger_table).values(
                day=day, heard=counts.heard, found=counts.found, recovered=counts.recovered
            )
            sums = {name: ledger_table.c[name] + insert.excluded[name] for name in names}
            conn.execute(insert.on_conflict_do_update(index_elements=[ledger_table.c.day], set_=sums))

    def days(self) -> dict[date, EventCounts]:
        """Every day's counts, oldest first."""
        with reading(self._engine) as conn:
            rows = conn.execute(select(ledger_table).order_by(ledger_table.c.day))
            return {row.day: EventCounts(row.heard, row.found, row.recovered) for row in rows}
