"""Counts of all processes, added up in one table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Engine, Float, String, Table, select

from gatekeeper.store.database import insert_into, metadata, reading

tally_table = Table(
    "tally",
    metadata,
    Column("metric", String(80), primary_key=True),
    Column("labels", String(255), primary_key=True),
    Column("value", Float, nullable=False),
)


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """One line of the exposition: a metric's name and the values of its labels, in their order."""

    metric: str
    labels: tuple[str, ...] = ()


class Tally:
    """Adding is one transaction; whatever dies before it has lost these counts and no others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, counts: Mapping[Series, float]) -> None:
        """Rows are locked in the order of their keys, so that two processes never wait in a circle."""
        if not counts:
            return
        rows = [
            {"metric": each.metric, "labels": json.dumps(each.labels), "value": counts[each]}
            for each in sorted(counts)
        ]
        insert = insert_into(self._engine, tally_table).values(rows)
        more = {"value": tally_table.c.value + insert.excluded.value}
        with self._engine.begin() as conn:
            conn.execute(
                insert.on_conflict_do_update(
                    index_elements=[tally_table.c.metric, tally_table.c.labels], set_=more
                )
            )

    def read(self) -> dict[Series, float]:
        with reading(self._engine) as conn:
            return {
                Series(row.metric, tuple(json.loads(row.labels))): row.value
                for row in conn.execute(select(tally_table))
            }
