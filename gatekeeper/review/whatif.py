"""What a changed config would do to the cards as they were read last: planned twice, nothing written.

Both sides are planned for the same moment, on the same snapshots and histories, so that whatever differs
comes of the config alone. Neither is a dry run here: the question is what would happen once the gate acts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gatekeeper.enforcement import MoveStage, Plan
from gatekeeper.enforcement.side import Side
from gatekeeper.judge.modes import named_departments
from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import Snapshot, Unread, Why
from gatekeeper.model.history import History
from gatekeeper.model.refs import EntityRef
from gatekeeper.store.journal.snapshots import KeptSnapshot

NOT_READ = Unread(Why.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Change:
    """Of one card: rules newly told of, no longer told of, newly recorded only; where it would go back to.

    `held` is a deal that stays where it is, since it was admitted there, and would come back from further on.
    """

    ref: EntityRef
    flagged: tuple[str, ...]
    released: tuple[str, ...]
    recorded: tuple[str, ...]
    moved_to: str | None
    held: bool

    def __bool__(self) -> bool:
        return bool(self.flagged or self.released or self.recorded or self.moved_to or self.held)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`unjudged`: why -> cards that could not be judged at all; `rules_unjudged`: rule -> cards that lack it.

    `oldest` and `newest` are when the snapshots were read.
    """

    judged: int
    unjudged: Mapping[str, int]
    rules_unjudged: Mapping[str, int]
    changes: tuple[Change, ...]
    oldest: datetime | None
    newest: datetime | None

    @property
    def flagged(self) -> int:
        return sum(bool(change.flagged) for change in self.changes)

    @property
    def released(self) -> int:
        return sum(bool(change.released) for change in self.changes)

    @property
    def recorded(self) -> int:
        return sum(bool(change.recorded) for change in self.changes)

    @property
    def moved_back(self) -> int:
        return sum(bool(change.moved_to) for change in self.changes)

    @property
    def held(self) -> int:
        return sum(change.held for change in self.changes)

    @property
    def by_rule(self) -> Mapping[str, tuple[int, int, int]]:
        """Rule -> cards that it would newly flag, release and record."""
        flagged = Counter(rule for change in self.changes for rule in change.flagged)
        released = Counter(rule for change in self.changes for rule in change.released)
        recorded = Counter(rule for change in self.changes for rule in change.recorded)
        rules = sorted(flagged | released | recorded)
        return {rule: (flagged[rule], released[rule], recorded[rule]) for rule in rules}


def compare(
    kept: Iterable[tuple[KeptSnapshot, History]], before: Side, after: Side, now: datetime
) -> Comparison:
    """Plan every card under both; neither side may be a dry run."""
    judged, unjudged, rules_unjudged = 0, Counter[str](), Counter[str]()
    changes: list[Change] = []
    oldest: datetime | None = None
    newest: datetime | None = None
    for each, history in kept:
        if isinstance(each.snapshot, str):
            unjudged[each.snapshot] += 1
            continue
        judged += 1
        oldest, newest = min(oldest or each.read_at, each.read_at), max(newest or each.read_at, each.read_at)
        card = _as_far_as_read(each.snapshot, before.policy, after.policy)
        _, was = before.judge_and_plan(card, history, now)
        verdict, will_be = after.judge_and_plan(card, history, now)
        rules_unjudged.update(unread.rule for unread in verdict.not_judged)
        change = _change(card, (before, was), (after, will_be))
        if change:
            changes.append(change)
    return Comparison(judged, unjudged, rules_unjudged, tuple(changes), oldest, newest)


def _as_far_as_read(card: Snapshot, before: Policy, after: Policy) -> Snapshot:
    """Where only the new policy names departments, nobody has read whose card this is."""
    if named_departments(after) and not named_departments(before):
        return replace(card, department_ids=NOT_READ)
    return card


def _change(card: Snapshot, then: tuple[Side, Plan], now: tuple[Side, Plan]) -> Change:
    (before, was), (after, will_be) = then, now
    told, will_tell = before.spoken(card, was), after.spoken(card, will_be)
    known = {*told, *before.recorded(card, was)}
    moves = next((action.to_stage_id for action in will_be.actions if isinstance(action, MoveStage)), None)
    moved = any(isinstance(action, MoveStage) for action in was.actions)
    return Change(
        card.ref,
        flagged=tuple(rule for rule in will_tell if rule not in told),
        released=tuple(rule for rule in told if rule not in will_tell),
        recorded=tuple(rule for rule in after.recorded(card, will_be) if rule not in known),
        moved_to=None if moved else moves,
        held=after.blocks(card, will_be) and not before.blocks(card, was) and moves is None,
    )
