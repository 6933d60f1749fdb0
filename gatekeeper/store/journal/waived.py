"""What exemptions take off each card now: one row for each rule and exemption.

A table of its own, not a column of `violation`, so that a query that counts violations cannot count these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from gatekeeper.model.exemption import Exempted, exemption_as_json, parse_exemption
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import UtcDateTime, metadata
from gatekeeper.store.keys import among, ref_of

waived_table = Table(
    "waived",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("entity_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", String(64), primary_key=True),
    Column("exemption_id", String(128), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("exemption", JSON, nullable=False),
    Column("ends_at", UtcDateTime),
    Column("since", UtcDateTime, nullable=False),
)


def load_waived(conn: Connection, refs: Iterable[EntityRef]) -> dict[EntityRef, tuple[Exempted, ...]]:
    """Map each card to what is taken off it, in the order in which it was kept; leave out all others."""
    found: dict[EntityRef, tuple[Exempted, ...]] = {}
    table = waived_table
    for row in conn.execute(select(table).where(among(table, refs)).order_by(table.c.position)):
        ref = ref_of(row)
        found[ref] = (*found.get(ref, ()), _exempted(row))
    return found


def keep_waived(conn: Connection, ref: EntityRef, exempted: Iterable[Exempted], decided_at: datetime) -> None:
    """Replace what was kept of the card; what stays keeps its beginning."""
    table = waived_table
    here = among(table, [ref])
    known = conn.execute(select(table.c.rule, table.c.exemption_id, table.c.since).where(here))
    since = {(row.rule, row.exemption_id): row.since for row in known}
    if since:
        conn.execute(delete(table).where(here))
    for position, each in enumerate(exempted):
        begun = since.get((each.rule, each.exemption.id), decided_at)
        conn.execute(insert(table).values(_row(ref, position, each, begun)))


def waived_among(conn: Connection, rule: str, ids: Sequence[int]) -> set[EntityRef]:
    """Find those of these cards, all of the rule's own kind, on which something of it is taken off."""
    kind = Kind(rule.partition(".")[0])
    table = waived_table
    query = select(table.c.entity_id).where(
        table.c.kind == kind.value, table.c.rule == rule, table.c.entity_id.in_(ids)
    )
    return {EntityRef(kind, number) for number in conn.execute(query).scalars()}


def count_waived(conn: Connection) -> dict[str, int]:
    """Map each exemption to the number of cards on which it takes something off."""
    cards = func.count(func.distinct(waived_table.c.kind + ":" + func.cast(waived_table.c.entity_id, String)))
    query = select(waived_table.c.exemption_id, cards).group_by(waived_table.c.exemption_id)
    return {row[0]: row[1] for row in conn.execute(query)}


def _row(ref: EntityRef, position: int, exempted: Exempted, since: datetime) -> dict[str, Any]:
    return {
        "kind": ref.kind.value,
        "entity_id": ref.id,
        "rule": exempted.rule,
        "exemption_id": exempted.exemption.id,
        "position": position,
        "facts": dict(exempted.facts),
        "exemption": exemption_as_json(exempted.exemption),
        "ends_at": exempted.ends_at,
        "since": since,
    }


def _exempted(row: Row[Any]) -> Exempted:
    return Exempted(row.rule, row.facts, parse_exemption(row.exemption), row.ends_at)
