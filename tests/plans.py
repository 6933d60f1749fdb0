"""Watches every statement that a run executes: one that reads a growing table from end to end fails the run.

Each database is asked for its plan of each statement, over analysed tables of 10,000 rows. What the tests ask
themselves is not watched, only what the product does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import timedelta
from types import FrameType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, MetaData, event, text
from sqlalchemy.exc import DBAPIError

from gatekeeper.judge.examples import NOON
from gatekeeper.model.refs import Priority
from gatekeeper.store.migrations import declared_tables
from tests.filled import Make, fill

ROWS = 10_000
PACKAGE = "gatekeeper."
SCAN = re.compile(r"SCAN ([a-z_]+)(?: USING (?:COVERING )?INDEX ([a-z_]+))?")
SEQUENTIAL = re.compile(r"Seq Scan on ([a-z_]+)")
CAN_READ = re.compile(r"\s*(SELECT|UPDATE|DELETE|WITH)\b")
ALSO_GROWING = frozenset({"action", "contact_index", "contact_key", "outbox", "waived"})
"""Tables that name no card in a column and have a row for each card or notice all the same."""
SPECIAL: dict[str, Make] = {
    "kind": lambda _: "deal",
    "attempts": lambda _: 0,
    "lease_until": lambda _: None,
    "priority": lambda _: Priority.AUDIT,
    "found_at": lambda number: None if number % 10 else NOON,
    "closed_at": lambda number: None if number % 10 == 0 else NOON + timedelta(days=number),
}
PARTIAL = frozenset({"visit_found_at_idx", "violation_open_key"})
"""Indexes of the few rows that a sweep found, or that are open: such a one may be read whole."""
MAY_READ_WHOLE: Mapping[str, str] = {
    "gatekeeper.report.": "a person asks, of a whole period",
    "gatekeeper.store.database.migrate": "a step to the next release, once",
    "gatekeeper.store.exemptions.": "granted by people one by one: tens of rows",
    "gatekeeper.store.inbox.Inbox.dead_letters": "a person asks",
    "gatekeeper.store.inbox.Inbox.depth": "a page or a scrape asks how much waits in all",
    "gatekeeper.store.inbox.Inbox.retry_dead": "a person asks for all of them",
    "gatekeeper.store.journal.day.": "the digest, once a day",
    "gatekeeper.store.journal.mentions.": "somebody asks to be forgotten",
    "gatekeeper.store.journal.snapshots.LatestSnapshots.count": "once after a change of the policy",
    "gatekeeper.store.journal.snapshots.LatestSnapshots.missing": "once after a change of the policy",
    "gatekeeper.store.journal.waived.count_waived": "a person asks",
    "gatekeeper.store.outbox._forget": "two days of notices, and only where one is due",
    "gatekeeper.store.upkeep.": "retention, erasure and backups go through whole tables by their nature",
}
"""Function of ours, or the start of its name -> why it may read whole tables."""


class Executed(NamedTuple):
    """`function` is the one of ours that executed it, as in gatekeeper.store.visits.Visits.load."""

    dialect: str
    sql: str
    function: str


class PlanWatch:
    """Records what is executed on every engine of this process."""

    def __init__(self) -> None:
        self._parameters: dict[Executed, Any] = {}
        self._seen: set[tuple[str, str]] = set()

    def begin(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._record)

    def _record(self, conn: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        known = conn.dialect.name, sql
        if known in self._seen or not CAN_READ.match(sql):
            return
        function = _innermost_function(sys._getframe())
        if function is not None:
            self._seen.add(known)
            self._parameters[Executed(*known, function)] = parameters[0] if many else parameters

    def full_reads(self, engine: Engine) -> dict[Executed, set[str]]:
        """Return what this database would read growing tables whole for; the database must be filled."""
        found: dict[Executed, set[str]] = {}
        wanted = {key: given for key, given in self._parameters.items() if key.dialect == engine.dialect.name}
        with engine.connect() as conn:
            if engine.dialect.name == "postgresql":
                conn.execute(text("SET enable_seqscan = off"))  # where there is another way, it is taken
            for executed, parameters in wanted.items():
                if not any(executed.function.startswith(name) for name in MAY_READ_WHOLE):
                    tables = full_reads(conn, executed.sql, parameters) & growing_tables().tables.keys()
                    if tables:
                        found[executed] = tables
        return found


def growing_tables() -> MetaData:
    found = MetaData()
    for table in declared_tables().sorted_tables:
        if "entity_id" in table.c or table.name in ALSO_GROWING:
            table.to_metadata(found)
    return found


def fill_up(engine: Engine) -> None:
    """Put 10,000 rows into each growing table, and let the database count them."""
    fill(engine, growing_tables(), ROWS, SPECIAL)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("ANALYZE"))


def full_reads(conn: Connection, sql: str, parameters: Any) -> set[str]:
    """Name the tables that the statement would read from end to end."""
    explain = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN"
    try:
        lines = [str(row[-1]) for row in conn.exec_driver_sql(f"{explain} {sql}", parameters)]
    except DBAPIError:
        conn.rollback()  # about a table that only a test has
        return set()
    if conn.dialect.name == "postgresql":
        return {found[1] for line in lines if (found := SEQUENTIAL.search(line))}
    return {found[1] for line in lines if (found := SCAN.match(line)) and not _is_bounded(sql, found[2])}


def _is_bounded(sql: str, index: str | None) -> bool:
    """Tell whether a scan of that index ends early: it yields the order of a LIMIT, or has few rows."""
    return index is not None and (" LIMIT " in " ".join(sql.split()) or index in PARTIAL)


def _innermost_function(frame: FrameType | None) -> str | None:
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(PACKAGE):
            return f"{module}.{frame.f_code.co_qualname.partition('.<locals>')[0]}"
        frame = frame.f_back
    return None
