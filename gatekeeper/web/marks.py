"""Marks of concurrent requests share a transaction: one wait for the disk for all of them.

The first request to come writes; those that come while it waits for the disk are written together by the
next. No thread of its own is needed, so nothing outlives an app that is replaced.

Races
    A request that times out may be written all the same.
        The portal was told 503 and the card is marked: it is looked at once more than asked for.
    A mark that the database refuses fails the group.
        Then each is written alone, so that only its own request fails.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from sqlalchemy.exc import DataError, IntegrityError

from gatekeeper.model.refs import EntityRef, Priority

PATIENCE_S = 10.0
"""How long a request waits for its turn to write; nginx waits longer for its answer."""

Write = Callable[[Mapping[EntityRef, Priority]], None]


class MarkTimeout(Exception):  # noqa: N818 - named after what happened
    """The database was busy for too long; the mark may or may not be made."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What one request waits for."""

    ref: EntityRef
    priority: Priority
    written: Future[None] = field(default_factory=Future)


class GroupedMarks:
    """`mark` may be called by any thread; `write` is called by one at a time and returns once durable."""

    def __init__(self, write: Write, patience_s: float = PATIENCE_S) -> None:
        self._write = write
        self._patience_s = patience_s
        self._turn = threading.Lock()
        self._gate = threading.Lock()
        self._waiting: list[_Mark] = []

    def mark(self, ref: EntityRef, priority: Priority = Priority.LIVE) -> None:
        """Return once the mark is durable. Raises MarkTimeout, or what the database raised."""
        mark = _Mark(ref, priority)
        with self._gate:
            self._waiting.append(mark)
        if not self._turn.acquire(timeout=self._patience_s):
            raise MarkTimeout
        try:
            if not mark.written.done():
                self._write_waiting()
        finally:
            self._turn.release()
        mark.written.result()

    def _write_waiting(self) -> None:
        with self._gate:
            group, self._waiting = self._waiting, []
        try:
            self._write(_most_urgent(group))
        except (DataError, IntegrityError, OverflowError):
            for mark in group:
                self._write_alone(mark)
        except Exception as error:  # noqa: BLE001 - each waiting request gets it
            for mark in group:
                mark.written.set_exception(error)
        else:
            for mark in group:
                mark.written.set_result(None)

    def _write_alone(self, mark: _Mark) -> None:
        try:
            self._write({mark.ref: mark.priority})
        except Exception as error:  # noqa: BLE001 - its own request gets it
            mark.written.set_exception(error)
        else:
            mark.written.set_result(None)


def _most_urgent(marks: Iterable[_Mark]) -> dict[EntityRef, Priority]:
    """A card that was marked twice goes by the more urgent of the two."""
    found: dict[EntityRef, Priority] = {}
    for mark in marks:
        found[mark.ref] = min(mark.priority, found.get(mark.ref, mark.priority))
    return found
