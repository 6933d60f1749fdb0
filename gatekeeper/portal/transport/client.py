"""One hit on the portal: a JSON POST to the webhook, its answer or its error.

The webhook's URL is the key to the portal, and requests and urllib3 write it into their exceptions and their
log. So none of their exceptions is ever raised on, chained or kept as a context (a raise stands outside every
`except`), and their loggers are silenced.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from importlib.metadata import version
from typing import Any, Protocol, Self
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3.exceptions import HTTPError

from gatekeeper.model import errors
from gatekeeper.model.cards import Why
from gatekeeper.model.refs import Priority
from gatekeeper.portal.clock import PortalClock
from gatekeeper.portal.transport.breakage import breakage, late
from gatekeeper.portal.transport.line import Deadline, Line, LineLike, Reply
from gatekeeper.portal.transport.refusal import BATCH, refusal, unreadable
from gatekeeper.portal.transport.relocation import new_base
from gatekeeper.portal.transport.times import MethodTimes
from gatekeeper.portal.wire.forms import Misread, a_count

Json = str | int | float | bool | None | list[Any] | tuple[Any, ...] | Mapping[str, Any]

log = logging.getLogger(__name__)

SHORT_HIT_S, LONG_HIT_S = 3.0, 15.0
"""The longest is half of what a client waits, and a quarter of what the portal allows."""
_REDIRECTS = frozenset({301, 302, 307, 308})
_TELLTALES = ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry")
_BLOCK = timedelta(minutes=1)  # the time budget is counted in buckets of a minute
_LONGEST_BLOCK = timedelta(minutes=15)  # and there are ten of them


@dataclass(frozen=True, slots=True)
class Command:
    """A method and its parameters, as the portal names them.

    `takes` names the parameter that is the result of the command before this one, in the same hit.
    """

    method: str
    params: Mapping[str, Json]
    takes: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`total` and `next` (the `start` of the next page) are None where the portal sends none."""

    result: Any
    total: int | None
    next: int | None


class LimiterLike(Protocol):
    """The portal's bucket and its blocked methods, shared by all workers.

    `acquire` returns, whatever it returns, when a hit may be made; `blocked_until` is None for a free method;
    `fullness` is how much of what may be used is used up, from 0 to 1.
    """

    def acquire(self, priority: Priority) -> object: ...
    def penalise(self) -> None: ...
    def block(self, method: str, until: datetime) -> None: ...
    def blocked_until(self, method: str) -> datetime | None: ...
    def fullness(self) -> float: ...


class TroublesLike(Protocol):
    """What all processes know of the portal's troubles; see `gatekeeper.store.troubles`."""

    def met(self, errors: Iterable[errors.PortalError]) -> None: ...
    def followed(self, host: str) -> None: ...
    def answered(self, methods: Collection[str], *, at_home: bool) -> None: ...


class MeterLike(Protocol):
    """Counts hits and refusals; see `gatekeeper.metrics.meter`."""

    def hit(self, priority: Priority, methods: Iterable[str]) -> None: ...
    def refused(self, error: errors.PortalError) -> None: ...


class Unmetered:
    """Counts nothing."""

    def hit(self, priority: Priority, methods: Iterable[str]) -> None: ...
    def refused(self, error: errors.PortalError) -> None: ...


class Untold:
    """Keeps nothing: for whoever asks the portal beside the gate."""

    def met(self, errors: Iterable[errors.PortalError]) -> None: ...
    def followed(self, host: str) -> None: ...
    def answered(self, methods: Collection[str], *, at_home: bool) -> None: ...


class PortalClient:
    """The portal behind one webhook URL; any thread may call it. Close it, or use it in a `with`."""

    def __init__(  # noqa: PLR0913 - whoever opens a client names two or three of them
        self,
        url: str,
        limiter: LimiterLike,
        *,
        timeout_s: float = 30.0,
        meter: MeterLike | None = None,
        troubles: TroublesLike | None = None,
        clock: PortalClock | None = None,
        user_agent: str | None = None,
        open_line: Callable[[Mapping[str, str]], LineLike] = Line,
    ) -> None:
        """`url` is https://host/rest/user/code/; ValueError, which does not quote it, for what is no URL.

        `timeout_s` is for a whole hit, from its first byte to its last. `clock` hears every answer's time.
        """
        self._base, self.host = _base_and_host(url)
        self._limiter = limiter
        self._timeout_s = timeout_s
        self._meter = meter or Unmetered()
        self._troubles = troubles or Untold()
        self.clock = clock or PortalClock()
        self._named_host = self.host
        self._headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": user_agent or f"gatekeeper/{version('gatekeeper')}",
        }
        self._open_line = open_line
        self._idle: deque[LineLike] = deque()
        self.times = MethodTimes()
        for name in _TELLTALES:
            logging.getLogger(name).addFilter(_silence)

    def __repr__(self) -> str:
        return f"PortalClient({self.host})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the idle connections; a later call opens new ones."""
        while self._idle:
            self._idle.pop().close()

    def call(self, command: Command, *, priority: Priority = Priority.LIVE) -> Answer:
        """Make one hit, once the limiter lets it. PortalError for everything but an answer."""
        outcome = self.blocked(command.method) or self._hit(command, priority)
        if isinstance(outcome, errors.PortalError):
            raise outcome
        return outcome

    def blocked(self, method: str) -> errors.MethodBlocked | None:
        """Return the error with which the portal would meet this method now, as far as is known."""
        until = self._limiter.blocked_until(method)
        return errors.MethodBlocked(method, "OPERATION_TIME_LIMIT", None, until) if until else None

    def hit_s(self, priority: Priority) -> float:
        """How long a hit may last.

        Where somebody waits and there is room for many, they are short and in flight together.
        """
        if priority is not Priority.LIVE:
            return LONG_HIT_S
        return SHORT_HIT_S + (LONG_HIT_S - SHORT_HIT_S) * self._limiter.fullness()

    def learn(self, method: str, time: Any) -> None:
        """Keep how long it took and how much of its time is used, from the `time` of a good answer."""
        self.times.learn(method, time)

    def heed(self, refusals: Iterable[errors.PortalError]) -> None:
        """Tell the limiter, once each, what the portal refused for want of time; fills in `free_at`."""
        heard = list(refusals)
        for each in heard:
            self._meter.refused(each)
        spent = [each for each in heard if isinstance(each, errors.MethodBlocked)]
        free_at = {method: self._free_at(method) for method in {each.method for each in spent}}
        for each in spent:
            each.free_at = free_at[each.method]
        for method, until in free_at.items():
            self._limiter.block(method, until)
        if any(isinstance(each, errors.RateLimited) for each in heard):
            self._limiter.penalise()
        self._troubles.met(heard)

    def thank(self, methods: Collection[str]) -> None:
        """These methods were answered, so whatever stood in their way does no more."""
        self._troubles.answered(methods, at_home=self.host == self._named_host)

    def _free_at(self, method: str) -> datetime:
        """Return when the method answers again, by the machine's clock.

        A reset that is past, or absurd, counts as not known.
        """
        now = self.clock.machine_now()
        reset_at = self.times.reset_at(method) or now
        return reset_at if now < reset_at <= now + _LONGEST_BLOCK else now + _BLOCK

    def _hit(self, command: Command, priority: Priority) -> Answer | errors.PortalError:
        content = json.dumps(command.params).encode()
        self._limiter.acquire(priority)
        self._meter.hit(priority, _methods(command))
        sent_at = self.clock.monotonic()
        reply = self._post(command.method, content)
        if self._follows(command.method, reply):
            self._limiter.acquire(priority)
            self._meter.hit(priority, _methods(command))
            sent_at = self.clock.monotonic()
            reply = self._post(command.method, content)
        if isinstance(reply, errors.PortalError):
            outcome: Answer | errors.PortalError = reply
        else:
            outcome = self._understood(command.method, reply, sent_at)
        if isinstance(outcome, errors.PortalError):
            self.heed([outcome])
        elif command.method != BATCH:  # what a batch's answer is worth, its commands' answers say
            self.thank([command.method])
        return outcome

    def _post(self, method: str, content: bytes) -> Reply | errors.PortalError:
        with self._line() as line, Deadline(line, self._timeout_s) as deadline:
            try:
                reply = line.post(self._base + method, content, self._timeout_s)
            except (OSError, ValueError, HTTPError, HTTPException) as broken:
                return breakage(method, broken, is_late=deadline.is_over)
        # Where the length is not told, an answer that was cut off at the deadline looks whole.
        return late(method) if deadline.is_over else reply

    def _follows(self, method: str, reply: Reply | errors.PortalError) -> bool:
        """Go on at the portal's new address, where it is one that may know the webhook; nothing was done yet.

        Kept for this process's life only: that the config names the old address is for the admin to mend.
        """
        if isinstance(reply, errors.PortalError) or reply.status not in _REDIRECTS:
            return False
        moved_to = new_base(self._base, reply.location, method)
        if moved_to is None or moved_to == self._base:
            return False
        self._base, self.host = _base_and_host(moved_to)
        log.error("portal.moved host=%s", self.host)
        self._troubles.followed(self.host)
        return True

    @contextmanager
    def _line(self) -> Iterator[LineLike]:
        """Lend the line used last, or a new one.

        A session is not promised to be safe between threads, and threads come and go with every batch. So
        lines are lent, not bound to a thread, and their connections stay alive.
        """
        try:
            line = self._idle.pop()
        except IndexError:
            line = self._open_line(self._headers)
        try:
            yield line
        finally:
            self._idle.append(line)

    def _understood(self, method: str, reply: Reply, sent_at: float) -> Answer | errors.PortalError:
        status = reply.status
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            host = _new_host(self._base, reply.location)
            return errors.Moved(method, host) if host not in {"", self.host} else unreadable(method, status)
        body = _json(reply.content)
        if isinstance(body, dict) and "error" in body:
            return refusal(method, body, status)
        if not (isinstance(body, dict) and "result" in body and status < HTTPStatus.BAD_REQUEST):
            return unreadable(method, status)
        self.learn(method, body.get("time"))
        self.clock.hear(body.get("time"), sent_at)
        return answer_of(method, body["result"], body.get("total"), body.get("next"))


def answer_of(method: str, result: Any, total: Any, onward: Any) -> Answer | errors.Unreadable:
    """Make an answer of its parts: a `total` or `next` that is no number would make a list look whole.

    >>> answer_of("user.get", [], 120, "50")
    Answer(result=[], total=120, next=50)
    >>> isinstance(answer_of("user.get", [], None, True), errors.Unreadable)
    True
    """
    counts: list[int | None] = []
    for name, value in (("total", total), ("next", onward)):
        try:
            counts.append(None if value is None else a_count(value))
        except ValueError:
            return errors.Unreadable(method, Misread(Why.FORM, name).unread)
    return Answer(result, *counts)


def _methods(command: Command) -> list[str]:
    """Name the methods of a batch, or the one that is none."""
    commands = command.params.get("cmd") if command.method == BATCH else None
    if not isinstance(commands, Mapping):
        return [command.method]
    return [str(each).partition("?")[0] for each in commands.values()]


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _base_and_host(url: str) -> tuple[str, str]:
    parts = _split(url.strip())
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the portal's URL is not of the form https://host/rest/user/code/")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/", _host(parts)


def _new_host(base: str, location: str) -> str:
    parts = _split(urljoin(base, location)) if _split(location) else None
    return _host(parts) if parts else ""


def _split(url: str) -> SplitResult | None:
    """Split a URL, None for what is none: the exception's text would quote it."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> str:
    """Return host[:port] without the name and password that may stand before it."""
    return parts.netloc.rpartition("@")[2].lower()


def _silence(_: logging.LogRecord) -> bool:
    return False
