"""A sign of life from every worker, so that the web process can tell an idle inbox from a dead worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Engine, Table, Text, delete, func, select

from gatekeeper.store.database import (
    UtcDateTime,
    database_now,
    insert_into,
    metadata,
    reading,
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
_FORGOTTEN_AFTER = timedelta(days=1)
SILENCE = timedelta(seconds=30)
"""A worker beats between waves; one that has been silent for longer is stuck or gone."""


class Heartbeat:
    """One row a worker. Times are the database's, so that machines whose clocks differ agree."""

    def __init__(self, engine: Engine, *, now: Callable[[Connection], datetime] = database_now) -> None:
        self._engine = engine
        self._now = now

    def beat(self, owner: str) -> None:
        """Say that `owner` lives, and forget workers silent for a day: their names carry process ids."""
        with self._engine.begin() as conn:
            now = self._now(conn)
            insert = insert_into(conn, heartbeat).values(owner=owner, at=now)
            conn.execute(
                insert.on_conflict_do_update(
                    index_elements=[heartbeat.c.owner], set_={"at": insert.excluded.at}
                )
            )
            conn.execute(delete(heartbeat).where(heartbeat.c.at < now - _FORGOTTEN_AFTER))

    def freshest(self) -> datetime | None:
        """Find the last beat of any worker; None if there never was one."""
        with reading(self._engine) as conn:
            return _last(conn)

    def silence(self) -> timedelta | None:
        """Tell how long ago that was, by the same clock; None if never."""
        with reading(self._engine) as conn:
            last = _last(conn)
            return None if last is None else self._now(conn) - last


def _last(conn: Connection) -> datetime | None:
    last: datetime | None = conn.execute(select(func.max(heartbeat.c.at, type_=UtcDateTime))).scalar_one()
    return last
