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

BY_LEADS = (*(each for each in RULE_IDS if each.startswith("lead.")), "deal.lead")


def in_force(rules: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """Those of the rules that are there and not off."""
    known = [each for each in rules if each in RULE_IDS]
    return tuple(each for each in known if holds_anywhere(policy, each))


def suffering(scope: str, policy: Policy) -> tuple[str, ...]:
    return in_force(SUFFERING[scope], policy)
