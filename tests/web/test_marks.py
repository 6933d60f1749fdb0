"""Marks of concurrent requests share a transaction; each request is answered by what became of its own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DataError, OperationalError

from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.web.marks import GroupedMarks, MarkTimeout
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


def waiting_in(marks: GroupedMarks) -> int:
    return len(marks._waiting)


def test_what_comes_while_the_disk_is_busy_is_written_together() -> None:
    disk = SlowDisk()
    marks = GroupedMarks(disk.write)
    with ThreadPoolExecutor(len(DEALS)) as threads:
        first = threads.submit(marks.mark, DEALS[0])
        until(lambda: len(disk.groups) == 1, "the first write")
        others = [threads.submit(marks.mark, deal) for deal in DEALS[1:]]
        until(lambda: waiting_in(marks) == len(DEALS) - 1, "the others in line")
        assert not any(answer.done() for answer in (first, *others))
        disk.go_on.set()
        for answer in (first, *others):
            answer.result(10)
    assert disk.groups == [{DEALS[0]}, set(DEALS[1:])]


def test_nobody_is_answered_before_the_mark_is_written() -> None:
    disk = SlowDisk()
    marks = GroupedMarks(disk.write)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(marks.mark, DEALS[0])
        until(lambda: len(disk.groups) == 1, "the write")
        assert not answer.done()
        disk.go_on.set()
        answer.result(10)


def test_a_database_that_is_gone_is_told_to_each_and_the_next_are_written_again() -> None:
    broken = [True]

    def write(_refs: Mapping[EntityRef, Priority]) -> None:
        if broken[0]:
            raise OperationalError("INSERT", {}, Exception("disk full"))

    marks = GroupedMarks(write)
    with pytest.raises(OperationalError):
        marks.mark(DEALS[0])
    broken[0] = False
    marks.mark(DEALS[1])


def test_a_mark_that_the_database_refuses_fails_its_own_request_only() -> None:
    disk, written = SlowDisk(), set[EntityRef]()

    def write(refs: Mapping[EntityRef, Priority]) -> None:
        disk.write(refs)
        if POISON in refs:
            raise DataError("INSERT", {}, Exception("out of range"))
        written.update(refs)

    marks = GroupedMarks(write)
    with ThreadPoolExecutor(len(DEALS)) as threads:
        answers = {DEALS[0]: threads.submit(marks.mark, DEALS[0])}
        until(lambda: len(disk.groups) == 1, "the first write")
        answers |= {deal: threads.submit(marks.mark, deal) for deal in DEALS[1:]}
        until(lambda: waiting_in(marks) == len(DEALS) - 1, "the others in line")
        disk.go_on.set()
        failed = {deal for deal, answer in answers.items() if answer.exception(10) is not None}
    assert failed == {POISON}
    assert written == set(DEALS) - failed


def test_who_waits_too_long_for_a_turn_is_told_to_come_again() -> None:
    disk = SlowDisk()
    marks = GroupedMarks(disk.write, patience_s=0.05)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(marks.mark, DEALS[0])
        until(lambda: len(disk.groups) == 1, "the first write")
        with pytest.raises(MarkTimeout):
            marks.mark(DEALS[1])
        disk.go_on.set()
        first.result(10)
    marks.mark(DEALS[2])
    assert disk.groups[1] == {DEALS[1], DEALS[2]}


def test_a_card_marked_twice_goes_by_the_more_urgent_mark() -> None:
    disk, written = SlowDisk(), dict[EntityRef, Priority]()

    def write(marks: Mapping[EntityRef, Priority]) -> None:
        disk.write(marks)
        written.update(marks)

    marks = GroupedMarks(write)
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(marks.mark, DEALS[0])]
        until(lambda: len(disk.groups) == 1, "the first write")
        wanted = [(DEALS[1], Priority.LIVE), (DEALS[1], Priority.CROWD), (DEALS[2], Priority.CROWD)]
        answers += [threads.submit(marks.mark, ref, priority) for ref, priority in wanted]
        until(lambda: waiting_in(marks) == len(wanted), "the others in line")
        disk.go_on.set()
        for answer in answers:
            answer.result(10)
    assert written == {DEALS[0]: Priority.LIVE, DEALS[1]: Priority.LIVE, DEALS[2]: Priority.CROWD}
