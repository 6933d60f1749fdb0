"""Stops the gate from moving deals back too often: one wrong threshold must not move a thousand.

A wrong threshold shows itself as many reverts at once, and the place to stop them is before they are made.
So each move is counted when it is decided, in one transaction shared by all workers: a wave of fifty cannot
overshoot, nor can two waves at the same time. What was counted once stays admitted, so that a pass which
dies before it moved its deals may be run again. The first move too many trips the breaker; from then on every
deal is left where it stands, with a warning, until an admin resets it. A deal that was left is admitted
there: a reset moves nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, Table, delete, func, select, update

from gatekeeper.model.refs import EntityRef
from gatekeeper.store.database import UtcDateTime, insert_into, metadata, reading

breaker_table = Table(
    "breaker",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("tripped_at", UtcDateTime),
    Column("alarmed_at", UtcDateTime),
)
counted_table = Table(
    "breaker_count",
    metadata,
    Column("deal_id", BigInteger, primary_key=True, autoincrement=False),
    Column("moved_at", UtcDateTime, primary_key=True),
    Column("decided_at", UtcDateTime, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """At most `reverts` in any `minutes`."""

    reverts: int = 20
    minutes: int = 10


@dataclass(frozen=True, slots=True)
class BreakerState:
    """`tripped_at` is None while deals are moved back; `counted` are the reverts of the last minutes."""

    tripped_at: datetime | None
    counted: int


@dataclass(frozen=True, slots=True)
class Admission:
    """The deals that may be moved back now, and whether this very question tripped the breaker."""

    admitted: frozenset[EntityRef]
    tripped_now: bool = False


class Breaker:
    """Every method is one transaction. `moved_at` of a deal tells one forward move of it from the next."""

    def __init__(self, engine: Engine, settings: BreakerSettings) -> None:
        self._engine = engine
        self.settings = settings

    def admit(self, moves: Iterable[tuple[EntityRef, datetime]], now: datetime) -> Admission:
        """Count these reverts, given as deal and `moved_at`, as far as they are still admitted."""
        wanted = dict(moves)
        if not wanted:
            return Admission(frozenset())
        with self._engine.begin() as conn:
            if _locked(conn) is not None:
                return Admission(frozenset())
            counted = self._counted(conn, now)
            room = self.settings.reverts - len(counted)
            fresh = [ref for ref, moved_at in wanted.items() if (ref.id, moved_at) not in counted]
            admitted = fresh[: max(room, 0)]
            for ref in admitted:
                row = {"deal_id": ref.id, "moved_at": wanted[ref], "decided_at": now}
                conn.execute(insert_into(conn, counted_table).values(row))
            over = len(admitted) < len(fresh)
            if over:
                conn.execute(update(breaker_table).values(tripped_at=now))
            return Admission(frozenset((set(wanted) - set(fresh)) | set(admitted)), tripped_now=over)

    def state(self, now: datetime) -> BreakerState:
        with reading(self._engine) as conn:
            tripped_at = conn.execute(select(breaker_table.c.tripped_at)).scalar_one_or_none()
            since = counted_table.c.decided_at > self._begin(now)
            counted = conn.execute(select(func.count()).select_from(counted_table).where(since)).scalar_one()
        return BreakerState(tripped_at, counted)

    def reset(self) -> bool:
        """Close it and begin to count anew; False where it had not tripped."""
        with self._engine.begin() as conn:
            tripped_at = _locked(conn)
            conn.execute(update(breaker_table).values(tripped_at=None, alarmed_at=None))
            conn.execute(delete(counted_table))
        return tripped_at is not None

    def take_alarm(self, now: datetime) -> datetime | None:
        """When it tripped, to the one caller that is to tell of it; None to all others."""
        with self._engine.begin() as conn:
            untold = breaker_table.c.tripped_at.is_not(None) & breaker_table.c.alarmed_at.is_(None)
            told = update(breaker_table).where(untold).values(alarmed_at=now)
            tripped_at: datetime | None = conn.execute(
                told.returning(breaker_table.c.tripped_at)
            ).scalar_one_or_none()
            return tripped_at

    def _counted(self, conn: Connection, now: datetime) -> set[tuple[int, datetime]]:
        conn.execute(delete(counted_table).where(counted_table.c.decided_at <= self._begin(now)))
        rows = conn.execute(select(counted_table.c.deal_id, counted_table.c.moved_at))
        return {(row.deal_id, row.moved_at) for row in rows}

    def _begin(self, now: datetime) -> datetime:
        return now - timedelta(minutes=self.settings.minutes)


def _locked(conn: Connection) -> datetime | None:
    """When it tripped, with the row held until the transaction ends, so that counting takes turns."""
    conn.execute(insert_into(conn, breaker_table).values(id=1).on_conflict_do_nothing())
    locked = select(breaker_table.c.tripped_at).with_for_update()
    tripped_at: datetime | None = conn.execute(locked).scalar_one()
    return tripped_at
