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
    """One list on its way from page to page."""

    page: Page
    parse: Parser
    repeats: bool
    pages_left: int
    start: int = 0
    rows: dict[int, Any] = field(default_factory=dict)
    count: int = 0
    error: PortalError | None = None

    def take(self, outcome: Answer | PortalError) -> int | None:
        """Keep a page; the start of the next one, None at the end and after an error."""
        found = parsed(outcome, self.parse)
        if isinstance(found, PortalError):
            self.error = found
        elif isinstance(outcome, Answer):
            return self._keep(found, outcome)
        return None

    def _keep(self, found: Keyed, answer: Answer) -> int | None:
        """Refuse rows that come twice, pages that lead nowhere, and fewer rows than are counted."""
        known = len(self.rows)
        self.pages_left -= 1
        self.count += len(found)
        self.rows |= dict(found)
        onward = answer.next
        doubled = self.count != len(self.rows) and not self.repeats
        astray = onward is not None and (
            onward <= self.start or len(self.rows) == known or not self.pages_left
        )
        short = onward is None and answer.total is not None and self.count < answer.total
        if doubled or astray or short:
            self.error = _contradiction("total")
            return None
        self.start = self.start if onward is None else onward
        return onward

    @property
    def value(self) -> tuple[Any, ...] | PortalError:
        return self.error or tuple(self.rows.values())


def whole_lists(
    client: PortalClient,
    pages: Sequence[Page],
    firsts: Sequence[Answer | PortalError],
    parsers: Sequence[Parser],
    priority: Priority,
    *,
    repeats: bool = False,
    most_pages: int = MOST_PAGES,
) -> list[tuple[Any, ...] | PortalError]:
    """Each list from its first page to its last, in rounds; a page that fails fails its list.

    A list whose pages do not end within `most_pages` could not be read.

    Rows are told apart by their ids. `repeats`: this list may show a row several times.
    """
    lists = [_List(page, parse, repeats, most_pages) for page, parse in zip(pages, parsers, strict=True)]
    outcomes = list(zip(lists, firsts, strict=True))
    while outcomes:
        onward = [(each, start) for each, outcome in outcomes if (start := each.take(outcome))]
        answers = ask(client, [each.page(start) for each, start in onward], priority)
        outcomes = [(each, answer) for (each, _), answer in zip(onward, answers, strict=True)]
    return [each.value for each in lists]
