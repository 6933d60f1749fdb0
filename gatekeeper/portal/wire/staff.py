"""The portal's names for its employees and departments (contract §9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gatekeeper.judge.matching.emails import parse_emails
from gatekeeper.model.cards import Unread, Why
from gatekeeper.model.staff import Department, Employee
from gatekeeper.portal.transport.client import Command
from gatekeeper.portal.wire.forms import (
    ABSENT,
    NO_TEXT,
    UNSET,
    Keyed,
    a_flag,
    a_text,
    an_id,
    list_of,
    read_rows,
    told,
)

NOT_SHOWN = (*NO_TEXT, ABSENT)
"""A text that the webhook's scope may hide, and that people may leave empty."""
HIDDEN = Unread.of(Why.NO_SCOPE, scope="user_basic", method="user.get")


@dataclass(frozen=True, slots=True)
class UserRow:
    """`email` is missing with the scope user_brief alone, and optional for an employee (contract 18)."""

    id: int = told("ID", an_id, "9")
    last_name: str = told("LAST_NAME", a_text, "9", empty=NOT_SHOWN, means="")
    name: str = told("NAME", a_text, "9", empty=NOT_SHOWN, means="")
    is_active: bool = told("ACTIVE", a_flag, "9")
    department_ids: tuple[int, ...] | Unread = told(
        "UF_DEPARTMENT", list_of(an_id), "9", empty=(None, False, ""), means=(), alone=True
    )
    email: str | None = told("EMAIL", a_text, "9, 18", empty=(ABSENT,))
    personal: str = told("PERSONAL_MAILBOX", a_text, "9", empty=NOT_SHOWN, means="")
    work: str = told("WORK_MAILBOX", a_text, "9", empty=NOT_SHOWN, means="")

    def employee(self) -> Employee:
        name = " ".join(filter(None, (self.last_name, self.name)))
        return Employee(self.id, name, self.is_active, self.department_ids, self._mailboxes())

    def _mailboxes(self) -> tuple[str, ...] | Unread:
        if self.email is None:
            return HIDDEN
        boxes = (self.email, self.personal, self.work)
        return tuple(dict.fromkeys(email.address for box in boxes for email in parse_emails(box)))


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """The topmost has no PARENT, and UF_HEAD is there only where somebody heads it."""

    id: int = told("ID", an_id, "9")
    name: str = told("NAME", a_text, "9", empty=NO_TEXT, means="")
    parent_id: int | None = told("PARENT", an_id, "9", empty=(*UNSET, ABSENT))
    head_id: int | None = told("UF_HEAD", an_id, "9", empty=(*UNSET, ABSENT))

    def department(self) -> Department:
        return Department(self.id, self.name, self.parent_id, self.head_id)


def users_command(start: int = 0) -> Command:
    """Every employee, the dismissed ones too: what they left in a client's card is still theirs."""
    return Command("user.get", {"sort": "ID", "order": "ASC", "start": start})


def departments_command(start: int = 0) -> Command:
    return Command("department.get", {"sort": "ID", "order": "ASC", "START": start})


def read_users(result: Any) -> Keyed:
    return tuple((row.id, row.employee()) for row in read_rows(UserRow, result))


def read_departments(result: Any) -> Keyed:
    return tuple((row.id, row.department()) for row in read_rows(DepartmentRow, result))


def parse_users(result: Any) -> tuple[Employee, ...]:
    return tuple(employee for _, employee in read_users(result))


def parse_departments(result: Any) -> tuple[Department, ...]:
    return tuple(department for _, department in read_departments(result))
