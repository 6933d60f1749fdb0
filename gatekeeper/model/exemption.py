"""Exemptions: what is a violation by the rules, and is let be by somebody who says why.

An exemption covers what meets every condition that it has. What it covers is still found, so that it can be
listed, but is neither said nor enforced nor counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from gatekeeper.model.cards import DealSnapshot, Snapshot
from gatekeeper.model.refs import EntityRef

Facts = Mapping[str, Any]
CONDITIONS = ("entity", "rule", "pipeline", "source", "user")
FROM_CONFIG = "config:"


@dataclass(frozen=True, slots=True)
class Exemption:
    """None is no condition.

    `part` narrows the rule to one of the parts or problems that its facts name, as in "second_name" of
    contact.name. `source` is the card's sourceId, `user` its responsible or who moved it last. `until` is the
    last day on which it holds, by the portal's clock; None is for good.
    """

    id: str
    reason: str
    author: str
    entity: EntityRef | None = None
    rule: str | None = None
    part: str | None = None
    pipeline: int | None = None
    source: str | None = None
    user: int | None = None
    until: date | None = None

    def covers(self, rule: str, snapshot: Snapshot, now: datetime) -> bool:
        """Whether it holds for violations of this rule on this card, as far as `part` allows."""
        return (
            self.rule in {None, rule}
            and self.entity in {None, snapshot.ref}
            and self.source in {None, snapshot.source_id}
            and (self.pipeline is None or self.pipeline == _pipeline_id(snapshot))
            and (self.user is None or self.user in _users(snapshot))
            and not self.is_over(snapshot, now)
        )

    def ends_at(self, snapshot: Snapshot) -> datetime | None:
        """The first moment in which it holds no more for this card."""
        if self.until is None:
            return None
        return datetime.combine(self.until + timedelta(days=1), time.min, snapshot.created_at.tzinfo)

    def is_over(self, snapshot: Snapshot, now: datetime) -> bool:
        ends_at = self.ends_at(snapshot)
        return ends_at is not None and now >= ends_at

    def divide(self, facts: Facts) -> tuple[Facts | None, Facts | None]:
        """What it takes of a violation's facts and what it leaves; None where that is nothing.

        >>> patronymic = Exemption("1", "иностранец", "Анна", rule="contact.name", part="second_name")
        >>> empty = {"part": "second_name", "problem": "empty"}
        >>> patronymic.divide({"problems": [empty]})
        ({'problems': [{'part': 'second_name', 'problem': 'empty'}]}, None)
        >>> patronymic.divide({"problems": [empty, {"part": "name", "problem": "empty"}]})[1]
        {'problems': [{'part': 'name', 'problem': 'empty'}]}
        """
        if self.part is None or facts.get("problem") == self.part:
            return facts, None
        problems = facts.get("problems", [])
        taken = [problem for problem in problems if self.part in _names(problem)]
        rest = [problem for problem in problems if problem not in taken]
        if not taken:
            return None, facts
        return {**facts, "problems": taken}, {**facts, "problems": rest} if rest else None


@dataclass(frozen=True, slots=True)
class Exempted:
    """A violation, or some of its facts, that an exemption takes off a card; until `ends_at`, if ever."""

    rule: str
    facts: Facts
    exemption: Exemption
    ends_at: datetime | None


def exempt(
    rule: str, facts: Facts, snapshot: Snapshot, exemptions: Iterable[Exemption], now: datetime
) -> tuple[tuple[Exempted, ...], Facts | None]:
    """What these exemptions take off the violation, and the facts that are left of it, if any."""
    taken: list[Exempted] = []
    left: Facts | None = facts
    for exemption in exemptions:
        if left is None or not exemption.covers(rule, snapshot, now):
            continue
        part, left = exemption.divide(left)
        if part is not None:
            taken.append(Exempted(rule, part, exemption, exemption.ends_at(snapshot)))
    return tuple(taken), left


def exemptions_end(exempted: Iterable[Exempted]) -> datetime | None:
    """When the first of them ends, so that the card must be looked at; None where none does."""
    return min((waived.ends_at for waived in exempted if waived.ends_at is not None), default=None)


def exemption_as_json(exemption: Exemption) -> dict[str, Any]:
    """Conditions that it has not are None; `parse_exemption` reads it back."""
    plain = asdict(exemption)
    plain["entity"] = str(exemption.entity) if exemption.entity else None
    plain["until"] = exemption.until.isoformat() if exemption.until else None
    return plain


def parse_exemption(plain: Mapping[str, Any]) -> Exemption:
    entity = EntityRef.parse(plain["entity"]) if plain["entity"] else None
    until = date.fromisoformat(plain["until"]) if plain["until"] else None
    return Exemption(**{**plain, "entity": entity, "until": until})


def _pipeline_id(snapshot: Snapshot) -> int | None:
    return snapshot.pipeline.id if isinstance(snapshot, DealSnapshot) else None


def _users(snapshot: Snapshot) -> set[int]:
    mover = {snapshot.moved_by} if isinstance(snapshot, DealSnapshot) else set()
    return {snapshot.responsible_id} | mover


def _names(problem: str | Mapping[str, Any]) -> set[Any]:
    return {problem} if isinstance(problem, str) else {problem.get("part"), problem.get("problem")}
