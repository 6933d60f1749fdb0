"""How far the sweep has come, as its row keeps it between two steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gatekeeper.model.refs import Kind
from gatekeeper.model.sources import Source
from gatekeeper.store.jobs import State
from gatekeeper.store.ledger import Hearing

SWEEP = "sweep"
"""The name of its row among the jobs."""


@dataclass(frozen=True, slots=True)
class SweepState:
    """What a round keeps between its steps.

    `watermarks`: source -> the portal's time up to which it was read. `upto` and `after` belong to the round
    under way: what the watermarks become when it is over, and how far each unfinished source has come.
    `searched` is the last id of each kind known to be there; `search_at` when the next search may begin.
    `catching_up`: this round follows an outage of our own, in which nobody listened.
    `ahead`: how far the portal's clock was ahead of the database's when the last round began. `set_back`: it
    has gone back since, so the times of changes and of looks cannot be compared in this round.
    """

    watermarks: Mapping[Source, datetime] = field(default_factory=dict)
    upto: datetime | None = None
    after: Mapping[Source, int] = field(default_factory=dict)
    searched: Mapping[Kind, int] = field(default_factory=dict)
    search_at: datetime | None = None
    hearing: Hearing | None = None
    catching_up: bool = False
    ahead: timedelta | None = None
    set_back: bool = False

    @classmethod
    def parse(cls, state: State) -> SweepState:
        hearing = state.get("hearing")
        return cls(
            watermarks={Source(key): _time(each) for key, each in state.get("watermarks", {}).items()},
            upto=_time(state["upto"]) if state.get("upto") else None,
            after={Source(key): int(each) for key, each in state.get("after", {}).items()},
            searched={Kind(key): int(each) for key, each in state.get("searched", {}).items()},
            search_at=_time(state["search_at"]) if state.get("search_at") else None,
            hearing=Hearing(_time(hearing[0]), int(hearing[1])) if hearing else None,
            catching_up=bool(state.get("catching_up")),
            ahead=timedelta(seconds=state["ahead_s"]) if state.get("ahead_s") is not None else None,
            set_back=bool(state.get("set_back")),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "watermarks": {key.value: each.isoformat() for key, each in self.watermarks.items()},
            "upto": self.upto.isoformat() if self.upto else None,
            "after": {key.value: each for key, each in self.after.items()},
            "searched": {key.value: each for key, each in self.searched.items()},
            "search_at": self.search_at.isoformat() if self.search_at else None,
            "hearing": [self.hearing.heard_at.isoformat(), self.hearing.missed] if self.hearing else None,
            "catching_up": self.catching_up,
            "ahead_s": self.ahead.total_seconds() if self.ahead is not None else None,
            "set_back": self.set_back,
        }


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
