"""The exemptions that people grant by command; those in the config are part of the policy.

No row is ever deleted: who exempted what, why and until when is part of the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Engine,
    Integer,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
    true,
    update,
)

from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef
from gatekeeper.store.database import UtcDateTime, metadata, reading
from gatekeeper.store.journal.tables import STILL_OPEN, violation_table
from gatekeeper.store.journal.waived import count_waived, waived_table
from gatekeeper.store.keys import ref_of

exemption_table = Table(
    "exemption",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16)),
    Column("entity_id", BigInteger),
    Column("rule", String(64)),
    Column("part", String(64)),
    Column("pipeline", Integer),
    Column("source", String(64)),
    Column("user_id", Integer),
    Column("until", Date),
    Column("reason", Text, nullable=False),
    Column("author", String(128), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Column("removed_by", String(128)),
)


@dataclass(frozen=True, slots=True)
class Granted:
    """`removed_at` and `removed_by` are None until it is removed, even if it has expired."""

    exemption: Exemption
    granted_at: datetime
    removed_at: datetime | None
    removed_by: str | None


class Exemptions:
    """Every call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def grant(self, exemption: Exemption, now: datetime) -> Exemption:
        """Store the exemption and return it with the id that the database gave it."""
        values = {
            "kind": exemption.entity.kind.value if exemption.entity else None,
            "entity_id": exemption.entity.id if exemption.entity else None,
            "rule": exemption.rule,
            "part": exemption.part,
            "pipeline": exemption.pipeline,
            "source": exemption.source,
            "user_id": exemption.user,
            "until": exemption.until,
            "reason": exemption.reason,
            "author": exemption.author,
            "granted_at": now,
        }
        with self._engine.begin() as conn:
            row = conn.execute(insert(exemption_table).values(values).returning(exemption_table.c.id)).one()
            return replace(exemption, id=str(row.id))

    def remove(self, exemption_id: str, author: str, now: datetime) -> bool:
        """End it; return False if there is no such exemption or it was removed before."""
        if not (exemption_id.isascii() and exemption_id.isdigit()):
            return False
        stands = exemption_table.c.id == int(exemption_id), exemption_table.c.removed_at.is_(None)
        ended = update(exemption_table).where(*stands).values(removed_at=now, removed_by=author)
        with self._engine.begin() as conn:
            return conn.execute(ended).rowcount == 1

    def in_force(self) -> tuple[Exemption, ...]:
        """Return those not removed, oldest first; an exemption knows whether it has expired."""
        return tuple(each.exemption for each in self._select(exemption_table.c.removed_at.is_(None)))

    def listed(self) -> tuple[Granted, ...]:
        """Return every exemption ever granted, oldest first."""
        return self._select(true())

    def _select(self, which: ColumnElement[bool]) -> tuple[Granted, ...]:
        query = select(exemption_table).where(which).order_by(exemption_table.c.id)
        with reading(self._engine) as conn:
            return tuple(_granted(row) for row in conn.execute(query))

    def covered(self) -> Mapping[str, int]:
        """Map each exemption to the number of cards on which it takes something off now."""
        with reading(self._engine) as conn:
            return count_waived(conn)

    def concerned(self, exemption: Exemption) -> tuple[EntityRef, ...]:
        """Return the cards to visit when it begins or ends: its own, those it may cover, those it covers."""
        if exemption.entity is not None:
            return (exemption.entity,)
        table = violation_table
        broken = STILL_OPEN if exemption.rule is None else STILL_OPEN & (table.c.rule == exemption.rule)
        spared = waived_table.c.exemption_id == exemption.id
        queries = (
            select(*table.c["kind", "entity_id"]).where(broken),
            select(*waived_table.c["kind", "entity_id"]).where(spared),
        )
        with reading(self._engine) as conn:
            return tuple(sorted({ref_of(row) for query in queries for row in conn.execute(query)}))


def _granted(row: Row[Any]) -> Granted:
    entity = ref_of(row) if row.kind else None
    exemption = Exemption(
        id=str(row.id),
        reason=row.reason,
        author=row.author,
        entity=entity,
        rule=row.rule,
        part=row.part,
        pipeline=row.pipeline,
        source=row.source,
        user=row.user_id,
        until=row.until,
    )
    return Granted(exemption, row.granted_at, row.removed_at, row.removed_by)
