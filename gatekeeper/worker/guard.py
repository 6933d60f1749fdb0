"""Runs the worker's steps so that none of them ends it, however it fails.

A failed step rests for a while, longer each time, and the others go on. What fails again and again is logged
once a minute. Where the database is away every step fails, so all of them rest together and one line says so.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import InterfaceError, OperationalError

from gatekeeper.model.errors import DatabaseLost

log = logging.getLogger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError, DatabaseLost)
FIRST_REST_S, LONGEST_REST_S = 1.0, 20.0  # shorter than the silence that `readyz` takes for death
SAY_AGAIN_S = 60.0


@dataclass(slots=True)
class _Failing:
    rest_s: float = 0.0
    until: float = 0.0
    said_at: float | None = None
    unsaid: int = 0


@dataclass(slots=True)
class Guard:
    """`run` never raises an Exception. Times are seconds of the monotonic clock."""

    monotonic: Callable[[], float] = time.monotonic
    _failing: dict[str, _Failing] = field(default_factory=dict)

    def run(self, name: str, step: Callable[[], bool | None]) -> bool:
        """Do the step unless it rests. Return whether it had something to do."""
        if self.rest_s("database") or self.rest_s(name):
            return False
        try:
            busy = bool(step())
        except DATABASE_AWAY as error:
            self._failed("database", error)
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker goes on
            self._failed(name, error)
            return False
        self._failing.pop(name, None)
        self._failing.pop("database", None)
        return busy

    def rest_s(self, name: str) -> float:
        """How long this step still rests."""
        failing = self._failing.get(name)
        return max(0.0, failing.until - self.monotonic()) if failing else 0.0

    def _failed(self, name: str, error: Exception) -> None:
        now, failing = self.monotonic(), self._failing.setdefault(name, _Failing())
        failing.rest_s = min(max(failing.rest_s * 2, FIRST_REST_S), LONGEST_REST_S)
        failing.until = now + failing.rest_s
        if failing.said_at is not None and now - failing.said_at < SAY_AGAIN_S:
            failing.unsaid += 1
            return
        place = traceback.extract_tb(error.__traceback__)[-1]
        why = str(error) if isinstance(error, DatabaseLost) else type(error).__name__
        # Not the text of any other error: it may hold a client's data.
        log.error(
            "step.failed step=%s why=%s at=%s unsaid=%s",
            name,
            why,
            f"{place.name}:{place.lineno}",
            failing.unsaid,
        )
        failing.said_at, failing.unsaid = now, 0
