"""What was asked of the portal: hits, commands, operating time, for assertions and benchmarks."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Command:
    """One executed method call; `error` is the portal's code, None when it succeeded."""

    method: str
    params: Mapping[str, Any]
    error: str | int | None
    operating: float


@dataclass(frozen=True, slots=True)
class LoggedHit:
    """One HTTP request; a batch has several commands, a refused hit none."""

    at: float
    client: str
    method: str
    status: int
    error: str | int | None
    commands: tuple[Command, ...]


class HitLog:
    """A mark is the number of hits so far."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hits: deque[LoggedHit] = deque(maxlen=_REMEMBERED)
        self._mark = 0

    def record(self, hit: LoggedHit) -> None:
        with self._lock:
            self._hits.append(hit)
            self._mark += 1

    def since(self, mark: int) -> tuple[int, list[LoggedHit]]:
        """Give the new mark, and the remembered hits after the old one."""
        with self._lock:
            count = max(0, self._mark - mark)
            return self._mark, list(self._hits)[-count:] if count else []


def summarise(hits: list[LoggedHit]) -> dict[str, Any]:
    commands = [command for hit in hits for command in hit.commands]
    operating: defaultdict[str, float] = defaultdict(float)
    for command in commands:
        operating[command.method] += command.operating
    return {
        "hits": len(hits),
        "commands": len(commands),
        "methods": dict(Counter(command.method for command in commands)),
        "statuses": {str(status): count for status, count in Counter(hit.status for hit in hits).items()},
        "errors": dict(Counter(str(command.error) for command in commands if command.error is not None)),
        "operating": {name: round(seconds, 3) for name, seconds in operating.items()},
    }


def render_hit(hit: LoggedHit) -> dict[str, Any]:
    return {
        "at": hit.at,
        "client": hit.client,
        "method": hit.method,
        "status": hit.status,
        "error": hit.error,
        "commands": [
            {"method": each.method, "params": each.params, "error": each.error} for each in hit.commands
        ],
    }
