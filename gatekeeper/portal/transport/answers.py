"""What every reader does with the outcomes of a batch: parse them, and follow long lists to their end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from gatekeeper.model.errors import (
    AccessLost,
    Moved,
    PortalError,
    Refused,
    Unavailable,
)
from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.batch import run
from gatekeeper.portal.transport.client import Answer, Command, PortalClient

T = TypeVar("T")
Page = Callable[[int], Command]  # start -> the command for that page

FATAL = (Unavailable, AccessLost, Moved)
"""Faults that time or an admin may mend: the whole card comes back later."""


def ask(client: PortalClient, commands: Sequence[Command], priority: Priority) -> list[Answer | PortalError]:
    return run(client, commands, priority=priority) if commands else []


def parsed(outcome: Answer | PortalError, parse: Callable[[Any], T]) -> T | PortalError:
    """An answer of an unknown shape is an answer that could not be read."""
    if isinstance(outcome, PortalError):
        return outcome
    try:
        return parse(outcome.result)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Refused("answer", detail="its shape is not what the portal documents")


def whole_lists(
    client: PortalClient,
    pages: Sequence[Page],
    firsts: Sequence[Answer | PortalError],
    parse: Callable[[Any], tuple[T, ...]],
    priority: Priority,
) -> list[tuple[T, ...] | PortalError]:
    """Each list from its first page to its last, in rounds; a page that fails fails its list."""
    values: list[tuple[T, ...] | PortalError] = [()] * len(pages)
    outcomes = dict(enumerate(firsts))
    while outcomes:
        onward: dict[int, int] = {}
        for place, outcome in outcomes.items():
            before, more = values[place], parsed(outcome, parse)
            values[place] = before + more if isinstance(before, tuple) and isinstance(more, tuple) else more
            if isinstance(outcome, Answer) and isinstance(more, tuple) and outcome.next:
                onward[place] = outcome.next
        answers = ask(client, [pages[place](start) for place, start in onward.items()], priority)
        outcomes = dict(zip(onward, answers, strict=True))
    return values
