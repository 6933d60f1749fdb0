"""All rules, in the order in which a card lists them."""

from __future__ import annotations

from gatekeeper.rules.base import Rule
from gatekeeper.rules.contact import CONTACT_RULES
from gatekeeper.rules.deal import DEAL_RULES
from gatekeeper.rules.lead import LEAD_RULES

RULES: tuple[Rule, ...] = (*DEAL_RULES, *LEAD_RULES, *CONTACT_RULES)
