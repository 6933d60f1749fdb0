"""Rows gathered in memory and written in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.schema import Kind


class Rows:
    """One portion; ids are given out here. `initial` is what a new card of each kind holds."""

    def __init__(self, portal: Portal, now: int) -> None:
        self.now, self.offset = now, portal.offset
        self._store = portal.store
        self.initial = {
            kind: {field.code: field.initial for field in portal.store.catalogue(kind).fields}
            for kind in Kind
        }
        self._rows: dict[str, list[Mapping[str, Any]]] = {}
        self._next: dict[str, int] = {}

    def upcoming(self, table: str) -> int:
        """Foresee the id of the table's next row."""
        if table not in self._next:
            self._next[table] = self._store.next_id(table)
        return self._next[table]

    def add(self, table: str, row: Mapping[str, Any], *, key: str = "id") -> int:
        number = self.upcoming(table)
        self._next[table] = number + 1
        self.plain(table, {**row, key: number})
        return number

    def plain(self, table: str, row: Mapping[str, Any]) -> None:
        """Add a row that has no id of its own."""
        self._rows.setdefault(table, []).append(row)

    def flush(self) -> None:
        for table, rows in self._rows.items():
            columns = list(rows[0])
            self._store.insert_many(table, columns, map(itemgetter(*columns), rows))
