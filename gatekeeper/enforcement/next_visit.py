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
from dataclasses import dataclass
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
from gatekeeper.model.rhythm import Rhythm

JUST_AFTER = timedelta(seconds=1)
"""A limit that is reached is not yet exceeded."""


@dataclass(frozen=True, slots=True)
class NextLook:
    """`deadline`: when time alone will change something. `rhythm`: at what pauses to look in between.

    Without either nothing will become of the card by itself.
    """

    deadline: datetime | None
    rhythm: Rhythm | None

    def at(self, changed_at: datetime, now: datetime) -> datetime | None:
        """The first moment after `now` in which to look; `changed_at`: when anything new was last found."""
        moments = [self.deadline] if self.deadline and self.deadline > now else []
        if self.rhythm:
            moments.append(self.rhythm.next_look(changed_at, now))
        return min(moments, default=None)


def next_look(
    verdict: Verdict, snapshot: Snapshot, history: History, policy: Policy, now: datetime
) -> NextLook:
    """When this card may have to be told something without any event.

    `history` is the one after this pass.
    """
    respite = (grace_ends(history), exemptions_end(history.exempted))
    moments = [each for each in respite if each is not None]
    moments += _deadlines(verdict, snapshot, policy)
    return NextLook(
        min((moment for moment in moments if moment > now), default=None), _rhythm(snapshot, history)
    )


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


def _rhythm(snapshot: Snapshot, history: History) -> Rhythm | None:
    if history.open:
        return Rhythm.OPEN
    return Rhythm.WELL if _is_watched(snapshot) else None


def _is_watched(snapshot: Snapshot) -> bool:
    """Whether something could still come to stand against a card that is all well now."""
    match snapshot:
        case DealSnapshot():
            return snapshot.stage is None or not snapshot.stage.is_final
        case LeadSnapshot():
            return snapshot.semantics is Semantics.SUCCESS
        case ContactSnapshot():
            return True
