"""Which violations stand now, asked from the other side: of which cards, and held against which older one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Engine, select

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.tables import STILL_OPEN, violation_table
from gatekeeper.store.journal.waived import waived_among
from gatekeeper.store.keys import chunks


class OpenViolations:
    """Reads the journal's open violations; every rule that is asked for is one kind of card's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def having(self, rule: str, refs: Collection[EntityRef]) -> set[EntityRef]:
        """Those of these cards in which a violation of the rule stands, exempted or not."""
        table = violation_table
        return {card for _, card in self._select(rule, refs, table.c.entity_id)} | self._waived(rule, refs)

    def held_against(self, rule: str, older: Iterable[EntityRef]) -> set[tuple[EntityRef, EntityRef]]:
        """Pairs of one of these cards and a newer one that doubles it."""
        return self._select(rule, older, violation_table.c.older_id)

    def _waived(self, rule: str, refs: Collection[EntityRef]) -> set[EntityRef]:
        """To whoever looks for cards that have yet to be judged, an exempted one is as judged as any."""
        found: set[EntityRef] = set()
        with self._engine.connect() as conn:
            for ids in chunks(ref.id for ref in refs):
                found |= waived_among(conn, rule, ids)
        return found

    def _select(self, rule: str, refs: Iterable[EntityRef], column: Any) -> set[tuple[EntityRef, EntityRef]]:
        kind = Kind(rule.partition(".")[0])
        table = violation_table
        found: set[tuple[EntityRef, EntityRef]] = set()
        with self._engine.connect() as conn:
            for ids in chunks(ref.id for ref in refs):
                query = select(column, table.c.entity_id).where(
                    table.c.rule == rule, table.c.kind == kind, column.in_(ids), STILL_OPEN
                )
                rows = conn.execute(query)
                found |= {(EntityRef(kind, asked), EntityRef(kind, card)) for asked, card in rows}
        return found
