"""Who works at the company, as the portal tells it, and what is not known stays unknown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from gatekeeper.model.cards import Unread, Why
from gatekeeper.model.refs import Priority
from gatekeeper.model.staff import Department, Employee, Staff
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.transport.client import PortalClient
from tests.gate import Gate, a_gate
from tests.portal.scripted_portal import Bucket


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def read(gate: Gate) -> Staff:
    with PortalClient(gate.sandbox.webhook_url, Bucket()) as client:
        return StaffKeeper(client).current(Priority.LIVE)


def employees_of(staff: Staff) -> dict[int, Employee]:
    assert not isinstance(staff.employees, Unread)
    return dict(staff.employees)


def test_employees_are_read_with_their_addresses_and_departments(gate: Gate) -> None:
    staff = read(gate)
    employees = employees_of(staff)
    assert employees[2].name == "Соколова Анна"
    assert employees[2].mailboxes == ("user2@synergy.example",)
    assert staff.departments == {
        1: Department(1, "Приёмная комиссия", None, 1),
        2: Department(2, "Отдел колледжа", 1, 6),
    }


def test_a_dismissed_employee_is_still_known(gate: Gate) -> None:
    gate.control("user", id=3, active=False, personal_mailbox="boris@mail.example")
    boris = employees_of(read(gate))[3]
    assert not boris.is_active
    assert boris.mailboxes == ("user3@synergy.example", "boris@mail.example")


def test_more_employees_than_a_page_are_all_read(gate: Gate) -> None:
    for number in range(7, 121):
        columns = "id, active, name, last_name, second_name, email, personal_mailbox, department"
        values = (number, 1, "Имя", "Фамилия", "", f"user{number}@synergy.example", "", "[1]")
        gate.sandbox.portal.store.execute(
            f"INSERT INTO user ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values
        )
    assert len(employees_of(read(gate))) == 120


@pytest.mark.parametrize("scope", ["user", "department"])
def test_what_the_webhook_may_not_see_is_unread_and_names_the_scope(gate: Gate, scope: str) -> None:
    gate.control("faults", kind="scope", scope=scope)
    staff = read(gate)
    unread = staff.employees if scope == "user" else staff.departments
    assert isinstance(unread, Unread)
    assert unread.code is Why.NO_SCOPE
    assert dict(unread.facts)["scope"] == scope


def test_the_staff_is_kept_for_a_while_and_then_read_anew(gate: Gate) -> None:
    seconds = Seconds()
    with PortalClient(gate.sandbox.webhook_url, Bucket()) as client:
        keeper = StaffKeeper(client, max_age_s=600, monotonic=seconds)
        keeper.current(Priority.LIVE)
        gate.control("user", id=2, email="anna@synergy.example")
        assert employees_of(keeper.current(Priority.LIVE))[2].mailboxes == ("user2@synergy.example",)
        seconds.now = 601.0
        assert employees_of(keeper.current(Priority.LIVE))[2].mailboxes == ("anna@synergy.example",)


def test_departments_above_ones_own_count_and_nobody_is_his_own_head() -> None:
    college, office, company = (
        Department(2, "Колледж", 1, 6),
        Department(1, "Отдел", 9, 1),
        Department(9, "", None, 6),
    )
    people = {each: Employee(each, "", is_active=True, department_ids=(2,), mailboxes=()) for each in (5, 6)}
    staff = Staff(people, {2: college, 1: office, 9: company})
    assert staff.departments_of(5) == (2, 1, 9)
    assert staff.heads_of(5) == (6, 1)
    assert staff.heads_of(6) == (1,)
    assert staff.departments_of(77) == ()
