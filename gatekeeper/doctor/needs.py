"""Which rules suffer from what is not there: by scope, and where the portal works without leads."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.judge.modes import holds_anywhere
from gatekeeper.judge.policy import RULE_IDS, Policy

SUFFERING: Mapping[str, tuple[str, ...]] = {
    "telephony": ("deal.inactive", "lead.interaction"),
    "imopenlines": ("deal.inactive", "lead.interaction"),
    "user": ("contact.staff_email", "contact.duplicate"),
    "department": (),
    "im": (),
}
"""Scope -> the rules that judge less without it. `crm` is not here: without it there is nothing to judge."""

FOR_PEOPLE = frozenset({"user", "department", "im"})
"""Wanted whatever the rules: by these the gatekeeper knows whom to tell, and tells them."""

BY_LEADS = (*(rule for rule in RULE_IDS if rule.startswith("lead.")), "deal.lead")


def in_force(rules: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """Those of the rules that are there and not off."""
    known = [rule for rule in rules if rule in RULE_IDS]
    return tuple(rule for rule in known if holds_anywhere(policy, rule))


def suffering(scope: str, policy: Policy) -> tuple[str, ...]:
    return in_force(SUFFERING[scope], policy)
