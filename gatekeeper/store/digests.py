"""Who was sent the day in figures, and for which day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Date, Engine, Table, and_, delete

from gatekeeper.store.database import UtcDateTime, insert_into, metadata

digest_table = Table(
    "digest",
    metadata,
    Column("recipient_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("sent_at", UtcDateTime, nullable=False),
)


class Digests:
    """Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, recipient: int, day: date, now: datetime) -> bool:
        """Record as sent, before it is; True for the one caller that is to send it."""
        row = {"recipient_id": recipient, "day": day, "sent_at": now}
        with self._engine.begin() as conn:
            taken = insert_into(conn, digest_table).values(row).on_conflict_do_nothing()
            return conn.execute(taken.returning(digest_table.c.day)).first() is not None

    def give_back(self, recipient: int, day: date) -> None:
        """Remove the record of a digest that was certainly not delivered."""
        table = digest_table
        here = and_(table.c.recipient_id == recipient, table.c.day == day)
        with self._engine.begin() as conn:
            conn.execute(delete(table).where(here))
