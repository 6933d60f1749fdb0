"""What matching looks at of a contact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gatekeeper.judge.matching import dates
from gatekeeper.judge.matching.emails import parse_emails
from gatekeeper.judge.matching.names import FullName, parse_name
from gatekeeper.judge.matching.phones import parse_phones
from gatekeeper.model.cards import ContactSnapshot, OtherContact

FEWEST_DIGITS, MOST_DIGITS = 5, 15
PLACEHOLDERS = frozenset(day.isoformat() for day in dates.PLACEHOLDERS)


@dataclass(frozen=True, slots=True)
class Person:
    """Folded values, equal means equal. Dummies, placeholders and what is no name are not among them.

    `birthdate` is written as 1990-05-17, "" when empty; in an export it may be an impossible one.
    """

    id: int | str
    name: FullName
    birthdate: str
    phones: frozenset[str]
    emails: frozenset[str]


def parse_person(  # noqa: PLR0913 - a card has as many fields
    id: int | str,  # noqa: A002 - the card's own word
    *,
    last_name: str = "",
    name: str = "",
    second_name: str = "",
    birthdate: str = "",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    regions: Sequence[str] = ("RU",),
) -> Person:
    """Fold a card's fields as typed; `regions` as in `parse_phones`."""
    return Person(
        id,
        parse_name(last_name, name, second_name),
        "" if birthdate in PLACEHOLDERS else birthdate,
        frozenset(number for phone in phones for number in _numbers(phone, regions)),
        frozenset(
            address.address
            for email in emails
            for address in parse_emails(email)
            if not address.is_placeholder
        ),
    )


def person_of(contact: ContactSnapshot | OtherContact, regions: Sequence[str] = ("RU",)) -> Person:
    """Fold a contact that was read from the portal."""
    return parse_person(
        contact.ref.id,
        last_name=contact.last_name,
        name=contact.name,
        second_name=contact.second_name,
        birthdate=contact.birthdate.isoformat() if contact.birthdate else "",
        phones=[phone.value for phone in contact.phones],
        emails=[email.value for email in contact.emails],
        regions=regions,
    )


def _numbers(raw: str, regions: Sequence[str]) -> set[str]:
    """E.164, or the bare digits of what no numbering plan knows: two cards can still have them in common."""
    phones = parse_phones(raw, regions)
    if phones:
        return {phone.e164 for phone in phones if not phone.is_dummy}
    digits = "".join(character for character in raw if character.isdecimal())
    return {digits} if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and len(set(digits)) > 1 else set()
