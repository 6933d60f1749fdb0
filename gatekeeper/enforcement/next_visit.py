"""When a card must be looked at although nothing happens to it: pure arithmetic, no queue and no clock.

Two kinds of moments. Some are certain: a deal is announced to fall inactive, falls inactive, outstays its
stage. The other is a suspicion: not every cure raises an event that a webhook may have (a contact bound
through the binding table, a telephony that reports late, a comment where the portal sends no comment
events), so what stands open is looked at again, soon after a change and ever more seldom as it ages.
Thousands of old violations then cost the portal's limit next to nothing, while whoever mends a card with the
warning still before his eyes waits for minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gatekeeper.enforcement.grace import grace_ends
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.verdict import Verdict
from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    LeadSnapshot,
    Semantics,
    Snapshot,
)
from gatekeeper.model.exemption import exemptions_end
from gatekeeper.model.history import History

A_TENTH = 10
OPEN_PAUSE = timedelta(minutes=2), timedelta(hours=4)
"""Shortest and longest time between two looks at a card with something open; else a tenth of its age."""
WELL_PAUSE = timedelta(days=1), timedelta(days=7)
"""The same for a card that is all well: a deleted comment whose event was lost shows itself in no list."""
JUST_AFTER = timedelta(seconds=1)
"""A limit that is reached is not yet exceeded."""


def next_look(
    verdict: Verdict,
    snapshot: Snapshot,
    history: History,
    policy: Policy,
    changed_at: datetime,
    now: datetime,
) -> datetime | None:
    """The first moment after `now` in which this card may have to be told something without any event.

    `history` is the one after this pass, `changed_at` when a pass last found anything new in the card. None:
    nothing will become of it by itself.
    """
    respite = (grace_ends(history), exemptions_end(history.exempted))
    moments = [each for each in respite if each is not None]
    moments += [*_deadlines(verdict, snapshot, policy), *_suspicion(snapshot, history, changed_at, now)]
    return min((moment for moment in moments if moment > now), default=None)


def _deadlines(verdict: Verdict, snapshot: Snapshot, policy: Policy) -> Iterator[datetime]:
    """What time alone will change."""
    if not isinstance(snapshot, DealSnapshot) or snapshot.stage is None or snapshot.stage.is_final:
        return
    if verdict.active_until is not None:
        notice = policy.rules.deal_inactive.warn_before
        if notice is not None:
            yield notice.before(verdict.active_until)
        yield verdict.active_until + JUST_AFTER
    max_days = policy.rules.deal_stage.max_days.get(snapshot.stage.id)
    if max_days is not None:
        yield snapshot.moved_at + timedelta(days=max_days) + JUST_AFTER


def _suspicion(
    snapshot: Snapshot, history: History, changed_at: datetime, now: datetime
) -> Iterator[datetime]:
    if history.open:
        yield now + _pause(now - changed_at, OPEN_PAUSE)
    elif _is_watched(snapshot):
        yield now + _pause(now - changed_at, WELL_PAUSE)


def _pause(age: timedelta, span: tuple[timedelta, timedelta]) -> timedelta:
    shortest, longest = span
    return min(max(age / A_TENTH, shortest), longest)


def _is_watched(snapshot: Snapshot) -> bool:
    """Whether something could still come to stand against a card that is all well now."""
    match snapshot:
        case DealSnapshot():
            return snapshot.stage is None or not snapshot.stage.is_final
        case LeadSnapshot():
            return snapshot.semantics is Semantics.SUCCESS
        case ContactSnapshot():
            return True
