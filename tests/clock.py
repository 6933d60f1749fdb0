"""A clock that stands still until it is told to move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection


class Clock:
    """Stands in for the database's clock, and for sleeping."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self, _conn: Connection | None = None) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def after(self, seconds: float) -> datetime:
        return self.time + timedelta(seconds=seconds)
