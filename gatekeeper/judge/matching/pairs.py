"""Every pair of duplicates among many contacts.

Who matches has at least one field in common exactly. So people are put into blocks by the values they share,
and only those in one block are compared; a block that grew large is split by what a second field must have
in common, were it mistyped, so that a date everybody was given does not cost the square of everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from gatekeeper.judge.matching import dates, digits, names
from gatekeeper.judge.matching.match import (
    DEFAULT_OPTIONS,
    Field,
    Match,
    MatchOptions,
    match,
)
from gatekeeper.judge.matching.person import Person
from gatekeeper.judge.matching.shared import DEFAULT_SHARED_BY, shared_values, without_shared

LARGE_BLOCK = 50


@dataclass(frozen=True, slots=True)
class Pair:
    """`a` comes before `b` in what was given."""

    a: Person
    b: Person
    match: Match


def find_duplicates(
    people: Iterable[Person],
    options: MatchOptions = DEFAULT_OPTIONS,
    *,
    shared_by: int = DEFAULT_SHARED_BY,
    large_block: int = LARGE_BLOCK,
) -> Iterator[Pair]:
    """Yield each pair once, in no particular order. Two cards with one id are one contact, not a pair.

    `large_block` changes the time that it takes, and nothing else.
    """
    given = list(people)
    shared = shared_values(given, shared_by)
    cleaned = [without_shared(person, shared) for person in given]
    found: set[tuple[int, int]] = set()
    for places in _candidates(cleaned, large_block):
        a, b = cleaned[places[0]], cleaned[places[1]]
        if a.id == b.id or places in found:
            continue
        matched = match(a, b, options)
        if matched is not None:
            found.add(places)
            yield Pair(given[places[0]], given[places[1]], matched)


def exact_keys(person: Person) -> Mapping[Field, frozenset[str]]:
    """Keys by field: who agrees with somebody in a field exactly has a key of it in common with them."""
    return {
        Field.NAME: names.name_keys(person.name),
        Field.PHONE: person.phones,
        Field.BIRTHDATE: frozenset({person.birthdate} - {""}),
        Field.EMAIL: person.emails,
    }


def _phone_slip_keys(person: Person) -> Iterable[str]:
    return (key for phone in person.phones for key in digits.slip_keys(phone))


def _birthdate_slip_keys(person: Person) -> Iterable[str]:
    if not person.birthdate:
        return ()
    year, *day = person.birthdate.split("-")
    mistyped = (key for typed in dates.written(person.birthdate) for key in digits.slip_keys(typed))
    return (*mistyped, " ".join([year, *sorted(day)]))


# By field: keys of which two have one in common if they agree in it, exactly or nearly.
SLIP_KEYS: Mapping[Field, Callable[[Person], Iterable[str]]] = {
    Field.NAME: lambda person: names.slip_keys(person.name),
    Field.PHONE: _phone_slip_keys,
    Field.BIRTHDATE: _birthdate_slip_keys,
    Field.EMAIL: lambda person: person.emails,
}


def _candidates(people: Sequence[Person], large_block: int) -> Iterator[tuple[int, int]]:
    blocks: defaultdict[tuple[Field, str], list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        for shared_field, keys in exact_keys(person).items():
            for key in keys:
                blocks[shared_field, key].append(place)
    for (shared_field, _), places in blocks.items():
        if len(places) <= large_block:
            yield from combinations(places, 2)
        else:
            yield from _split(people, places, shared_field)


def _split(people: Sequence[Person], places: Iterable[int], shared_field: Field) -> Iterator[tuple[int, int]]:
    smaller: defaultdict[tuple[Field, str], list[int]] = defaultdict(list)
    for place in places:
        for second_field, keys_of in SLIP_KEYS.items():
            if second_field is not shared_field:
                for key in set(keys_of(people[place])):
                    smaller[second_field, key].append(place)
    yield from {pair for some in smaller.values() for pair in combinations(some, 2)}
