"""What a rule found on a card: a violation, that it could not judge, or what is about to happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gatekeeper.model.cards import Unread

Facts = Mapping[str, Any]  # JSON values only: facts are journalled, explained and shown


@dataclass(frozen=True, slots=True)
class Violation:
    """`facts` holds what was found and what was wanted, in the words that the message templates use.

    `partial`: it is proven, and something that could not be read might add to its facts.
    """

    rule: str
    facts: Facts
    partial: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NotJudged:
    """`why` are the parts that could not be read, for an admin."""

    rule: str
    why: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Announcement:
    """What will break `rule` unless somebody does something; no violation yet.

    `facts` hold a moment to come and nothing that depends on when the card was looked at: the text is
    written once.
    """

    rule: str
    facts: Facts


Finding = Violation | NotJudged | None
Outlook = Announcement | NotJudged | None
