"""What is left of a card when personal data may not be kept (`journal.mask_personal_data`).

Masked parts become unread ones, so that the rules which need them do not judge instead of judging blanks.
Of a contact nothing is left to judge, so its snapshot is not kept at all. In facts and actions every text is
masked but what is known to be no personal data: a fact that is new tomorrow is masked until somebody says it
need not be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, assert_never

from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    LeadSnapshot,
    Snapshot,
    Unread,
    Why,
)

MASK = "***"
MASKED = Unread(Why.MASKED)

# Words of our own, the portal's dictionaries, dates of events, sums.
_KEPT = frozenset(
    {
        *("problem", "problems", "reasons", "part", "field", "window", "stage", "pipeline", "values"),
        *("fields", "near", "groups"),
        *("since", "interaction", "comment", "sum", "rows"),
        *("ref", "from_stage_id", "to_stage_id", "moved_at"),
    }
)

_TELLING = frozenset({"age"})
"""Numbers that say something of a person: an age is a year of birth. Every other is a sum, a count, an id."""


def mask_snapshot(snapshot: Snapshot) -> Snapshot | None:
    """Give what may be kept, None for nothing."""
    match snapshot:
        case ContactSnapshot():
            return None
        case DealSnapshot() | LeadSnapshot():
            return replace(snapshot, title="", comments_field="", comments=MASKED)
        case _:
            assert_never(snapshot)


def mask_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Mask the facts of a violation, or the body of an action.

    >>> mask_facts({"problems": [{"part": "name", "problem": "digits", "value": "Иван 2"}], "age": 7})
    {'problems': [{'part': 'name', 'problem': 'digits', 'value': '***'}], 'age': 0}
    """
    return {
        name: 0 if name in _TELLING else _masked(value, kept=name in _KEPT) for name, value in facts.items()
    }


def _masked(value: Any, *, kept: bool) -> Any:
    match value:
        case str():
            return value if kept else MASK
        case list() | tuple():
            return [_masked(each, kept=kept) for each in value]
        case Mapping():
            return mask_facts(value)
        case _:
            return value
