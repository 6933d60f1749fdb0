"""No statement about given cards reads a whole table, on either database, with 10,000 rows in each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert, select, text, tuple_

import gatekeeper
from gatekeeper.enforcement import Plan
from gatekeeper.judge.examples import NOON, a_deal, a_policy
from gatekeeper.judge.verdict import Verdict
from gatekeeper.model.findings import Violation
from gatekeeper.model.history import History
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.contacts import ContactIndex, ContactKey, KeyField
from gatekeeper.store.inbox import Inbox
from gatekeeper.store.journal.past import read_past
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.rows import Decision
from gatekeeper.store.journal.snapshots import FRESH_FOR, LatestSnapshots
from gatekeeper.store.migrations import declared_tables
from gatekeeper.store.pointers import Pointers
from gatekeeper.store.upkeep.erasure import Erasure
from gatekeeper.store.visits import NEVER, Visits
from tests.filled import Make, fill
from tests.store.plans import full_reads, recorded

ROWS = 10_000
ABSENT = [EntityRef(kind, ROWS + number) for kind in (Kind.DEAL, Kind.CONTACT) for number in range(1, 26)]
"""Cards that no made-up row is of: a plan does not depend on whether there is one."""
DEAL = ABSENT[0]
SPECIAL: dict[str, Make] = {
    "kind": lambda _: "deal",
    "attempts": lambda _: 0,
    "lease_until": lambda _: None,
    "priority": lambda _: Priority.AUDIT,
    "closed_at": lambda number: None if number % 10 == 0 else NOON + timedelta(days=number),
}
CONDITIONS = {"among", "any_pair"}
READ_WHOLE = {
    "exemption": "granted by people, one by one: tens of rows",
}
"""Tables that may be read from end to end, and why."""


@pytest.fixture
def full(engine: Engine) -> Engine:
    fill(engine, tables_of_cards(), ROWS, SPECIAL)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("ANALYZE"))
    return engine


def tables_of_cards() -> MetaData:
    """The tables that have a row for each card or more, with what hangs on them."""
    found = MetaData()
    for table in declared_tables().sorted_tables:
        if "entity_id" in table.c or table.name in {"action", "contact_index", "contact_key"}:
            table.to_metadata(found)
    return found


def builders() -> set[tuple[str, str]]:
    """Every function of ours that builds one of the conditions, as module and qualified name."""
    root = Path(gatekeeper.__file__).parent
    return {
        (".".join(("gatekeeper", *file.relative_to(root).with_suffix("").parts)), name)
        for file in root.rglob("*.py")
        for name in _calling(ast.parse(file.read_text()), "")
    } - {("gatekeeper.store.keys", "among")}


def _calling(node: ast.AST, name: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from _calling(child, f"{name}.{child.name}".lstrip("."))
        else:
            if (
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Name)
                and child.func.id in CONDITIONS
            ):
                yield name
            yield from _calling(child, name)


def ask_about_cards(engine: Engine) -> None:
    """Have every builder's statements executed."""
    _inbox(Inbox(engine))
    visits = Visits(engine)
    visits.record({DEAL: NEVER})
    visits.load(ABSENT)
    visits.strike_due(ABSENT, NOON)
    visits.forget(ABSENT)
    Pointers(engine).cards_of(ABSENT)
    ContactIndex(engine).candidates(
        [ContactKey(field, f"{field} {n}") for field in KeyField for n in range(9)]
    )
    _journal(engine)
    Erasure(engine, lambda: NOON).forget(DEAL)


def _inbox(inbox: Inbox) -> None:
    inbox.mark_dirty(ABSENT, delay_s=0)
    inbox.waiting(ABSENT)
    first, *others = inbox.renew(inbox.claim(50, "worker"))
    inbox.hold(first, "error", 0)
    inbox.give_up(first, "error")
    inbox.mark_dirty([claim.ref for claim in others[:5]])
    inbox.done(others)
    inbox.retry_dead(ABSENT)


def _journal(engine: Engine) -> None:
    journal = Journal(engine, masked=True)
    history = History(created_at=NOON, open=(Violation("deal.contact", {"found": 0, "wanted": 1}),))
    deal = a_deal(ref=DEAL)
    verdict = Verdict(DEAL, history.open, (), None, "0" * 12)
    journal.load(ABSENT)
    journal.written(ABSENT, NOON)
    journal.record([Decision.of(verdict, Plan((), history), deal, NOON)], a_policy())
    journal.close_gone(ABSENT, NOON)
    snapshots = LatestSnapshots(engine)
    snapshots.keep([deal], NOON)
    snapshots.keep([deal], NOON + 2 * FRESH_FOR)
    read_past(engine, DEAL)
    snapshots.forget(ABSENT)


@pytest.mark.slow
def test_no_statement_about_given_cards_reads_a_whole_table(full: Engine) -> None:
    """To hold every statement to this, leave the builders out and name what may be read whole."""
    with recorded(full, "gatekeeper.store") as statements:
        ask_about_cards(full)
    wanted = builders()
    assert wanted <= {executed.function for executed in statements}
    with full.connect() as conn:
        whole = {
            executed: full_reads(conn, executed.sql, parameters) - READ_WHOLE.keys()
            for executed, parameters in statements.items()
            if executed.function in wanted
        }
    assert {executed: tables for executed, tables in whole.items() if tables} == {}


def test_a_statement_that_reads_a_whole_table_is_seen(engine: Engine) -> None:
    """On SQLite a row value is such a statement."""
    table = Table(
        "card_like",
        MetaData(),
        Column("kind", String(16), primary_key=True),
        Column("entity_id", Integer, primary_key=True, autoincrement=False),
        Column("note", String),
    )
    table.create(engine)
    wanted = select(table).where(table.c.note == "x")
    if engine.dialect.name == "sqlite":
        wanted = select(table).where(tuple_(table.c.kind, table.c.entity_id).in_([("deal", 1), ("deal", 2)]))
    with engine.begin() as conn, recorded(engine, __name__) as statements:
        conn.execute(insert(table), [{"kind": "deal", "entity_id": number} for number in range(100)])
        conn.execute(wanted)
    with engine.connect() as conn:
        whole = [full_reads(conn, executed.sql, parameters) for executed, parameters in statements.items()]
    assert whole == [set(), {table.name}]
