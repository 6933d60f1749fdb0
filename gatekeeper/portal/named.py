"""What the config names of the portal's people, departments and sources: which of it is there.

People and departments are asked for one by one: a config names few, and a portal may have thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gatekeeper.model.errors import PortalError
from gatekeeper.model.staff import Department, Employee
from gatekeeper.portal.transport.client import Command
from gatekeeper.portal.wire import staff as wire_staff
from gatekeeper.portal.wire import system

Questions = dict[Any, tuple[Command, Callable[[Any], Any]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    users: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    sources: bool = False


@dataclass(frozen=True, slots=True)
class FoundNames:
    """With their names, those asked for that are there; of `sources` all. `dismissed` work there no more."""

    users: Mapping[int, str] | PortalError = field(default_factory=dict)
    departments: Mapping[int, str] | PortalError = field(default_factory=dict)
    sources: Mapping[str, str] | PortalError = field(default_factory=dict)
    dismissed: frozenset[int] = frozenset()


def questions(wanted: Wanted) -> Questions:
    asked: Questions = {
        ("named user", user): (system.user_command(user), wire_staff.parse_users) for user in wanted.users
    }
    for department in wanted.departments:
        command = system.department_command(department)
        asked["named department", department] = (command, wire_staff.parse_departments)
    if wanted.sources:
        asked["named source"] = (system.sources_command(), system.parse_sources)
    return asked


def found(wanted: Wanted, heard: Mapping[Any, Any]) -> FoundNames:
    """`heard` has the answer, or the error, by each question's key."""
    users: tuple[Employee, ...] | PortalError = _whole(heard, "named user", wanted.users)
    departments: tuple[Department, ...] | PortalError = _whole(heard, "named department", wanted.departments)
    there = () if isinstance(users, PortalError) else users
    return FoundNames(
        users if isinstance(users, PortalError) else {user.id: user.name for user in users},
        departments
        if isinstance(departments, PortalError)
        else {department.id: department.name for department in departments},
        heard.get("named source", {}),
        frozenset(each.id for each in there if not each.is_active),
    )


def _whole(heard: Mapping[Any, Any], what: str, ids: frozenset[int]) -> Any:
    """All that was answered, or the first error: what one question kept back would look like not there."""
    answers = [heard[what, number] for number in ids]
    error = next((answer for answer in answers if isinstance(answer, PortalError)), None)
    return error or tuple(one for answer in answers for one in answer)
