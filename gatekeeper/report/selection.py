"""What a report is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatekeeper.report.period import Period, Span


@dataclass(frozen=True, slots=True)
class Selection:
    """`people` are the managers whose cards are told of, None for everybody's; `rules` likewise.

    `managers` and `departments` are what was asked for, and say how `people` came about. With `observed` what
    nobody was told of is listed, too, apart from the figures.
    """

    period: Period
    span: Span
    made_at: datetime
    rules: tuple[str, ...] | None = None
    people: frozenset[int] | None = None
    managers: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()
    observed: bool = False

    def wants(self, user_id: int | None) -> bool:
        return self.people is None or user_id in self.people
