"""Who works at the portal's company, and who heads whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatekeeper.model.cards import Unread


@dataclass(frozen=True, slots=True)
class Employee:
    """`mailboxes` are the addresses, folded: at work, at home, and the mail box that the portal reads."""

    id: int
    name: str
    is_active: bool
    department_ids: tuple[int, ...] | Unread
    mailboxes: tuple[str, ...] | Unread


@dataclass(frozen=True, slots=True)
class Department:
    """`parent_id` is None for the whole company, `head_id` where nobody heads it."""

    id: int
    name: str
    parent_id: int | None
    head_id: int | None


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who works or worked at the portal's company, by id, and its departments, by id."""

    employees: Mapping[int, Employee] | Unread
    departments: Mapping[int, Department] | Unread

    def departments_of(self, user_id: int) -> tuple[int, ...] | Unread:
        """The departments of an employee and all that those belong to, nearest first; () for a stranger."""
        if isinstance(self.employees, Unread):
            return self.employees
        employee = self.employees.get(user_id)
        own = employee.department_ids if employee else ()
        if isinstance(own, Unread):
            return own
        found = list(own)
        if isinstance(self.departments, Unread):
            return self.departments if found else ()
        for number in found:  # grows while it is walked
            department = self.departments.get(number)
            if department and department.parent_id and department.parent_id not in found:
                found.append(department.parent_id)
        return tuple(found)

    def heads_of(self, user_id: int) -> tuple[int, ...] | Unread:
        """Who heads these departments, nearest first, the employee not among them."""
        numbers = self.departments_of(user_id)
        if isinstance(numbers, Unread) or isinstance(self.departments, Unread):
            return numbers if isinstance(numbers, Unread) else ()
        heads = [self.departments[number].head_id for number in numbers if number in self.departments]
        return tuple(dict.fromkeys(head for head in heads if head and head != user_id))
