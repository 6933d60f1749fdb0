"""The open violations of a rule: which cards have one, and which are held against an older card."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Engine, select

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import reading
from gatekeeper.store.journal.tables import STILL_OPEN, violation_table
from gatekeeper.store.journal.waived import waived_among
from gatekeeper.store.keys import chunks


class OpenViolations:
    """Reads the journal's open violations. A rule judges cards of one kind only."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def having(self, rule: str, refs: Collection[EntityRef]) -> set[EntityRef]:
        """Return those of these cards that violate the rule, exempted or not."""
        table = violation_table
        return {card for _, card in self._select(rule, refs, table.c.entity_id)} | self._waived(rule, refs)

    def held_against(self, rule: str, older: Iterable[EntityRef]) -> set[tuple[EntityRef, EntityRef]]:
        """Return pairs of one of these cards and a newer card that duplicates it."""
        return self._select(rule, older, violation_table.c.older_id)

    def older_of(self, rule: str, cards: Iterable[EntityRef]) -> dict[EntityRef, EntityRef]:
        """Return the older card that each of these duplicates; those that duplicate none are left out."""
        kind, table = Kind(rule.partition(".")[0]), violation_table
        found: dict[EntityRef, EntityRef] = {}
        with reading(self._engine) as conn:
            for ids in chunks(ref.id for ref in cards):
                here = (table.c.rule == rule, table.c.kind == kind, table.c.entity_id.in_(ids), STILL_OPEN)
                query = select(table.c.entity_id, table.c.older_id).where(*here)
                for card, older in conn.execute(query.where(table.c.older_id.is_not(None))):
                    found[EntityRef(kind, card)] = EntityRef(kind, older)
        return found

    def _waived(self, rule: str, refs: Collection[EntityRef]) -> set[EntityRef]:
        """Return the exempted ones: a search for cards not yet judged must count them as judged."""
        found: set[EntityRef] = set()
        with reading(self._engine) as conn:
            for ids in chunks(ref.id for ref in refs):
                found |= waived_among(conn, rule, ids)
        return found

    def _select(self, rule: str, refs: Iterable[EntityRef], column: Any) -> set[tuple[EntityRef, EntityRef]]:
        kind = Kind(rule.partition(".")[0])
        table = violation_table
        found: set[tuple[EntityRef, EntityRef]] = set()
        with reading(self._engine) as conn:
            for ids in chunks(ref.id for ref in refs):
                query = select(column, table.c.entity_id).where(
                    table.c.rule == rule, table.c.kind == kind, column.in_(ids), STILL_OPEN
                )
                rows = conn.execute(query)
                found |= {(EntityRef(kind, asked), EntityRef(kind, card)) for asked, card in rows}
        return found
