"""The portal's names for its employees and departments (contract §9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gatekeeper.judge.matching.emails import parse_emails
from gatekeeper.model.cards import Unread
from gatekeeper.model.staff import Department, Employee
from gatekeeper.portal.transport.client import Command
from gatekeeper.portal.wire.cards import (
    Row,
    parse_ids,
    parse_number,
    parse_text,
)

MAILBOXES = ("EMAIL", "PERSONAL_MAILBOX", "WORK_MAILBOX")


def users_command(start: int = 0) -> Command:
    """Every employee, the dismissed ones too: what they left in a client's card is still theirs."""
    return Command("user.get", {"sort": "ID", "order": "ASC", "start": start})


def departments_command(start: int = 0) -> Command:
    return Command("department.get", {"sort": "ID", "order": "ASC", "START": start})


def parse_users(result: Any) -> tuple[Employee, ...]:
    return tuple(_employee(row) for row in result or ())


def parse_departments(result: Any) -> tuple[Department, ...]:
    return tuple(
        Department(
            id=int(row["ID"]),
            name=parse_text(row.get("NAME")),
            parent_id=parse_number(row.get("PARENT")) or None,
            head_id=parse_number(row.get("UF_HEAD")) or None,
        )
        for row in result or ()
    )


def _employee(row: Row) -> Employee:
    shown = "EMAIL" in row  # with the scope user_brief alone it is not
    hidden = Unread("у вебхука нет права user или user_basic (user.get)")
    return Employee(
        id=int(row["ID"]),
        name=" ".join(filter(None, (parse_text(row.get("LAST_NAME")), parse_text(row.get("NAME"))))),
        is_active=row.get("ACTIVE") in (True, "Y", "true", 1, "1"),
        department_ids=parse_ids(row.get("UF_DEPARTMENT")),
        mailboxes=tuple(dict.fromkeys(_mailboxes(row))) if shown else hidden,
    )


def _mailboxes(row: Row) -> Iterator[str]:
    for name in MAILBOXES:
        for email in parse_emails(parse_text(row.get(name))):
            yield email.address
