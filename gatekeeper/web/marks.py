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
from collections.abc import Callable, Collection
from concurrent.futures import Future

from sqlalchemy.exc import DataError, IntegrityError

from gatekeeper.model.refs import EntityRef

PATIENCE_S = 10.0
"""How long a request waits for its turn to write; nginx waits longer for its answer."""

Write = Callable[[Collection[EntityRef]], None]


class MarkTimeout(Exception):  # noqa: N818 - named after what happened
    """The database was busy for too long; the mark may or may not be made."""


class GroupedMarks:
    """`mark` may be called by any thread; `write` is called by one at a time and returns once durable."""

    def __init__(self, write: Write, patience_s: float = PATIENCE_S) -> None:
        self._write = write
        self._patience_s = patience_s
        self._turn = threading.Lock()
        self._gate = threading.Lock()
        self._waiting: list[tuple[EntityRef, Future[None]]] = []

    def mark(self, ref: EntityRef) -> None:
        """Return once the mark is durable. Raises MarkTimeout, or what the database raised."""
        written: Future[None] = Future()
        with self._gate:
            self._waiting.append((ref, written))
        if not self._turn.acquire(timeout=self._patience_s):
            raise MarkTimeout
        try:
            if not written.done():
                self._write_waiting()
        finally:
            self._turn.release()
        written.result()

    def _write_waiting(self) -> None:
        with self._gate:
            group, self._waiting = self._waiting, []
        try:
            self._write({ref for ref, _ in group})
        except (DataError, IntegrityError, OverflowError):
            for ref, written in group:
                self._write_alone(ref, written)
        except Exception as error:  # noqa: BLE001 - each waiting request gets it
            for _, written in group:
                written.set_exception(error)
        else:
            for _, written in group:
                written.set_result(None)

    def _write_alone(self, ref: EntityRef, written: Future[None]) -> None:
        try:
            self._write([ref])
        except Exception as error:  # noqa: BLE001 - its own request gets it
            written.set_exception(error)
        else:
            written.set_result(None)
