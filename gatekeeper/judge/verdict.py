"""Judge one snapshot: all rules that apply, one Verdict, no I/O and no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from gatekeeper.judge.modes import departments_missing, mode_of
from gatekeeper.judge.policy import Mode, Policy
from gatekeeper.judge.rules.activity import announce_inactive, is_active
from gatekeeper.judge.rules.base import ContactRule, DealRule, LeadRule, Rule
from gatekeeper.judge.rules.contact import CONTACT_RULES
from gatekeeper.judge.rules.deal import DEAL_RULES, applies
from gatekeeper.judge.rules.lead import LEAD_RULES
from gatekeeper.model.cards import ContactSnapshot, DealSnapshot, LeadSnapshot, Semantics, Snapshot
from gatekeeper.model.exemption import Exempted, Exemption, exempt
from gatekeeper.model.findings import Finding, NotJudged, Outlook, Violation
from gatekeeper.model.refs import EntityRef


class Status(StrEnum):
    """Of an open deal, exactly one (regulations, rule 2)."""

    INCORRECT = "incorrect"
    INACTIVE = "inactive"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` is None for what is no open deal, and where it could not be found out.

    `active_until` is the last moment in which an open deal does not break `deal.inactive`, None where that is
    not known or not asked; `outlook` is what of it is to be said beforehand. `exempted` is what exemptions
    take off the card: no violation, and the status knows nothing of it.
    """

    ref: EntityRef
    violations: tuple[Violation, ...]
    not_judged: tuple[NotJudged, ...]
    status: Status | None
    policy_revision: str
    active_until: datetime | None = None
    outlook: Outlook = None
    exempted: tuple[Exempted, ...] = ()


def judge(snapshot: Snapshot, policy: Policy, now: datetime, granted: Sequence[Exemption] = ()) -> Verdict:
    """Everything the policy has against this snapshot at this moment.

    `granted` are the exemptions beside those of the policy.
    """
    findings = tuple(_findings(_rules_of(snapshot), snapshot, policy, now))
    found = [finding for finding in findings if isinstance(finding, Violation)]
    exemptions = (*policy.exemptions, *granted)
    violations, exempted = _spared(found, snapshot, exemptions, now)
    not_judged = tuple(finding for finding in findings if isinstance(finding, NotJudged))
    status = _status(snapshot, violations, not_judged, policy, now)
    until, outlook = _foretold(snapshot, policy, now)
    if any(
        exemption.part is None and exemption.covers("deal.inactive", snapshot, now)
        for exemption in exemptions
    ):
        outlook = None
    return Verdict(snapshot.ref, violations, not_judged, status, policy.revision, until, outlook, exempted)


def is_asked(rule_id: str, snapshot: Snapshot) -> bool:
    """Whether a card in this state owes what the rule asks for, whatever its mode."""
    return any(each.id == rule_id and _owes(snapshot, each) for each in _rules_of(snapshot))


def _rules_of(snapshot: Snapshot) -> Sequence[Rule]:
    match snapshot:
        case DealSnapshot():
            return DEAL_RULES
        case LeadSnapshot():
            return LEAD_RULES
        case ContactSnapshot():
            return CONTACT_RULES
        case _:
            assert_never(snapshot)


def _findings(rules: Sequence[Rule], snapshot: Snapshot, policy: Policy, now: datetime) -> Iterator[Finding]:
    for rule in rules:
        if not _owes(snapshot, rule):
            continue
        if mode_of(policy, rule.id, snapshot) is not Mode.OFF:
            yield _checked(rule, snapshot, policy, now)
        elif why := departments_missing(policy, snapshot, rule.id):
            yield NotJudged(rule.id, (why,))


def _owes(snapshot: Snapshot, rule: Rule) -> bool:
    if isinstance(snapshot, DealSnapshot) and isinstance(rule, DealRule):
        return applies(rule, snapshot)
    return is_judged(snapshot) if isinstance(snapshot, LeadSnapshot) else True


def _checked(rule: Rule, snapshot: Snapshot, policy: Policy, now: datetime) -> Finding:
    match rule, snapshot:
        case DealRule(), DealSnapshot():
            return rule.check(snapshot, policy, now)
        case LeadRule(), LeadSnapshot():
            return rule.check(snapshot, policy, now)
        case ContactRule(), ContactSnapshot():
            return rule.check(snapshot, policy, now)
        case _:
            raise TypeError(f"{rule.id} is no rule for {snapshot.ref}")


def _spared(
    found: Sequence[Violation], snapshot: Snapshot, exemptions: Sequence[Exemption], now: datetime
) -> tuple[tuple[Violation, ...], tuple[Exempted, ...]]:
    """What is left of the violations, and what exemptions take off."""
    left: list[Violation] = []
    taken: list[Exempted] = []
    for each in found:
        exempted, facts = exempt(each.rule, each.facts, snapshot, exemptions, now)
        taken += exempted
        if facts is not None:
            left.append(replace(each, facts=facts))
    return tuple(left), tuple(taken)


def _foretold(snapshot: Snapshot, policy: Policy, now: datetime) -> tuple[datetime | None, Outlook]:
    off = mode_of(policy, "deal.inactive", snapshot) is Mode.OFF
    if off or not isinstance(snapshot, DealSnapshot) or (snapshot.stage and snapshot.stage.is_final):
        return None, None
    return announce_inactive(snapshot, policy, now)


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
    if any(violation.rule in mandatory for violation in violations):
        return Status.INCORRECT
    if any(unjudged.rule in mandatory for unjudged in not_judged):
        return None
    active = is_active(snapshot, policy, now)
    return None if active is None else Status.ACTIVE if active else Status.INACTIVE
