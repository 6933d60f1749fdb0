"""A statement that reads a growing table whole is seen, on either database."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, Select, select, tuple_

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.tables import card_table
from gatekeeper.store.keys import among
from tests.plans import fill_up, full_reads
from tests.soak import one_of

DEALS = [EntityRef(Kind.DEAL, number) for number in (10_001, 10_002)]


def plan_of(engine: Engine, query: Select[tuple[object, ...]]) -> set[str]:
    with engine.connect() as conn:
        sql = query.compile(engine, compile_kwargs={"literal_binds": True})
        return full_reads(conn, str(sql), ())


@pytest.mark.slow
@one_of("engine", "sqlite", "postgresql")
def test_a_statement_that_reads_a_whole_table_is_seen(engine: Engine) -> None:
    """On SQLite a row value is such a statement, too."""
    fill_up(engine)
    assert plan_of(engine, select(card_table).where(among(card_table, DEALS))) == set()
    assert plan_of(engine, select(card_table).where(card_table.c.closing_judged)) == {"card"}

    if engine.dialect.name == "sqlite":
        pairs = tuple_(card_table.c.kind, card_table.c.entity_id).in_([(ref.kind, ref.id) for ref in DEALS])
        assert plan_of(engine, select(card_table).where(pairs)) == {"card"}
