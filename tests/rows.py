"""Rows of the journal, put in without a pass that would have written them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert

from gatekeeper.store.journal.tables import decision_table, violation_table


def add_violation(engine: Engine, number: int, **values: Any) -> None:
    """Of deal `number`; who is responsible and when it opened are the caller's to say."""
    row = {
        "id": f"v{number}",
        "kind": "deal",
        "entity_id": number,
        "rule": "deal.lead",
        "mode": "warn",
        "facts": {},
        "position": 0,
        **values,
    }
    with engine.begin() as conn:
        conn.execute(insert(violation_table).values(row))


def add_decision(engine: Engine, number: int, at: datetime, **values: Any) -> str:
    """Of deal `number`; its id."""
    row = {
        "id": f"d{number}",
        "kind": "deal",
        "entity_id": number,
        "decided_at": at,
        "policy_revision": "a" * 12,
        "violations": [],
        "not_judged": [],
        **values,
    }
    with engine.begin() as conn:
        conn.execute(insert(decision_table).values(row))
    return f"d{number}"
