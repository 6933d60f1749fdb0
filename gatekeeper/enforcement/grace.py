"""Grace: a violation is told at once, with the time until which nothing follows from it.

A manager creates a deal and then writes the comment; who is warned of what he is about to do anyway stops
reading. So a rule may grant a while, which begins when its violation is first seen. Until it ends nothing is
moved back, and the violation does not count.

The time that was promised holds, whatever becomes of the policy meanwhile: the manager has read it. A
violation that comes back within a day after it was cured goes on with its old time, or deleting the comment
and writing it anew would buy respite for ever. One that already counted when its rule began to grant grace
goes on counting, and so does one that counted, went off the card uncured and comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from gatekeeper.judge.policy import Policy
from gatekeeper.model.history import Grace, History

RELAPSE = timedelta(days=1)


def carry_graces(
    history: History, standing: Iterable[str], policy: Policy, now: datetime
) -> tuple[Grace, ...]:
    """The graces of a card with this past, on which these rules are violated now."""
    kept = {grace.rule: _ended(grace, now) for grace in history.graces}
    was_open = {violation.rule for violation in history.open}
    violated = set(standing)
    for rule in violated - was_open:
        known, period = kept.pop(rule, None), policy.rules[rule].grace
        if known is not None and known.cured_at is not None and now - known.cured_at < RELAPSE:
            kept[rule] = _ended(replace(known, cured_at=None), now)
        elif period is not None and rule not in history.uncured:
            kept[rule] = Grace(rule, now, period.after(now))
    for rule in kept.keys() - violated:
        kept[rule] = replace(kept[rule], cured_at=kept[rule].cured_at or now)
    return tuple(kept[rule] for rule in sorted(kept))


def _ended(grace: Grace, now: datetime) -> Grace:
    return replace(grace, over=grace.over or (grace.cured_at is None and now >= grace.due_at))


def graces_running(history: History) -> Mapping[str, Grace]:
    """Rule -> the grace that its open violation still has."""
    violated = {violation.rule for violation in history.open}
    return {grace.rule: grace for grace in history.graces if grace.rule in violated and not grace.over}


def due_times(history: History) -> Mapping[str, datetime]:
    """Rule -> since when its open violation counts, or will; rules that granted no grace are left out."""
    return {grace.rule: grace.due_at for grace in history.graces if grace.cured_at is None}


def grace_ends(history: History) -> datetime | None:
    """When the first of them ends, so that the card must be looked at; None where none runs."""
    return min((each.due_at for each in graces_running(history).values()), default=None)
