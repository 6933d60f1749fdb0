"""Marks of concurrent requests share a transaction: one wait for the disk for all of them.

One thread writes. What comes while it is at it is its next group. No request needs a thread to wait with.

Races
    A request that times out may be written all the same.
        The portal was told 503 and the card is marked: it is looked at once more than asked for.
    A mark that the database refuses fails the group.
        Then each is written alone, so that only its own request fails.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy.exc import DataError, IntegrityError

from gatekeeper.model.refs import EntityRef, Priority

GATHER_S = 0.004
"""After a group, others are waited for: writing few costs as much as writing many. One alone never waits."""

Write = Callable[[Mapping[EntityRef, Priority]], None]


@dataclass(slots=True, eq=False)
class _Mark:
    ref: EntityRef
    priority: Priority
    written: Future[None] = field(default_factory=Future)


class GroupedMarks:
    """`begin` may be called by any thread; `write` is called by one at a time and returns once durable."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._gate = threading.Lock()
        self._waiting: list[_Mark] = []
        self._is_writing = False
        self._writer = ThreadPoolExecutor(1, "marks")  # its thread ends when nothing refers to it any more

    def begin(self, ref: EntityRef, priority: Priority = Priority.LIVE) -> Future[None]:
        """Done once the mark is durable, or with what the database raised."""
        mark = _Mark(ref, priority)
        with self._gate:
            self._waiting.append(mark)
            is_first, self._is_writing = not self._is_writing, True
        if is_first:
            self._writer.submit(self._write_waiting)
        return mark.written

    def _write_waiting(self) -> None:
        while group := self._take():
            self._write_group(group)
            if len(group) > 1:
                time.sleep(GATHER_S)

    def _take(self) -> list[_Mark]:
        with self._gate:
            group, self._waiting = self._waiting, []
            self._is_writing = bool(group)
        return group

    def _write_group(self, group: list[_Mark]) -> None:
        try:
            self._write(_most_urgent(group))
        except (DataError, IntegrityError, OverflowError) as error:
            if len(group) == 1:
                group[0].written.set_exception(error)
                return
            for mark in group:
                self._write_group([mark])
        except Exception as error:  # noqa: BLE001 - its own requests get it
            for mark in group:
                mark.written.set_exception(error)
        else:
            for mark in group:
                mark.written.set_result(None)


def _most_urgent(marks: Iterable[_Mark]) -> dict[EntityRef, Priority]:
    """A card that was marked twice goes by the more urgent of the two."""
    found: dict[EntityRef, Priority] = {}
    for mark in marks:
        found[mark.ref] = min(mark.priority, found.get(mark.ref, mark.priority))
    return found
