"""How far a rule may go on one card: its own mode, softened by pipeline, by department and by the ceiling.

A table of modes answers for a card by the mode that it names for the responsible's nearest department, or
for the deal's pipeline; by the milder one where it names both, and by its own `mode` where it names
neither. The rule's table answers first, the ceiling's may only soften that. What is not known softens, too:
where the departments could not be read, the mildest of all modes that might hold does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gatekeeper.judge.policy import (
    RULE_IDS,
    Ceiling,
    DealOptions,
    Mode,
    Modes,
    Policy,
)
from gatekeeper.model.cards import DealSnapshot, Snapshot, Unread

ASCENDING = tuple(Mode)


def mildest(modes: Iterable[Mode]) -> Mode:
    return min(modes, key=ASCENDING.index)


def mode_of(policy: Policy, rule_id: str, snapshot: Snapshot) -> Mode:
    """The mode in force.

    >>> from gatekeeper.judge.examples import a_deal, a_policy
    >>> from gatekeeper.judge.policy import MandatoryOptions
    >>> softer = MandatoryOptions(pipelines={0: Mode.WARN}, departments={7: Mode.OBSERVE})
    >>> policy = a_policy(deal_contact=softer)
    >>> [mode_of(policy, "deal.contact", a_deal(department_ids=each)).value for each in ((), (7,))]
    ['warn', 'observe']
    """
    return mildest(possible_modes(policy, rule_id, snapshot))


def possible_modes(policy: Policy, rule_id: str, snapshot: Snapshot) -> tuple[Mode, ...]:
    """One, unless the departments are unknown and matter."""
    own = _answers(policy.rules[rule_id], snapshot)
    caps = _answers(policy.ceiling, snapshot)
    return tuple(dict.fromkeys(mildest((mode, cap)) for mode in own for cap in caps))


def holds_anywhere(policy: Policy, rule_id: str) -> bool:
    """Whether the rule is judged on any card at all, so that what it needs must be read."""
    tables = (policy.rules[rule_id], policy.ceiling)
    return all({table.mode, *_others(table)} != {Mode.OFF} for table in tables)


def departments_missing(policy: Policy, snapshot: Snapshot, *rule_ids: str) -> Unread | None:
    """Why the departments could not be read, where one of these rules (or any) hangs on them."""
    if not isinstance(snapshot.department_ids, Unread):
        return None
    asked = rule_ids or [rule for rule in RULE_IDS if rule.startswith(snapshot.ref.kind)]
    matters = any(len(possible_modes(policy, each, snapshot)) > 1 for each in asked)
    return snapshot.department_ids if matters else None


def named_pipelines(policy: Policy) -> frozenset[int]:
    """Every pipeline that a table of modes names, for comparison with those that there are."""
    return frozenset(number for table in _tables(policy) for number in _pipelines(table))


def named_departments(policy: Policy) -> frozenset[int]:
    """Every department that a table of modes names; with none of them nobody's department is read."""
    return frozenset(number for table in _tables(policy) for number in table.departments)


def _tables(policy: Policy) -> tuple[Modes, ...]:
    return (policy.ceiling, *(policy.rules[rule_id] for rule_id in RULE_IDS))


def _answers(table: Modes, snapshot: Snapshot) -> tuple[Mode, ...]:
    """What the table may say of the card, which is one mode where the departments are known."""
    in_pipeline = _pipelines(table).get(snapshot.pipeline.id) if isinstance(snapshot, DealSnapshot) else None
    if isinstance(snapshot.department_ids, Unread):
        return tuple(_milder(table, in_pipeline, each) for each in (None, *table.departments.values()))
    nearest = next(
        (department_id for department_id in snapshot.department_ids if department_id in table.departments),
        None,
    )
    return (_milder(table, in_pipeline, None if nearest is None else table.departments[nearest]),)


def _others(table: Modes) -> tuple[Mode, ...]:
    return (*table.departments.values(), *_pipelines(table).values())


def _pipelines(table: Modes) -> Mapping[int, Mode]:
    return table.pipelines if isinstance(table, Ceiling | DealOptions) else {}


def _milder(table: Modes, *named: Mode | None) -> Mode:
    return mildest([each for each in named if each is not None] or [table.mode])
