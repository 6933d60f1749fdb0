"""How a database would run the statements that were executed: which of them would read a whole table."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event

FULL_READ = {"sqlite": re.compile(r"^SCAN ([a-z_]+)"), "postgresql": re.compile(r"Seq Scan on ([a-z_]+)")}
CAN_READ = re.compile(r"\s*(SELECT|UPDATE|DELETE|WITH)\b")


class Executed(NamedTuple):
    """`function` is the one of ours that executed it: its module and qualified name."""

    function: tuple[str, str]
    sql: str


Statements = dict[Executed, Any]
"""What was executed, each once, with the parameters of the first time."""


@contextmanager
def recorded(engine: Engine, package: str) -> Iterator[Statements]:
    """Record what the package executes on this engine."""
    statements: Statements = {}

    def record(_conn: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        given = parameters[0] if many else parameters
        statements.setdefault(Executed(_innermost_function(package), sql), given)

    event.listen(engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", record)


def _innermost_function(package: str) -> tuple[str, str]:
    frame = sys._getframe()
    while frame.f_back:
        frame = frame.f_back
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(package):
            return module, frame.f_code.co_qualname.partition(".<locals>")[0]
    raise LookupError(f"nothing of {package} is running")


def full_reads(conn: Connection, sql: str, parameters: Any) -> set[str]:
    """Name the tables that the statement would read from end to end."""
    if not CAN_READ.match(sql):
        return set()
    explain = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN"
    lines = [str(row[-1]) for row in conn.exec_driver_sql(f"{explain} {sql}", parameters)]
    return {name for line in lines for name in FULL_READ[conn.dialect.name].findall(line)}
