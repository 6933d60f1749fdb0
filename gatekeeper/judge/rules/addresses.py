"""Rule 4 of the regulations, its last sentence: whose e-mail has no place in a client's contact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gatekeeper.judge.matching.emails import Email, parse_emails
from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import ContactSnapshot, Unread
from gatekeeper.model.findings import Finding, NotJudged, Violation


def check_staff_email(contact: ContactSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Запрещается менеджерам в контактах клиентов добавлять свою рабочую или личную почту».

    >>> from gatekeeper.judge.examples import a_contact, a_policy, NOON
    >>> check_staff_email(a_contact(), a_policy(), NOON)
    >>> check_staff_email(a_contact(staff_mailboxes=("ivan.petrov@mail.ru",)), a_policy(), NOON).facts
    {'problems': [{'problem': 'employee', 'value': 'ivan.petrov@mail.ru'}]}
    """
    found = [
        (address.address, _staff_fault(address.address, contact, policy)) for address in addresses(contact)
    ]
    problems = [{"problem": fault, "value": address} for address, fault in found if fault]
    if problems:
        partial = isinstance(contact.staff_mailboxes, Unread) or bool(contact.neighbours.unread)
        return Violation("contact.staff_email", {"problems": problems}, partial=partial)
    if isinstance(contact.staff_mailboxes, Unread):
        return NotJudged("contact.staff_email", (contact.staff_mailboxes,))
    if contact.neighbours.unread and found:
        return NotJudged("contact.staff_email", contact.neighbours.unread)
    return None


def addresses(contact: ContactSnapshot) -> list[Email]:
    """The contact's e-mail addresses, folded, each once, in their order."""
    return list(dict.fromkeys(address for email in contact.emails for address in parse_emails(email.value)))


def is_company_address(address: str, domains: Sequence[str]) -> bool:
    """Whether it lies in one of these domains or below it.

    >>> is_company_address("a@mail.synergy.example", ["synergy.example"])
    True
    >>> is_company_address("a@notsynergy.example", ["synergy.example"])
    False
    """
    domain = address.rpartition("@")[2]
    return any(domain == each or domain.endswith(f".{each}") for each in domains)


def _staff_fault(address: str, contact: ContactSnapshot, policy: Policy) -> str | None:
    if not isinstance(contact.staff_mailboxes, Unread) and address in contact.staff_mailboxes:
        return "employee"
    if is_company_address(address, policy.rules.contact_staff_email.company_domains):
        return "company"
    return "shared" if address in contact.neighbours.shared else None
