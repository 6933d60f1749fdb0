"""Faults on demand: what a portal, its network or its administrator may do to a client.

A fault is met by its method (any, when it names none; a batch also by the names of its commands), so many
times (`count`, without end when null), with a probability. The kinds:

    503 · 500 · overload · portal_deleted     the whole hit is refused
    429                                       the method's operating time is spent
    timeout_before · timeout_after            no answer comes; nothing, or everything, was done
    truncated                                 done, but half of the answer is missing
    spoilt                                    done, but the answer is wrong in one place
    astray                                    done, but each list says that it goes on, always at row 50
    giant                                     done, and 65 MB of white space follow
    endless                                   done, and the answer comes a byte every `seconds`
    redirect                                  302 with HTML to another `host`
    error                                     the method refuses with `code` and `description`
    revoked · scope · owner_fired · hidden    the webhook, its `scope`, its owner, his rights to a `ref`
    deleted_before_read                       the card is gone before its event is sent
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from threading import Event, Lock
from typing import Any

from bitrix24_sandbox.errors import RestError
from bitrix24_sandbox.options import SCOPES, WEBHOOK_CODE, WEBHOOK_USER
from bitrix24_sandbox.schema import Kind

HIT_KINDS = frozenset(
    {
        *("503", "500", "overload", "portal_deleted", "redirect", "timeout_before", "timeout_after"),
        *("truncated", "spoilt", "astray", "giant", "endless"),
    }
)
COMMAND_KINDS = frozenset({"429", "error"})
STATE_KINDS = frozenset({"revoked", "scope", "owner_fired", "hidden"})
EVENT_KINDS = frozenset({"deleted_before_read"})
KINDS = HIT_KINDS | COMMAND_KINDS | STATE_KINDS | EVENT_KINDS
HOWS: Mapping[str, tuple[str, ...]] = {
    "spoilt": ("object", "missing", "null", "retyped", "swapped"),
    "giant": ("plain", "zipped"),
    "endless": ("body", "head", "continue"),
}
"""The ways of a kind that has several; the first one where none is named."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`method` lower-case; `seconds` how long a timeout keeps silent, or an endless answer between bytes."""

    kind: str
    how: str = ""
    method: str | None = None
    count: int | None = None
    probability: float = 1.0
    seconds: float = 60.0
    host: str = "renamed.bitrix24.example"
    scope: str = ""
    ref: tuple[Kind, int] | None = None
    code: str = "INTERNAL_SERVER_ERROR"
    description: str = ""
    status: int = 400


@dataclass(frozen=True, slots=True)
class Webhook:
    """The incoming webhook, as its administrator left it."""

    user_id: int
    code: str
    scopes: tuple[str, ...]
    revoked: bool
    owner_fired: bool


@dataclass(slots=True)
class Faults:
    """Nothing is wrong until a fault is put; `scopes` are the webhook's until one is taken. Thread-safe."""

    scopes: tuple[str, ...] = SCOPES
    code: str = WEBHOOK_CODE
    random: Random = field(default_factory=lambda: Random(0))  # noqa: S311
    stopping: Event = field(default_factory=Event)
    _active: dict[int, Fault] = field(default_factory=dict)
    _met: dict[int, int] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    _lock: Lock = field(default_factory=Lock)

    def put(self, fault: Fault) -> int:
        with self._lock:
            number = next(self._numbers)
            self._active[number], self._met[number] = fault, 0
            return int(number)

    def clear(self, number: int | None = None) -> None:
        with self._lock:
            for each in [number] if number is not None else list(self._active):
                self._active.pop(each, None)
                self._met.pop(each, None)

    def active(self) -> Mapping[int, tuple[Fault, int]]:
        """By number, with how often each was met."""
        with self._lock:
            return {number: (fault, self._met[number]) for number, fault in self._active.items()}

    def meet(self, kinds: frozenset[str], matches: Callable[[Fault], bool]) -> Fault | None:
        """Find the first fault of these kinds that strikes now; its count goes down."""
        with self._lock:
            for number, fault in self._active.items():
                exhausted = fault.count is not None and self._met[number] >= fault.count
                if fault.kind not in kinds or exhausted or not matches(fault):
                    continue
                if self.random.random() < fault.probability:
                    self._met[number] += 1
                    return fault
        return None

    @property
    def hidden(self) -> frozenset[tuple[Kind, int]]:
        """Cards that the webhook's owner may not see."""
        return frozenset(fault.ref for fault in self._of("hidden") if fault.ref)

    @property
    def webhook(self) -> Webhook:
        removed = {fault.scope for fault in self._of("scope")}
        scopes = tuple(scope for scope in self.scopes if scope not in removed)
        return Webhook(
            WEBHOOK_USER, self.code, scopes, bool(self._of("revoked")), bool(self._of("owner_fired"))
        )

    def sleep(self, seconds: float) -> None:
        """Wait, unless the sandbox stops meanwhile."""
        self.stopping.wait(max(0.0, seconds))

    def refuse_command(self, name: str) -> None:
        """Raise what a single method was told to answer."""
        fault = self.meet(COMMAND_KINDS, lambda each: each.method in {None, name})
        if fault and fault.kind == "429":
            raise operation_time_limit()
        if fault:
            raise RestError(fault.code, fault.description, status=fault.status)

    def _of(self, kind: str) -> list[Fault]:
        with self._lock:
            return [fault for fault in self._active.values() if fault.kind == kind]


def operation_time_limit() -> RestError:
    return RestError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", status=429)
