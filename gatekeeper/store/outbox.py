"""Notices to people, kept until they are sent: one row for each card and person.

A wish is written in the transaction of its decision, so that no crash loses it. Its text is made when it is
sent, from what is true then. It waits until its card's pass has ended well (`not_before` is NULL until then),
so that nobody hears of a move back that was never made. Two things prevent repeated notices: a newer wish
replaces one that is unsent, and `pause` lies between two notices of one card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    String,
    Table,
    and_,
    delete,
    not_,
    or_,
    select,
    update,
)

from gatekeeper.model.quiet_hours import QuietHours
from gatekeeper.store.database import UtcDateTime, insert_into, metadata, reading
from gatekeeper.store.lease import is_free

outbox_table = Table(
    "outbox",
    metadata,
    Column("tag", String(64), primary_key=True),
    Column("recipient_id", BigInteger, primary_key=True, autoincrement=False),
    Column("occasion", String(16), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("wanted_at", UtcDateTime, nullable=False),
    Column("pending", Boolean, nullable=False),
    Column("not_before", UtcDateTime, index=True),
    Column("lease_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
)
BREAKER, TROUBLE = "breaker", "trouble"
URGENT = frozenset({BREAKER, TROUBLE})
"""Occasions that ignore quiet hours; their tags name no card."""

FAINT = "violation"
"""Replaces no other wish: a notice of a move back lists the violations, too."""

LEASE = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Notice:
    """`tag` is a card, as in deal:41, or the occasion's own word; `wanted_at` identifies the wish."""

    tag: str
    recipient_id: int
    occasion: str
    facts: tuple[tuple[str, str], ...]
    wanted_at: datetime


def want(
    conn: Connection,
    tag: str,
    recipients: Iterable[int],
    occasion: str,
    facts: Mapping[str, str],
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> None:
    """Add a wish for each recipient, in the caller's transaction; None waits for the card's pass to end."""
    for recipient in dict.fromkeys(recipients):
        keys = {"tag": tag, "recipient_id": recipient}
        wish = {"occasion": occasion, "facts": dict(facts), "wanted_at": now, "pending": True}
        wish |= {"not_before": not_before, "lease_until": None}
        insert = insert_into(conn, outbox_table).values(**keys, **wish)
        says_more = and_(outbox_table.c.pending, outbox_table.c.occasion != FAINT)
        free = not_(says_more) if occasion == FAINT else None
        conn.execute(insert.on_conflict_do_update(index_elements=list(keys), set_=wish, where=free))


class Outbox:
    """Every method is one transaction."""

    def __init__(self, engine: Engine, quiet: QuietHours, pause: timedelta) -> None:
        self._engine = engine
        self._quiet = quiet
        self._pause = pause

    def want_now(self, tag: str, recipients: Iterable[int], occasion: str, now: datetime) -> None:
        """Add a wish that waits neither for a card nor for the morning."""
        with self._engine.begin() as conn:
            want(conn, tag, recipients, occasion, {}, now, not_before=now)

    def release(self, tags: Iterable[str], now: datetime) -> None:
        """Let the wishes of these cards be sent, outside quiet hours: their passes ended well."""
        table = outbox_table
        waiting = and_(table.c.tag.in_(list(tags)), table.c.pending, table.c.not_before.is_(None))
        if not self._has(waiting):
            return
        with self._engine.begin() as conn:
            for row in conn.execute(select(table).where(waiting)).all():
                soonest = now if row.sent_at is None else max(now, row.sent_at + self._pause)
                here = and_(table.c.tag == row.tag, table.c.recipient_id == row.recipient_id, waiting)
                conn.execute(update(table).where(here).values(not_before=self._quiet.earliest(soonest)))

    def drop(self, tags: Iterable[str]) -> None:
        """Cancel the wishes of these cards' last passes: what they announce did not happen."""
        table = outbox_table
        waiting = and_(table.c.tag.in_(list(tags)), table.c.pending, table.c.not_before.is_(None))
        with self._engine.begin() as conn:
            conn.execute(update(table).where(waiting).values(pending=False))

    def claim(self, now: datetime, limit: int = 50) -> tuple[Notice, ...]:
        """Lease what is due, so that nobody else sends it."""
        table = outbox_table
        due = and_(table.c.pending, table.c.not_before <= now, is_free(table, now))
        if not self._has(due):
            return ()
        with self._engine.begin() as conn:
            _forget(conn, now)
            chosen = select(table).where(due).order_by(table.c.not_before).limit(limit)
            rows = conn.execute(chosen.with_for_update(skip_locked=True)).all()
            for row in rows:
                here = and_(table.c.tag == row.tag, table.c.recipient_id == row.recipient_id)
                conn.execute(update(table).where(here).values(lease_until=now + LEASE))
        return tuple(
            Notice(row.tag, row.recipient_id, row.occasion, tuple(row.facts.items()), row.wanted_at)
            for row in rows
        )

    def _has(self, wanted: ColumnElement[bool]) -> bool:
        """Ask without a lock: mostly there is nothing to send."""
        with reading(self._engine) as conn:
            return conn.execute(select(outbox_table.c.tag).where(wanted).limit(1)).first() is not None

    def sent(self, notice: Notice, now: datetime) -> None:
        """Mark the notice as sent; a newer wish stays pending."""
        with self._engine.begin() as conn:
            conn.execute(update(outbox_table).where(_row_of(notice)).values(sent_at=now, lease_until=None))
            conn.execute(update(outbox_table).where(_same_wish(notice)).values(pending=False))

    def strike(self, notice: Notice) -> None:
        """Cancel a wish that is no longer true or has no recipient."""
        with self._engine.begin() as conn:
            conn.execute(update(outbox_table).where(_same_wish(notice)).values(pending=False))

    def put_off(self, notice: Notice, until: datetime) -> None:
        with self._engine.begin() as conn:
            soonest = until if notice.occasion in URGENT else self._quiet.earliest(until)
            later = {"not_before": soonest, "lease_until": None}
            conn.execute(update(outbox_table).where(_same_wish(notice)).values(later))


def _forget(conn: Connection, now: datetime) -> None:
    """Delete cancelled wishes, and every wish or sent notice older than `FORGOTTEN_AFTER`."""
    table = outbox_table
    unsent = and_(table.c.pending.is_(False), table.c.sent_at.is_(None))
    conn.execute(delete(table).where(or_(unsent, table.c.wanted_at < now - FORGOTTEN_AFTER)))


def _row_of(notice: Notice) -> Any:
    table = outbox_table
    return and_(table.c.tag == notice.tag, table.c.recipient_id == notice.recipient_id)


def _same_wish(notice: Notice) -> Any:
    return and_(_row_of(notice), outbox_table.c.wanted_at == notice.wanted_at)
