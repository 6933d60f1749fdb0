"""What a rule is: an id, the kind of card it looks at, and a pure function.

A rule knows no other rule, no I/O and no clock. It answers with at most one Violation, since a card shows one
entry a rule; several things wrong under one rule are a list among its facts. A rule whose material could not
be read answers NotJudged, which neither opens nor closes a violation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import ContactSnapshot, DealSnapshot, LeadSnapshot
from gatekeeper.model.findings import Finding


@dataclass(frozen=True, slots=True)
class DealRule:
    """`mandatory` rules together make a deal correct (regulations, rule 2)."""

    id: str
    check: Callable[[DealSnapshot, Policy, datetime], Finding]
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class ContactRule:
    id: str
    check: Callable[[ContactSnapshot, Policy, datetime], Finding]


@dataclass(frozen=True, slots=True)
class LeadRule:
    """Judged on a converted lead only."""

    id: str
    check: Callable[[LeadSnapshot, Policy, datetime], Finding]


Rule = DealRule | ContactRule | LeadRule
