"""Judge one snapshot: all rules that apply, one Verdict, no I/O and no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatekeeper.model import ContactSnapshot, DealSnapshot, EntityRef, Snapshot
from gatekeeper.policy import Mode, Policy
from gatekeeper.rules.base import Finding, NotJudged, Violation
from gatekeeper.rules.contact import CONTACT_RULES
from gatekeeper.rules.deal import DEAL_RULES, applies


class Status(StrEnum):
    """Of an open deal, exactly one (regulations, rule 2)."""

    INCORRECT = "incorrect"
    INACTIVE = "inactive"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` is None for what is no open deal, and where it could not be found out."""

    ref: EntityRef
    violations: tuple[Violation, ...]
    not_judged: tuple[NotJudged, ...]
    status: Status | None
    policy_revision: str


def judge(snapshot: Snapshot, policy: Policy, now: datetime) -> Verdict:
    """Everything the policy has against this snapshot at this moment."""
    findings = tuple(_findings(snapshot, policy, now))
    violations = tuple(each for each in findings if isinstance(each, Violation))
    not_judged = tuple(each for each in findings if isinstance(each, NotJudged))
    status = _status(snapshot, violations)
    return Verdict(snapshot.ref, violations, not_judged, status, policy.revision)


def _findings(snapshot: Snapshot, policy: Policy, now: datetime) -> Iterator[Finding]:
    if isinstance(snapshot, DealSnapshot):
        for rule in DEAL_RULES:
            if policy.rules[rule.id].mode is not Mode.OFF and applies(rule, snapshot):
                yield rule.check(snapshot, policy, now)
    elif isinstance(snapshot, ContactSnapshot):
        for contact_rule in CONTACT_RULES:
            if policy.rules[contact_rule.id].mode is not Mode.OFF:
                yield contact_rule.check(snapshot, policy, now)


def _status(snapshot: Snapshot, violations: tuple[Violation, ...]) -> Status | None:
    """A correct deal is active or inactive by its interactions, which are not read yet: None."""
    if not isinstance(snapshot, DealSnapshot) or (snapshot.stage and snapshot.stage.is_final):
        return None
    broken = {violation.rule for violation in violations}
    incorrect = any(rule.id in broken for rule in DEAL_RULES if rule.mandatory)
    return Status.INCORRECT if incorrect else None
