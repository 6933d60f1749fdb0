"""The whole portal judged once, card by card, through the same engine as a live event; it writes nothing.

An audit of a hundred thousand cards takes hours within the limiter's reserve, so it is kept after every page
of 50 and goes on where it was. What it finds is counted as the gatekeeper holds it against a card: a deal
that was closed before anybody watched is not accused after the fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.changes import CARDS, ChangeReader
from gatekeeper.portal.transport.answers import FATAL
from gatekeeper.store.jobs import Jobs, State
from gatekeeper.worker.wave.reconcile import Reconciler

NAME = "audit"


@dataclass(frozen=True, slots=True)
class AuditState:
    """`kind` and `after`: where the walk stands, `kind` None at its end. The rest are counts so far.

    `unread` are cards that could not be read; `amiss` those to which something is yet to be written.
    """

    kind: Kind | None = CARDS[0]
    after: int = 0
    totals: Mapping[str, int] = field(default_factory=dict)
    cards: Mapping[str, int] = field(default_factory=dict)
    violations: Mapping[str, int] = field(default_factory=dict)
    not_judged: Mapping[str, int] = field(default_factory=dict)
    unread: int = 0
    amiss: int = 0

    @classmethod
    def parse(cls, state: State) -> AuditState:
        kind = state.get("kind", CARDS[0].value)
        return cls(**{**state, "kind": Kind(kind) if kind else None})

    def as_json(self) -> dict[str, Any]:
        counts = ("totals", "cards", "violations", "not_judged")
        return {
            "kind": self.kind.value if self.kind else None,
            "after": self.after,
            **{name: dict(sorted(getattr(self, name).items())) for name in counts},
            "unread": self.unread,
            "amiss": self.amiss,
        }


class AuditUnderWay(Exception):  # noqa: N818 - no error: somebody else is at it
    """Another process holds this audit."""


@dataclass(frozen=True, slots=True)
class Audit:
    """The parts. `mark_dirty` is None where the audit only looks."""

    reader: ChangeReader
    reconciler: Reconciler
    jobs: Jobs
    mark_dirty: Callable[[Iterable[EntityRef]], None] | None
    owner: str

    def begin(self, *, anew: bool) -> AuditState:
        """Where to go on from; AuditUnderWay where another process is at it. Raises PortalError."""
        if anew:
            self.jobs.forget(NAME)
        kept = self.jobs.take(NAME, self.owner)
        if kept is None:
            raise AuditUnderWay
        state = AuditState.parse(kept)
        if state.kind is None or not state.totals:
            counts = self.reader.counts(priority=Priority.AUDIT)
            state = AuditState(totals={kind.value: count for kind, count in counts.items()})
            self.jobs.keep(NAME, self.owner, state.as_json())
        return state

    def step(self, state: AuditState) -> AuditState:
        """The next page of 50, or the next kind. Raises PortalError: begin again later, nothing is lost."""
        if state.kind is None:
            return state
        ids = self.reader.ids_after(state.kind, state.after, priority=Priority.AUDIT)
        state = self._judge(state, state.kind, ids) if ids else _onward(state)
        if state.kind is None:
            self.jobs.finish(NAME, self.owner, state.as_json(), timedelta(0))
        else:
            self.jobs.keep(NAME, self.owner, state.as_json())
        return state

    def _judge(self, state: AuditState, kind: Kind, ids: tuple[int, ...]) -> AuditState:
        found = self.reconciler.foresee([EntityRef(kind, number) for number in ids], Priority.AUDIT)
        for foreseen in found.values():
            if isinstance(foreseen, FATAL):
                raise foreseen
        judged = {ref: each for ref, each in found.items() if not isinstance(each, PortalError)}
        amiss = [ref for ref, foreseen in judged.items() if foreseen.planned.actions]
        if self.mark_dirty is not None:
            self.mark_dirty(amiss)
        held = Counter(
            violation.rule for foreseen in judged.values() for violation in foreseen.planned.history.open
        )
        unknown = Counter(
            unjudged.rule for foreseen in judged.values() for unjudged in foreseen.verdict.not_judged
        )
        gone = sum(isinstance(each, NotFound) for each in found.values())
        return replace(
            state,
            after=ids[-1],
            cards=Counter(state.cards) + Counter({kind.value: len(judged)}),
            violations=Counter(state.violations) + held,
            not_judged=Counter(state.not_judged) + unknown,
            unread=state.unread + len(found) - len(judged) - gone,
            amiss=state.amiss + len(amiss),
        )


def _onward(state: AuditState) -> AuditState:
    """The next kind, or the end."""
    rest = CARDS[CARDS.index(state.kind) + 1 :] if state.kind else ()
    return replace(state, kind=rest[0] if rest else None, after=0)
