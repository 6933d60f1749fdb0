"""Judge one snapshot: all rules that apply, one Verdict, no I/O and no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatekeeper.model import ContactSnapshot, DealSnapshot, EntityRef, LeadSnapshot, Semantics, Snapshot
from gatekeeper.policy import Mode, Policy
from gatekeeper.rules.activity import foretell_inactive, is_active
from gatekeeper.rules.base import Finding, NotJudged, Outlook, Violation
from gatekeeper.rules.contact import CONTACT_RULES
from gatekeeper.rules.deal import DEAL_RULES, applies
from gatekeeper.rules.lead import LEAD_RULES


class Status(StrEnum):
    """Of an open deal, exactly one (regulations, rule 2)."""

    INCORRECT = "incorrect"
    INACTIVE = "inactive"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` is None for what is no open deal, and where it could not be found out.

    `active_until` is the last moment in which an open deal does not break `deal.inactive`, None where that is
    not known or not asked; `outlook` is what of it is to be said beforehand.
    """

    ref: EntityRef
    violations: tuple[Violation, ...]
    not_judged: tuple[NotJudged, ...]
    status: Status | None
    policy_revision: str
    active_until: datetime | None = None
    outlook: Outlook = None


def judge(snapshot: Snapshot, policy: Policy, now: datetime) -> Verdict:
    """Everything the policy has against this snapshot at this moment."""
    findings = tuple(_findings(snapshot, policy, now))
    violations = tuple(each for each in findings if isinstance(each, Violation))
    not_judged = tuple(each for each in findings if isinstance(each, NotJudged))
    status = _status(snapshot, violations, not_judged, policy, now)
    until, outlook = _foretold(snapshot, policy, now)
    return Verdict(snapshot.ref, violations, not_judged, status, policy.revision, until, outlook)


def _findings(snapshot: Snapshot, policy: Policy, now: datetime) -> Iterator[Finding]:
    if isinstance(snapshot, DealSnapshot):
        for rule in DEAL_RULES:
            if policy.rules[rule.id].mode is not Mode.OFF and applies(rule, snapshot):
                yield rule.check(snapshot, policy, now)
    elif isinstance(snapshot, LeadSnapshot):
        for lead_rule in LEAD_RULES if is_judged(snapshot) else ():
            if policy.rules[lead_rule.id].mode is not Mode.OFF:
                yield lead_rule.check(snapshot, policy, now)
    elif isinstance(snapshot, ContactSnapshot):
        for contact_rule in CONTACT_RULES:
            if policy.rules[contact_rule.id].mode is not Mode.OFF:
                yield contact_rule.check(snapshot, policy, now)


def _foretold(snapshot: Snapshot, policy: Policy, now: datetime) -> tuple[datetime | None, Outlook]:
    off = policy.rules.deal_inactive.mode is Mode.OFF
    if off or not isinstance(snapshot, DealSnapshot) or (snapshot.stage and snapshot.stage.is_final):
        return None, None
    return foretell_inactive(snapshot, policy, now)


def is_judged(lead: LeadSnapshot) -> bool:
    """Only a converted lead owes anything: a refusal needs none, and an open one is still being worked on."""
    return lead.leads_in_use and lead.semantics is Semantics.SUCCESS


def _status(
    snapshot: Snapshot,
    violations: tuple[Violation, ...],
    not_judged: tuple[NotJudged, ...],
    policy: Policy,
    now: datetime,
) -> Status | None:
    if not isinstance(snapshot, DealSnapshot) or (snapshot.stage and snapshot.stage.is_final):
        return None
    mandatory = {rule.id for rule in DEAL_RULES if rule.mandatory}
    if any(each.rule in mandatory for each in violations):
        return Status.INCORRECT
    if any(each.rule in mandatory for each in not_judged):
        return None
    active = is_active(snapshot, policy, now)
    return None if active is None else Status.ACTIVE if active else Status.INACTIVE
