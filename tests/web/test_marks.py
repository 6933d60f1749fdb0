"""Marks of concurrent requests share a transaction; each request is answered by what became of its own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DataError, OperationalError

from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.web.marks import GroupedMarks
from tests.processes import until

DEALS = [EntityRef(Kind.DEAL, number) for number in range(1, 21)]
POISON = DEALS[7]


class SlowDisk:
    """Takes the first write and holds it until told to go on; remembers what was written together."""

    def __init__(self) -> None:
        self.groups: list[set[EntityRef]] = []
        self.go_on = threading.Event()

    def write(self, refs: Mapping[EntityRef, Priority]) -> None:
        self.groups.append(set(refs))
        self.go_on.wait(10)


def test_what_comes_while_the_disk_is_busy_is_written_together() -> None:
    disk = SlowDisk()
    marks = GroupedMarks(disk.write)
    first = marks.begin(DEALS[0])
    until(lambda: len(disk.groups) == 1, "the first write")
    others = [marks.begin(deal) for deal in DEALS[1:]]
    assert not any(answer.done() for answer in (first, *others))
    disk.go_on.set()
    for answer in (first, *others):
        answer.result(10)
    assert disk.groups == [{DEALS[0]}, set(DEALS[1:])]


def test_a_database_that_is_gone_is_told_to_each_and_the_next_are_written_again() -> None:
    broken = [True]

    def write(_refs: Mapping[EntityRef, Priority]) -> None:
        if broken[0]:
            raise OperationalError("INSERT", {}, Exception("disk full"))

    marks = GroupedMarks(write)
    with pytest.raises(OperationalError):
        marks.begin(DEALS[0]).result(10)
    broken[0] = False
    marks.begin(DEALS[1]).result(10)


def test_a_mark_that_the_database_refuses_fails_its_own_request_only() -> None:
    disk, written = SlowDisk(), set[EntityRef]()

    def write(refs: Mapping[EntityRef, Priority]) -> None:
        disk.write(refs)
        if POISON in refs:
            raise DataError("INSERT", {}, Exception("out of range"))
        written.update(refs)

    marks = GroupedMarks(write)
    answers = {DEALS[0]: marks.begin(DEALS[0])}
    until(lambda: len(disk.groups) == 1, "the first write")
    answers |= {deal: marks.begin(deal) for deal in DEALS[1:]}
    disk.go_on.set()
    failed = {deal for deal, answer in answers.items() if answer.exception(10) is not None}
    assert failed == {POISON}
    assert written == set(DEALS) - failed


def test_a_card_marked_twice_goes_by_the_more_urgent_mark() -> None:
    disk, written = SlowDisk(), dict[EntityRef, Priority]()

    def write(marks: Mapping[EntityRef, Priority]) -> None:
        disk.write(marks)
        written.update(marks)

    marks = GroupedMarks(write)
    answers = [marks.begin(DEALS[0])]
    until(lambda: len(disk.groups) == 1, "the first write")
    wanted = [(DEALS[1], Priority.LIVE), (DEALS[1], Priority.CROWD), (DEALS[2], Priority.CROWD)]
    answers += [marks.begin(ref, priority) for ref, priority in wanted]
    disk.go_on.set()
    for answer in answers:
        answer.result(10)
    assert written == {DEALS[0]: Priority.LIVE, DEALS[1]: Priority.LIVE, DEALS[2]: Priority.CROWD}


def test_marks_of_many_threads_are_all_written_and_the_writer_rests() -> None:
    written: list[EntityRef] = []
    marks = GroupedMarks(written.extend)
    deals = [EntityRef(Kind.DEAL, number) for number in range(1, 2001)]
    with ThreadPoolExecutor(16) as threads:
        for answer in list(threads.map(marks.begin, deals)):
            answer.result(10)
    assert sorted(ref.id for ref in written) == [deal.id for deal in deals]
    marks.begin(EntityRef(Kind.DEAL, 2001)).result(10)
