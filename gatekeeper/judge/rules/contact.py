"""Rule 4 of the regulations: what a contact must have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gatekeeper.judge.matching import dates
from gatekeeper.judge.matching.emails import is_valid, parse_emails
from gatekeeper.judge.matching.nonnames import WORD, name_fault, says_there_is_none
from gatekeeper.judge.matching.phones import parse_phones
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.rules.addresses import check_staff_email
from gatekeeper.judge.rules.base import ContactRule
from gatekeeper.judge.rules.duplicates import check_duplicate
from gatekeeper.model.cards import ContactSnapshot
from gatekeeper.model.findings import Finding, Violation

MOBILE = "MOBILE"
PRIVATE = "HOME"


def check_name(contact: ContactSnapshot, policy: Policy, now: datetime) -> Finding:
    """«ФИО» — surname, name and patronymic are filled, with names.

    >>> from gatekeeper.judge.examples import a_contact, a_policy, NOON
    >>> check_name(a_contact(last_name="Ибн Рашид", name="О'Коннор"), a_policy(), NOON)
    >>> check_name(a_contact(name="Тест"), a_policy(), NOON).facts
    {'problems': [{'part': 'name', 'problem': 'placeholder', 'value': 'Тест'}]}
    """
    parts = {"last_name": contact.last_name, "name": contact.name}
    if policy.rules.contact_name.patronymic or not says_there_is_none(contact.second_name):
        parts["second_name"] = contact.second_name
    problems = [found for part in parts if (found := _name_problem(part, parts))]
    return Violation("contact.name", {"problems": problems}) if problems else None


def _name_problem(part: str, parts: dict[str, str]) -> dict[str, str] | None:
    value = parts[part].strip()
    if value:
        fault = name_fault(value, first_name=part == "name")
        return {"part": part, "problem": fault, "value": value} if fault else None
    other = {"last_name": "name", "name": "last_name"}.get(part)
    if other and len(WORD.findall(parts[other])) > 1 and not name_fault(parts[other]):
        return {"part": part, "problem": "in_other_field", "field": other, "value": parts[other].strip()}
    return {"part": part, "problem": "empty"}


def check_phone(contact: ContactSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Телефон»; «должно быть заполнено поле «Мобильный телефон»».

    >>> from gatekeeper.judge.examples import a_contact, a_policy, NOON
    >>> from gatekeeper.model.cards import Multifield
    >>> check_phone(a_contact(phones=(Multifield("MOBILE", "8 904 123 45 67"),)), a_policy(), NOON)
    >>> check_phone(a_contact(phones=(Multifield("MOBILE", "+7 999 999-99-99"),)), a_policy(), NOON).facts
    {'problems': [{'problem': 'dummy', 'value': '+7 999 999-99-99'}]}
    """
    regions = policy.rules.contact_phone.regions
    faults = [(phone, _phone_fault(phone.value, regions)) for phone in contact.phones if phone.value.strip()]
    if any(phone.type == MOBILE and fault is None for phone, fault in faults):
        return None
    problems = [{"problem": fault or "wrong_type", "value": phone.value.strip()} for phone, fault in faults]
    return Violation("contact.phone", {"problems": problems or [{"problem": "empty"}]})


def _phone_fault(raw: str, regions: Sequence[str]) -> str | None:
    phones = parse_phones(raw, regions)
    if any(phone.is_mobile and not phone.is_dummy for phone in phones):
        return None
    if any(phone.is_dummy for phone in phones):
        return "dummy"
    return "not_mobile" if any(phone.is_valid for phone in phones) else "not_a_number"


def check_birthdate(contact: ContactSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Дата рождения» — one that a client can have.

    "Today" is the portal's: its offset comes with the contact's own times.

    >>> from datetime import date
    >>> from gatekeeper.judge.examples import a_contact, a_policy, NOON
    >>> check_birthdate(a_contact(birthdate=date(2016, 9, 1)), a_policy(), NOON)
    >>> check_birthdate(a_contact(birthdate=date(1900, 1, 1)), a_policy(), NOON).facts
    {'problem': 'placeholder', 'value': '1900-01-01'}
    """
    born = contact.birthdate
    if born is None:
        return Violation("contact.birthdate", {"problem": "empty"})
    today = now.astimezone(contact.created_at.tzinfo).date()
    youngest, oldest = policy.rules.contact_birthdate.age
    age = dates.age_in_years(born, today)
    facts = {"value": born.isoformat()}
    if born in dates.PLACEHOLDERS:
        return Violation("contact.birthdate", {"problem": "placeholder"} | facts)
    if born == today:
        return Violation("contact.birthdate", {"problem": "today"} | facts)
    if born > today:
        return Violation("contact.birthdate", {"problem": "future"} | facts)
    if youngest <= age <= oldest:
        return None
    problem = "too_young" if age < youngest else "too_old"
    wanted = {"age": age, "min": youngest, "max": oldest}
    return Violation("contact.birthdate", {"problem": problem} | facts | wanted)


def check_email(contact: ContactSnapshot, policy: Policy, now: datetime) -> Finding:
    """«…и «Частный e-mail»» — one of that type, with a valid address.

    >>> from gatekeeper.judge.examples import a_contact, a_policy, NOON
    >>> from gatekeeper.model.cards import Multifield
    >>> check_email(a_contact(emails=(Multifield("HOME", "ivan.petrov@mail.ru"),)), a_policy(), NOON)
    >>> check_email(a_contact(emails=(Multifield("WORK", "ivan.petrov@mail.ru"),)), a_policy(), NOON).facts
    {'problems': [{'problem': 'wrong_type', 'value': 'ivan.petrov@mail.ru'}]}
    """
    faults = [(email, _email_fault(email.value)) for email in contact.emails if email.value.strip()]
    if any(email.type == PRIVATE and fault is None for email, fault in faults):
        return None
    problems = [{"problem": fault or "wrong_type", "value": email.value.strip()} for email, fault in faults]
    return Violation("contact.email", {"problems": problems or [{"problem": "empty"}]})


def _email_fault(raw: str) -> str | None:
    valid = [email for email in parse_emails(raw) if is_valid(email)]
    if not valid:
        return "not_an_address"
    return "placeholder" if all(email.is_placeholder for email in valid) else None


CONTACT_RULES: tuple[ContactRule, ...] = (
    ContactRule("contact.name", check_name),
    ContactRule("contact.phone", check_phone),
    ContactRule("contact.birthdate", check_birthdate),
    ContactRule("contact.email", check_email),
    ContactRule("contact.staff_email", check_staff_email),
    ContactRule("contact.duplicate", check_duplicate),
)
