"""From violations to figures, one violation at a time, so that a hundred thousand need not be held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Generic, TypeVar

from gatekeeper.model.refs import EntityRef
from gatekeeper.report.period import Span

HOUR = timedelta(hours=1)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reported:
    """A violation as it stood at the span's end.

    It was found at `opened_at` and counts from `counts_from` on, when its grace was over. `closed_at` is None
    while it stands; `closed_why` is a word of the journal's. `fine` is what the config said when it opened.
    """

    ref: EntityRef
    rule: str
    mode: str
    responsible_id: int
    mover_id: int | None
    opened_at: datetime
    counts_from: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_why: str | None
    fine: int
    currency: str

    def hours(self, span: Span) -> float:
        """How long it stood, from its being found to its closing or to the span's end."""
        return round(((self.closed_at or span.end) - self.opened_at) / HOUR, 1)

    @property
    def owed(self) -> int:
        """The fine, unless an exemption let the violation be afterwards."""
        return 0 if self.closed_why == "exempt" else self.fine


@dataclass(slots=True)
class Count:
    """`opened` began to count within the span, `closed` ended in it, by being `cured` or otherwise.

    `standing` are open at its end, the eldest of them for `longest` hours. `fines` are of those opened.
    """

    opened: int = 0
    closed: int = 0
    cured: int = 0
    standing: int = 0
    longest: float | None = None
    fines: Counter[str] = field(default_factory=Counter)
    _closed_after: list[float] = field(default_factory=list)

    def add(self, violation: Reported, span: Span) -> None:
        hours = violation.hours(span)
        if violation.counts_from >= span.begin:
            self.opened += 1
            if violation.owed:
                self.fines[violation.currency] += violation.owed
        if violation.closed_at is None:
            self.standing += 1
            self.longest = max(self.longest or 0, hours)
        else:
            self.closed += 1
            self.cured += violation.closed_why == "cured"
            self._closed_after.append(hours)

    @property
    def median(self) -> float | None:
        """Hours, of those closed; None where none was."""
        return round(median(self._closed_after), 1) if self._closed_after else None


class Counts(Generic[Key]):
    """Counts by rule, by manager or by department."""

    def __init__(self) -> None:
        self._counts: dict[Key, Count] = {}

    def add(self, key: Key, violation: Reported, span: Span) -> None:
        self._counts.setdefault(key, Count()).add(violation, span)

    @property
    def most_burdened(self) -> list[tuple[Key, Count]]:
        """Who has most standing first, then who has most new ones."""
        return sorted(self._counts.items(), key=lambda each: (-each[1].standing, -each[1].opened))

    def in_order(self, keys: Sequence[Key]) -> list[tuple[Key, Count]]:
        """In the order of these keys, others last."""
        places = {key: place for place, key in enumerate(keys)}
        return sorted(self._counts.items(), key=lambda each: places.get(each[0], len(places)))


class Figures:
    """All that is counted of a report's violations."""

    def __init__(self, span: Span, department_of: Callable[[int], int | None]) -> None:
        self._span = span
        self._department_of = department_of
        self.total = Count()
        self.by_rule = Counts[str]()
        self.by_manager = Counts[int]()
        self.by_department = Counts[int | None]()

    def add(self, violation: Reported) -> None:
        manager, span = violation.responsible_id, self._span
        self.total.add(violation, span)
        self.by_rule.add(violation.rule, violation, span)
        self.by_manager.add(manager, violation, span)
        self.by_department.add(self._department_of(manager), violation, span)
