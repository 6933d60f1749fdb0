"""Work that repeats in rounds and is shared by all workers: whose turn it is, and how far the round is.

One row for each job. A worker takes a round under a lease and stores its state after every step. If it dies,
another worker continues from the last stored step. A step that was done but not stored is done twice, so
every step must allow that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Connection, Engine, String, Table, Text, and_, or_, select, update

from gatekeeper.store.database import (
    UtcDateTime,
    database_now,
    insert_into,
    metadata,
    reading,
)
from gatekeeper.store.lease import is_free

job_table = Table(
    "job",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("state", JSON, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
)

State = Mapping[str, Any]
LATE_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class JobStatus:
    """`age` is the time since the last round ended, None if none has."""

    state: State
    age: timedelta | None

    def is_late(self, every: timedelta) -> bool:
        """Whether several rounds should have ended since the last one."""
        return self.age is not None and self.age > LATE_ROUNDS * every


class Jobs:
    """Times are the database's, so that machines with different clocks still take turns."""

    def __init__(
        self,
        engine: Engine,
        *,
        lease: timedelta = timedelta(seconds=120),
        now: Callable[[Connection], datetime] = database_now,
    ) -> None:
        self._engine = engine
        self._lease = lease
        self._now = now

    def now(self) -> datetime:
        """Return the database's time, by which the rounds take turns."""
        with reading(self._engine) as conn:
            return self._now(conn)

    def hasten(self, name: str) -> None:
        """Begin the next round at once: after a start, events may have been missed."""
        with self._engine.begin() as conn:
            now = self._now(conn)
            row = {"name": name, "state": {}, "next_at": now}
            insert = insert_into(conn, job_table).values(row)
            conn.execute(
                insert.on_conflict_do_update(index_elements=[job_table.c.name], set_={"next_at": now})
            )

    def take(self, name: str, owner: str) -> State | None:
        """Lease the round and return its state; None if it is not time, or another worker holds it."""
        here = job_table.c
        with self._engine.begin() as conn:
            now = self._now(conn)
            row = {"name": name, "state": {}, "next_at": now}
            conn.execute(insert_into(conn, job_table).values(row).on_conflict_do_nothing())
            free = or_(is_free(job_table, now), here.lease_owner == owner)
            begun = here.lease_owner.is_not(None)
            taken = (
                update(job_table)
                .where(here.name == name, free, or_(begun, here.next_at <= now))
                .values(lease_owner=owner, lease_until=now + self._lease)
                .returning(here.state)
            )
            state: State | None = conn.execute(taken).scalar_one_or_none()
            return state

    def keep(self, name: str, owner: str, state: State) -> None:
        """Store the state after a step; do nothing if the lease was lost."""
        with self._engine.begin() as conn:
            until = self._now(conn) + self._lease
            conn.execute(self._own(name, owner).values(state=dict(state), lease_until=until))

    def finish(self, name: str, owner: str, state: State, every: timedelta) -> None:
        """End the round; the next one may begin after `every`."""
        with self._engine.begin() as conn:
            now = self._now(conn)
            ended = {"state": dict(state), "finished_at": now, "next_at": now + every}
            conn.execute(self._own(name, owner).values(**ended, lease_owner=None, lease_until=None))

    def status(self, name: str) -> JobStatus:
        with reading(self._engine) as conn:
            row = conn.execute(select(job_table).where(job_table.c.name == name)).one_or_none()
            if row is None:
                return JobStatus({}, None)
            return JobStatus(row.state, self._now(conn) - row.finished_at if row.finished_at else None)

    def forget(self, name: str) -> None:
        """Begin anew next time."""
        with self._engine.begin() as conn:
            conn.execute(job_table.delete().where(job_table.c.name == name))

    def _own(self, name: str, owner: str) -> Any:
        here = job_table.c
        return update(job_table).where(and_(here.name == name, here.lease_owner == owner))
