"""The portal's leaky bucket, kept as one row that every process sharing the address books its hits in.

Every hit of ours is in this bucket before it can be in the portal's, and both drain alike, so ours is never
the emptier one, but for hits on their way: one booked while the portal's bucket was empty may arrive
`latency_s` later, by when ours has drained and theirs has not. That much room stays unused.

A caller without room books nothing and asks again. Were it given a place in a line, a sweep's bookings
would stand before the next live event, and the reserve would reserve nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Engine, Float, Integer, Row, String, Table, delete, select, update

from gatekeeper.model.refs import Priority
from gatekeeper.store.database import (
    UtcDateTime,
    database_now,
    insert_into,
    metadata,
    reading,
)

bucket = Table(
    "limiter_bucket",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("level", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
blocks = Table(
    "limiter_block",
    metadata,
    Column("method", String(200), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)
_THE_ROW = 1
_PAUSE_AFTER_REFUSAL_S = 1.0


@dataclass(frozen=True, slots=True)
class LimiterSettings:
    """`burst` is the portal's own capacity; `reserve` hits of it are kept for live events."""

    rate_per_s: float = 2.0
    burst: int = 50
    reserve: int = 10
    latency_s: float = 2.0

    def room(self, priority: Priority) -> float:
        """How full a hit of this priority may make the bucket; one hit at least, whatever is configured.

        >>> LimiterSettings().room(Priority.LIVE), LimiterSettings().room(Priority.SWEEP)
        (46.0, 36.0)
        """
        reserved = 0 if priority is Priority.LIVE else self.reserve
        return max(1.0, self.burst - self.rate_per_s * self.latency_s - reserved)


class Unlimited:
    """For the few hits of a command that has no database to count them in."""

    def acquire(self, priority: Priority) -> None:
        """Let every hit go at once."""

    def penalise(self) -> None:
        """Forget the refusal: there is no later hit to hold back."""

    def block(self, method: str, until: datetime) -> None:
        """Forget it likewise."""

    def blocked_until(self, method: str) -> None:
        """Know of nothing."""

    def fullness(self) -> float:
        """Know of no other hits."""
        return 0.0


class Limiter:
    """Shared by threads, and through the database by processes. Times are the database's."""

    def __init__(
        self,
        engine: Engine,
        settings: LimiterSettings | None = None,
        *,
        now: Callable[[Connection], datetime] = database_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine = engine
        self._settings = settings or LimiterSettings()
        self._now = now
        self._sleep = sleep

    def reserve_hit(self, priority: Priority) -> float:
        """Book a hit: 0.0 says send it. Otherwise nothing is booked: the seconds after which to ask again."""
        with self._engine.begin() as conn:
            level, now = self._drained(conn)
            excess = level + 1 - self._settings.room(priority)
            if excess > 0:
                return excess / self._settings.rate_per_s
            self._fill(conn, level + 1, now)
            return 0.0

    def has_room(self, priority: Priority) -> bool:
        """Whether a hit could be booked at once. Nothing is booked: another may be quicker."""
        return self.level() + 1 <= self._settings.room(priority)

    def acquire(self, priority: Priority, *, stop: threading.Event | None = None) -> bool:
        """Wait for room and book a hit. False if `stop` was set before: then nothing is booked."""
        while not (stop and stop.is_set()):
            wait_s = self.reserve_hit(priority)
            if wait_s == 0.0:
                return True
            if stop:
                stop.wait(wait_s)
            else:
                self._sleep(wait_s)
        return False

    def penalise(self) -> None:
        """Learn that the portal refused a hit (503): its bucket is full, whoever filled it. All pause 1 s."""
        settings = self._settings
        with self._engine.begin() as conn:
            level, now = self._drained(conn)
            full = settings.room(Priority.LIVE) - 1 + settings.rate_per_s * _PAUSE_AFTER_REFUSAL_S
            self._fill(conn, max(level, settings.burst, full), now)

    def level(self) -> float:
        """How full the bucket is now, in hits."""
        with reading(self._engine) as conn:
            row = conn.execute(select(bucket).where(bucket.c.id == _THE_ROW)).one_or_none()
            return self._half if row is None else self._drain(row, self._now(conn))

    def block(self, method: str, until: datetime) -> None:
        """Learn that the method's operating time is spent. Of two reports the later time counts."""
        with self._engine.begin() as conn:
            conn.execute(delete(blocks).where(blocks.c.until <= self._now(conn)))
            insert = insert_into(conn, blocks).values(method=method, until=until)
            conn.execute(
                insert.on_conflict_do_update(
                    index_elements=[blocks.c.method],
                    set_={"until": insert.excluded.until},
                    where=blocks.c.until < insert.excluded.until,
                )
            )

    def blocked_until(self, method: str) -> datetime | None:
        """None when it may be called."""
        with reading(self._engine) as conn:
            until = conn.execute(select(blocks.c.until).where(blocks.c.method == method)).scalar()
            return until if until and until > self._now(conn) else None

    def fullness(self) -> float:
        """How much of what live events may use is used up, from 0 to 1."""
        return min(1.0, self.level() / self._settings.room(Priority.LIVE))

    def _drained(self, conn: Connection) -> tuple[float, datetime]:
        """Tell the level and the time, the row locked; the clock is last, as waiting for the lock drains."""
        row = self._locked_row(conn)
        now = self._now(conn)
        if now < row.at:  # a clock set back: count from there, even if no hit is booked now
            self._fill(conn, row.level, now)
        return self._drain(row, now), now

    def _drain(self, row: Row[tuple[int, float, datetime]], now: datetime) -> float:
        """What is left of the level. A clock set back drains nothing."""
        elapsed_s = max(0.0, (now - row.at).total_seconds())
        level: float = row.level - elapsed_s * self._settings.rate_per_s
        return max(0.0, level)

    def _locked_row(self, conn: Connection) -> Row[tuple[int, float, datetime]]:
        """Find the row, and after a restart what has drained since; a row just made is half full.

        Nobody knows then what was sent from this address a moment ago, say with the database just deleted.
        Taken for full, an idle portal's first warnings come seconds late, on the day on which everybody
        watches for them; taken for empty, a busy one refuses. Half leaves the first cards their hits, and a
        refusal fills our bucket too (`penalise`).
        """
        query = select(bucket).where(bucket.c.id == _THE_ROW).with_for_update()
        row = conn.execute(query).one_or_none()
        if row is None:
            half = {"id": _THE_ROW, "level": self._half, "at": self._now(conn)}
            conn.execute(insert_into(conn, bucket).values(half).on_conflict_do_nothing())
            row = conn.execute(query).one()
        return row

    @property
    def _half(self) -> float:
        return self._settings.burst / 2

    def _fill(self, conn: Connection, level: float, now: datetime) -> None:
        conn.execute(update(bucket).where(bucket.c.id == _THE_ROW).values(level=level, at=now))
