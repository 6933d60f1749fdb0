"""What every reader does with the outcomes of a batch: parse them, and follow long lists to their end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gatekeeper.model.cards import Unread, Why
from gatekeeper.model.errors import (
    AccessDenied,
    AccessLost,
    Moved,
    PortalError,
    ScopeMissing,
    Unavailable,
    Unreadable,
)
from gatekeeper.model.refs import Priority
from gatekeeper.model.trouble import scope_of
from gatekeeper.portal.transport.batch import run
from gatekeeper.portal.transport.client import Answer, Command, PortalClient
from gatekeeper.portal.transport.rounds import Reading
from gatekeeper.portal.wire.forms import Keyed, Misread, a_list, part

T = TypeVar("T")
Page = Callable[[int], Command]  # start -> the command for that page
Parser = Callable[[Any], Keyed]

MOST_PAGES = 1000
"""More than any list that is read whole has: comments of a card, deals of a client, employees."""

FATAL = (Unavailable, AccessLost, Moved)
"""Faults that time or an admin may mend: the whole card comes back later."""


def ask(client: PortalClient, commands: Sequence[Command], priority: Priority) -> list[Answer | PortalError]:
    return run(client, commands, priority=priority) if commands else []


def parsed(outcome: Answer | PortalError, parse: Callable[[Any], T]) -> T | PortalError:
    """Read an answer; one in no documented form could not be read."""
    if isinstance(outcome, PortalError):
        return outcome
    try:
        return parse(outcome.result)
    except Misread as error:
        return Unreadable("answer", error.unread)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return Unreadable("answer", Misread(Why.FORM, "result").unread)


def unread_of(error: PortalError) -> Unread:
    """Say why a part could not be read.

    Without the HTTP status, which one command has alone and not in a batch: equal faults are one reason.
    """
    match error:
        case Unreadable(unread=unread):
            return unread
        case ScopeMissing():
            return Unread.of(Why.NO_SCOPE, scope=scope_of(error.method), method=error.method)
        case AccessDenied():
            return Unread.of(Why.DENIED, method=error.method)
        case Unavailable() | AccessLost() | Moved():
            return Unread.of(Why.NO_ANSWER, method=error.method, reason=error.code)
        case _:
            return Unread.of(Why.REFUSED, method=error.method, reason=error.code)


def counted(outcome: Answer | PortalError, name: str | None = None) -> Answer | PortalError:
    """Refuse an answer that counts more rows than it shows and has no further page.

    `name` is the key under which the rows stand, None where they are the answer.
    """
    if isinstance(outcome, PortalError) or outcome.total is None or outcome.next is not None:
        return outcome
    rows = parsed(outcome, lambda result: a_list(result if name is None else part(result, name)))
    if isinstance(rows, PortalError):
        return rows
    return outcome if len(rows) >= outcome.total else _contradiction("total")


def _contradiction(name: str) -> Unreadable:
    return Unreadable("answer", Misread(Why.CONTRADICTION, name).unread)


@dataclass
class _List:
    """One list on its way from page to page.

    The first page tells how many rows there are, so the others are asked for together.
    """

    page: Page
    parse: Parser
    repeats: bool
    pages_left: int
    total: int | None = None
    farthest: int = 0
    rows: dict[int, Any] = field(default_factory=dict)
    count: int = 0
    error: PortalError | None = None

    def take(self, start: int, outcome: Answer | PortalError) -> list[int]:
        """Keep the page that begins at `start`; the starts of those to ask for next, [] after an error."""
        found = parsed(outcome, self.parse)
        if isinstance(found, PortalError):
            self.error = found
        elif isinstance(outcome, Answer) and self.error is None:
            return self._keep(found, outcome, start)
        return []

    def _keep(self, found: Keyed, answer: Answer, start: int) -> list[int]:
        """Refuse rows that come twice, pages that lead nowhere, and a list that changes while it is read."""
        known = len(self.rows)
        self.pages_left -= 1
        self.count += len(found)
        self.rows |= dict(found)
        onward = answer.next
        doubled = self.count != len(self.rows) and not self.repeats
        astray = onward is not None and (onward <= start or len(self.rows) == known or not self.pages_left)
        if doubled or astray or self._has_shrunk(answer.total, start):
            self.error = _contradiction("total")
            return []
        self.total = answer.total
        return self._onward(start, onward)

    def _has_shrunk(self, total: int | None, start: int) -> bool:
        """Rows that are added come last; where one is gone, another has moved to a page already read."""
        if start == 0:
            return False
        return (total is None) != (self.total is None) or (total or 0) < (self.total or 0)

    def _onward(self, start: int, onward: int | None) -> list[int]:
        """All the other pages after the first, where their number is known; else the one that follows."""
        if onward is None or onward <= self.farthest:
            return []
        counted = onward + 1 if self.total is None or start > 0 else max(self.total, onward + 1)
        starts = list(range(onward, counted, onward))
        if len(starts) > self.pages_left:
            self.error = _contradiction("total")
            return []
        self.farthest = starts[-1]
        return starts

    @property
    def value(self) -> tuple[Any, ...] | PortalError:
        short = self.total is not None and self.count < self.total
        return self.error or (_contradiction("total") if short else tuple(self.rows.values()))


def whole_lists(
    pages: Sequence[Page], parsers: Sequence[Parser], *, repeats: bool = False, most_pages: int = MOST_PAGES
) -> Reading[list[tuple[Any, ...] | PortalError]]:
    """Each list from its first page to its last; a page that fails fails its list.

    A list whose pages do not end within `most_pages`, or which changes while it is read, could not be read.

    Rows are told apart by their ids. `repeats`: this list may show a row several times.
    """
    lists = [_List(page, parse, repeats, most_pages) for page, parse in zip(pages, parsers, strict=True)]
    wanted = [(each, 0) for each in lists]
    while wanted:
        outcomes = yield [each.page(start) for each, start in wanted]
        wanted = [
            (each, onward)
            for (each, start), outcome in zip(wanted, outcomes, strict=True)
            for onward in each.take(start, outcome)
        ]
    return [each.value for each in lists]
