"""Whether two contacts are one person (regulations, rule 5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gatekeeper.judge.matching import dates
from gatekeeper.judge.matching.digits import is_digit_slip
from gatekeeper.judge.matching.likeness import (
    DEFAULT_SIMILARITY,
    Agreement,
    compare_names,
    have_different_given_names,
)
from gatekeeper.judge.matching.person import Person


class Field(StrEnum):
    """What two contacts can agree in."""

    NAME = "name"
    PHONE = "phone"
    BIRTHDATE = "birthdate"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """`name_similarity`: the share of a word's letters that must be right in a mistyped one."""

    fields_to_match: int = 2
    name_similarity: float = DEFAULT_SIMILARITY


@dataclass(frozen=True, slots=True)
class Match:
    """`near` are the fields that differ by a typing error; one of them may stand for a missing agreement."""

    exact: tuple[Field, ...]
    near: tuple[Field, ...]
    needs_review: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        """All that speaks for one person, in the order of `Field`."""
        return tuple(field for field in Field if field in self.exact or field in self.near)


DEFAULT_OPTIONS = MatchOptions()


def match(a: Person, b: Person, options: MatchOptions = DEFAULT_OPTIONS) -> Match | None:
    """Tell in what the two agree, if it is enough to call them duplicates; the order of the two is all one.

    Enough are `fields_to_match` exact agreements, or one fewer (but one) and a near miss. Values that say
    nothing, such as a company's own line, are to be taken out before: see `without_shared`.
    """
    agreements = {
        Field.PHONE: _compare_phones(a.phones, b.phones),
        Field.BIRTHDATE: _compare_birthdates(a, b),
        Field.EMAIL: Agreement.NONE if a.emails.isdisjoint(b.emails) else Agreement.EXACT,
    }
    if options.fields_to_match > 1 and not any(agreements.values()):
        return None
    agreements[Field.NAME] = compare_names(a.name, b.name, options.name_similarity)
    exact = tuple(field for field in Field if agreements[field] is Agreement.EXACT)
    near = tuple(field for field in Field if agreements[field] is Agreement.NEAR)
    if len(exact) >= options.fields_to_match:
        return Match(exact, (), _is_doubtful(a, b, exact, options))
    if exact and near and len(exact) + 1 >= options.fields_to_match:
        return Match(exact, near, needs_review=True)
    return None


def _is_doubtful(a: Person, b: Person, exact: tuple[Field, ...], options: MatchOptions) -> bool:
    """Twins, and children who are reached through one parent, share all but the name."""
    return Field.NAME not in exact and have_different_given_names(a.name, b.name, options.name_similarity)


def _compare_phones(a: frozenset[str], b: frozenset[str]) -> Agreement:
    if not a.isdisjoint(b):
        return Agreement.EXACT
    return Agreement.NEAR if any(is_digit_slip(x, y) for x in a for y in b) else Agreement.NONE


def _compare_birthdates(a: Person, b: Person) -> Agreement:
    if not (a.birthdate and b.birthdate):
        return Agreement.NONE
    if a.birthdate == b.birthdate:
        return Agreement.EXACT
    return Agreement.NEAR if dates.is_slip(a.birthdate, b.birthdate) else Agreement.NONE
