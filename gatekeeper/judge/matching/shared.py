"""Phones and addresses that stand in the cards of many people, and so say nothing of any one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from gatekeeper.judge.matching.likeness import may_be_one_person
from gatekeeper.judge.matching.names import FullName
from gatekeeper.judge.matching.person import Person

DEFAULT_SHARED_BY = 3


def shared_values(people: Iterable[Person], shared_by: int = DEFAULT_SHARED_BY) -> frozenset[str]:
    """Find the phones and addresses that stand in cards of at least so many different names."""
    owners: defaultdict[str, list[FullName]] = defaultdict(list)
    for person in people:
        for value in person.phones | person.emails:
            owners[value].append(person.name)
    return frozenset(value for value, names in owners.items() if are_different(names, shared_by))


def without_shared(person: Person, shared: AbstractSet[str]) -> Person:
    """Take such values out, so that they do not count as agreement."""
    if shared.isdisjoint(person.phones) and shared.isdisjoint(person.emails):
        return person
    return replace(person, phones=person.phones - shared, emails=person.emails - shared)


def are_different(names: Iterable[FullName], at_least: int) -> bool:
    """Whether there are so many different people among the names; cards of one person count once.

    A card without a name is nobody's, and one with half a name whoever's it may be.
    """
    told = sorted((name for name in names if name.word_keys), key=lambda name: -len(name.cores[0]))
    if len(told) < at_least:
        return False
    people: list[FullName] = []
    for name in told:
        if not any(may_be_one_person(name, other) for other in people):
            people.append(name)
        if len(people) >= at_least:
            return True
    return False
