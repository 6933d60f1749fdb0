"""Which card a comment or an activity belongs to, remembered for when it is deleted.

The event of a deleted comment names only the comment, and the portal no longer says where it belonged. A deal
whose only detailed comment is deleted must still be visited. So every pass keeps the ids of what it read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Engine, String, Table, delete, select

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import UtcDateTime, insert_into, metadata, reading
from gatekeeper.store.keys import among, chunks, ref_of

pointer_table = Table(
    "pointer",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("entity_id", BigInteger, primary_key=True, autoincrement=False),
    Column("card_kind", String(16), primary_key=True),
    Column("card_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seen_at", UtcDateTime, nullable=False, index=True),
)

STALE = timedelta(days=30)
"""A row older than this is renewed when its comment is read again."""
FORGOTTEN = timedelta(days=90)
"""A row older than this is deleted: the card was not read for months, so it is closed or gone."""


class Pointers:
    """`at` is the time of the pass, by the process's clock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, seen: Mapping[EntityRef, Iterable[EntityRef]], at: datetime) -> None:
        """Record what belongs to each card; a row that is fresh is not written again."""
        lines = ((pointer, card) for card, pointers in seen.items() for pointer in pointers)
        for some in chunks(lines):
            fresh = self._fresh({pointer for pointer, _ in some}, at - STALE)
            self._write([line for line in some if line not in fresh], at)

    def cards_of(self, pointers: Iterable[EntityRef]) -> dict[EntityRef, tuple[EntityRef, ...]]:
        """Map each to the cards on which it was last seen; () if it never was."""
        found: dict[EntityRef, list[EntityRef]] = {pointer: [] for pointer in pointers}
        for some in chunks(found):
            for pointer, card in self._fresh(some, None):
                found[pointer].append(card)
        return {pointer: tuple(sorted(cards)) for pointer, cards in found.items()}

    def prune(self, now: datetime) -> int:
        """Delete what was not seen for `FORGOTTEN`; return the number of rows."""
        with self._engine.begin() as conn:
            old = pointer_table.c.seen_at < now - FORGOTTEN
            return conn.execute(delete(pointer_table).where(old)).rowcount

    def _fresh(
        self, pointers: Iterable[EntityRef], since: datetime | None
    ) -> set[tuple[EntityRef, EntityRef]]:
        query = select(pointer_table).where(among(pointer_table, pointers))
        if since is not None:
            query = query.where(pointer_table.c.seen_at >= since)
        with reading(self._engine) as conn:
            return {(ref_of(row), EntityRef(Kind(row.card_kind), row.card_id)) for row in conn.execute(query)}

    def _write(self, lines: list[tuple[EntityRef, EntityRef]], at: datetime) -> None:
        if not lines:
            return
        rows = [
            {
                "kind": pointer.kind.value,
                "entity_id": pointer.id,
                "card_kind": card.kind.value,
                "card_id": card.id,
                "seen_at": at,
            }
            for pointer, card in lines
        ]
        with self._engine.begin() as conn:
            insert = insert_into(conn, pointer_table)
            keys = [column.name for column in pointer_table.primary_key]
            upsert = insert.on_conflict_do_update(
                index_elements=keys, set_={"seen_at": insert.excluded.seen_at}
            )
            conn.execute(upsert, rows)
