"""Whose violations they are: names and departments, as far as the portal told them."""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.model.cards import Unread
from gatekeeper.model.staff import Department, Employee, Staff


@dataclass(frozen=True, slots=True)
class People:
    """`staff` is Unread as a whole where the portal did not answer; then everybody is a number."""

    staff: Staff | Unread

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Why names or departments are missing; () where nothing is."""
        if isinstance(self.staff, Unread):
            return (self.staff,)
        parts = (self.staff.employees, self.staff.departments)
        return tuple(dict.fromkeys(part for part in parts if isinstance(part, Unread)))

    def name(self, user_id: int | None) -> str:
        """As the portal calls them: "№ 7" for whom nobody knows, "" for nobody."""
        if not user_id:
            return ""
        employee = self._employees.get(user_id)
        return (employee.name if employee else "") or f"№ {user_id}"

    def department_of(self, user_id: int) -> int | None:
        """The first of his own, so that nobody is counted twice; None where it is not known."""
        employee = self._employees.get(user_id)
        own = employee.department_ids if employee else ()
        return None if isinstance(own, Unread) or not own else own[0]

    def department_name(self, number: int | None) -> str:
        if number is None:
            return ""
        department = self.departments.get(number)
        return (department.name if department else "") or f"№ {number}"

    @property
    def departments(self) -> dict[int, Department]:
        """By id; {} where they could not be read."""
        if isinstance(self.staff, Unread) or isinstance(self.staff.departments, Unread):
            return {}
        return dict(self.staff.departments)

    def members_of(self, numbers: frozenset[int]) -> frozenset[int] | Unread:
        """Everybody in these departments and in those that belong to them."""
        if isinstance(self.staff, Unread):
            return self.staff
        found = set()
        for user_id in self._employees:
            departments = self.staff.departments_of(user_id)
            if isinstance(departments, Unread):
                return departments
            if numbers & set(departments):
                found.add(user_id)
        unread = self.unread
        return unread[0] if unread else frozenset(found)

    @property
    def _employees(self) -> dict[int, Employee]:
        if isinstance(self.staff, Unread) or isinstance(self.staff.employees, Unread):
            return {}
        return dict(self.staff.employees)
