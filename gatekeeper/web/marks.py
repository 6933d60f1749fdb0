"""Marks of concurrent requests share a transaction: one wait for the disk for all of them.

The first request to come writes; those that come while it waits for the disk are written together by the
first of them. No thread of its own is needed, so nothing outlives an app that is replaced.

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


@dataclass(slots=True, eq=False)
class _Mark:
    """`leads` is what its request waits for: True, to write the next group itself, or False, once written.

    `is_left`: its request waits no more. The next group writes it all the same.
    """

    ref: EntityRef
    priority: Priority
    leads: Future[bool] = field(default_factory=Future)
    is_left: bool = False


class GroupedMarks:
    """`mark` may be called by any thread; `write` is called by one at a time and returns once durable."""

    def __init__(self, write: Write, patience_s: float = PATIENCE_S) -> None:
        self._write = write
        self._patience_s = patience_s
        self._gate = threading.Lock()
        self._waiting: list[_Mark] = []
        self._is_led = False

    def mark(self, ref: EntityRef, priority: Priority = Priority.LIVE) -> None:
        """Return once the mark is durable. Raises MarkTimeout, or what the database raised."""
        mark = _Mark(ref, priority)
        with self._gate:
            self._waiting.append(mark)
            if not self._is_led:
                self._is_led = True
                mark.leads.set_result(True)
        if self._leads(mark):
            self._write_waiting(mark)

    def _leads(self, mark: _Mark) -> bool:
        """Wait until it is written, or is to write. Raises as `mark` does."""
        try:
            return mark.leads.result(self._patience_s)
        except TimeoutError:
            with self._gate:
                if mark.leads.done():
                    return mark.leads.result()
                mark.is_left = True
            raise MarkTimeout from None

    def _write_waiting(self, own: _Mark) -> None:
        """Write what waits, the caller's own mark with it, and let the next one lead."""
        with self._gate:
            group, self._waiting = self._waiting, []
        others = [mark for mark in group if mark is not own]
        try:
            self._write(_most_urgent(group))
        except (DataError, IntegrityError, OverflowError):
            for mark in others:
                self._write_alone(mark)
            self._write({own.ref: own.priority})
        except Exception as error:
            for mark in others:
                mark.leads.set_exception(error)
            raise
        else:
            for mark in others:
                mark.leads.set_result(False)
        finally:
            self._hand_over()

    def _hand_over(self) -> None:
        with self._gate:
            following = next((mark for mark in self._waiting if not mark.is_left), None)
            self._is_led = following is not None
            if following is not None:
                following.leads.set_result(True)

    def _write_alone(self, mark: _Mark) -> None:
        try:
            self._write({mark.ref: mark.priority})
        except Exception as error:  # noqa: BLE001 - its own request gets it
            mark.leads.set_exception(error)
        else:
            mark.leads.set_result(False)


def _most_urgent(marks: Iterable[_Mark]) -> dict[EntityRef, Priority]:
    """A card that was marked twice goes by the more urgent of the two."""
    found: dict[EntityRef, Priority] = {}
    for mark in marks:
        found[mark.ref] = min(mark.priority, found.get(mark.ref, mark.priority))
    return found
