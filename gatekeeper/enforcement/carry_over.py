"""From one history to the next: what stands against the card, and what was cured of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from gatekeeper.enforcement.grace import carry_graces, due_times
from gatekeeper.enforcement.settings import DAY, SPOKEN, Enforcement
from gatekeeper.judge.modes import mode_of
from gatekeeper.judge.policy import Mode, Policy
from gatekeeper.judge.rules import RULES
from gatekeeper.judge.verdict import Verdict, is_asked
from gatekeeper.model.cards import DealSnapshot, Semantics, Snapshot
from gatekeeper.model.exemption import Exempted
from gatekeeper.model.findings import Violation
from gatekeeper.model.history import History, Revert

ORDER = tuple(rule.id for rule in RULES)


def same_card(history: History, snapshot: Snapshot) -> History:
    """An id created later than the one we knew is another card: the portal was emptied, ids began anew."""
    if history.created_at is not None and snapshot.created_at > history.created_at:
        history = History()
    return replace(history, created_at=snapshot.created_at)


def standing_of(
    verdict: Verdict, snapshot: Snapshot, history: History, enforcement: Enforcement
) -> tuple[Violation, ...]:
    """The verdict's violations, and those of before that could not be judged now, or only in part.

    A won deal is judged once, at closing: later only what was open then can still be cured. A lost one owes
    nothing but not to have been born so, which does not change; if it is won after all, that is its closing.
    """
    unjudged = {each.rule for each in verdict.not_judged}
    kept = tuple(violation for violation in history.open if violation.rule in unjudged)
    before = {violation.rule: violation for violation in history.open}
    found = (before.get(each.rule, each) if each.partial else each for each in verdict.violations)
    standing = tuple(sorted((*found, *kept), key=lambda each: ORDER.index(each.rule)))
    if not isinstance(snapshot, DealSnapshot) or snapshot.stage is None or not snapshot.stage.is_final:
        return standing
    known = {violation.rule for violation in history.open}
    closed_unseen = snapshot.moved_at < enforcement.watching_since
    judged = history.closing_judged and snapshot.stage.semantics is Semantics.SUCCESS
    if judged or closed_unseen:
        return tuple(violation for violation in standing if violation.rule in known)
    return standing


def exempted_of(verdict: Verdict, history: History) -> tuple[Exempted, ...]:
    """The verdict's, and those of before whose rule could not be judged now."""
    unjudged = {each.rule for each in verdict.not_judged}
    return (*verdict.exempted, *(waived for waived in history.exempted if waived.rule in unjudged))


def carry_on(
    history: History,
    standing: tuple[Violation, ...],
    verdict: Verdict,
    snapshot: Snapshot,
    policy: Policy,
    now: datetime,
) -> History:
    """Tick off what was cured; what the admin silenced or exempted, or nobody asks for now, nobody cured.

    The ticks stay until something opens anew on a card that was all well.
    """
    open_rules = {violation.rule for violation in standing}
    spared = {waived.rule for waived in history.exempted}
    was_open = [
        violation.rule for violation in history.open if mode_of(policy, violation.rule, snapshot) in SPOKEN
    ]
    before = () if standing and not history.open else history.cured
    ticked = [*before, *(rule for rule in was_open if is_asked(rule, snapshot))]
    cured = tuple(rule for rule in dict.fromkeys(ticked) if rule not in open_rules | spared)
    stage = snapshot.stage if isinstance(snapshot, DealSnapshot) else None
    won = stage is not None and stage.semantics is Semantics.SUCCESS
    closed = stage is not None and stage.is_final
    return replace(
        history,
        open=standing,
        cured=cured,
        reverts=_reverts(history, snapshot, now),
        closing_judged=won or (closed and history.closing_judged),
        graces=carry_graces(history, open_rules, policy, now),
        uncured=_uncured(history, open_rules, verdict, snapshot, policy, now),
    )


def _reverts(history: History, snapshot: Snapshot, now: datetime) -> tuple[Revert, ...]:
    """Those of a day, and the last one, which is a reason to be read until somebody moves the deal on."""
    if not history.reverts:
        return ()
    *earlier, last = history.reverts
    if isinstance(snapshot, DealSnapshot) and snapshot.moved_at != last.moved_at:
        last = replace(last, over=last.over or snapshot.stage_id != last.place)
    return (*(each for each in earlier if now - each.decided_at < DAY), last)


def _uncured(
    history: History,
    open_rules: Collection[str],
    verdict: Verdict,
    snapshot: Snapshot,
    policy: Policy,
    now: datetime,
) -> tuple[str, ...]:
    """What counted and went off the card uncured, until a pass finds it cured."""
    due = due_times(history)
    counted = {
        violation.rule
        for violation in history.open
        if violation.rule not in due or due[violation.rule] <= now
    }
    may_stand = {
        *(violation.rule for violation in verdict.violations),
        *(unjudged.rule for unjudged in verdict.not_judged),
        *(waived.rule for waived in history.exempted),
    }
    gone = {rule for rule in counted - set(open_rules) if not _is_judged(rule, snapshot, policy)}
    still = {rule for rule in history.uncured if rule in may_stand or not _is_judged(rule, snapshot, policy)}
    return tuple(sorted(gone | still))


def _is_judged(rule: str, snapshot: Snapshot, policy: Policy) -> bool:
    return is_asked(rule, snapshot) and mode_of(policy, rule, snapshot) is not Mode.OFF
