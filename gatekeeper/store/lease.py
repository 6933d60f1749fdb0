"""What a worker has taken for a while: its row's `lease_until` lies ahead."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Table, or_


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """Match the rows that nobody holds, and those whose holder's time is over."""
    until = table.c.lease_until
    return or_(until.is_(None), until <= now)
