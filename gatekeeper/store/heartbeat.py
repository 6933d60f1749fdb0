"""A sign of life from every worker, so that the web process can tell an idle inbox from a dead worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Engine, Float, Table, Text, delete, func, select

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
    Column("portal_ahead_s", Float),
)
_FORGOTTEN_AFTER = timedelta(days=1)
SILENCE = timedelta(seconds=30)
"""A worker beats between waves; one that has been silent for longer is stuck or gone."""


class Heartbeat:
    """One row a worker. Times are the database's, so that machines whose clocks differ agree.

    `portal_ahead_s` is how far the portal's clock is ahead of the database's; NULL before a worker knows it.
    """

    def __init__(self, engine: Engine, *, now: Callable[[Connection], datetime] = database_now) -> None:
        self._engine = engine
        self._now = now

    def beat(self, owner: str, portal_now: datetime | None = None) -> None:
        """Say that `owner` lives and, where it is known, what time it is on the portal.

        Forget workers silent for a day: their names carry process ids.
        """
        with self._engine.begin() as conn:
            now = self._now(conn)
            row: dict[str, object] = {"at": now}
            if portal_now is not None:
                row["portal_ahead_s"] = (portal_now - now).total_seconds()
            insert = insert_into(conn, heartbeat).values(owner=owner, **row)
            conn.execute(insert.on_conflict_do_update(index_elements=[heartbeat.c.owner], set_=row))
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

    def portal_now(self) -> datetime:
        """What time it is on the portal, by the last worker that knew it; by the database if none did."""
        with reading(self._engine) as conn:
            return self._now(conn) + timedelta(seconds=_portal_ahead_s(conn) or 0.0)

    def knows_portal(self) -> bool:
        """Whether any worker has told the portal's time."""
        with reading(self._engine) as conn:
            return _portal_ahead_s(conn) is not None


def _last(conn: Connection) -> datetime | None:
    last: datetime | None = conn.execute(select(func.max(heartbeat.c.at, type_=UtcDateTime))).scalar_one()
    return last


def _portal_ahead_s(conn: Connection) -> float | None:
    ahead_s = heartbeat.c.portal_ahead_s
    told = select(ahead_s).where(ahead_s.is_not(None)).order_by(heartbeat.c.at.desc()).limit(1)
    latest: float | None = conn.execute(told).scalar()
    return latest
