"""All rules, in the order in which a card lists them."""

from __future__ import annotations

from gatekeeper.judge.rules.base import Rule
from gatekeeper.judge.rules.contact import CONTACT_RULES
from gatekeeper.judge.rules.deal import DEAL_RULES
from gatekeeper.judge.rules.lead import LEAD_RULES

RULES: tuple[Rule, ...] = (*DEAL_RULES, *LEAD_RULES, *CONTACT_RULES)
