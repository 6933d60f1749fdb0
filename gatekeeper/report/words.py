"""What the report says. What rules and outcomes are called, it has from the messages in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from gatekeeper.messages import Messages
from gatekeeper.messages.words import words_of
from gatekeeper.model.cards import Unread


class ReportWords:
    """One language; `messages` are those in force."""

    def __init__(self, language: str, messages: Messages) -> None:
        self._words = words_of(language, "report")
        self._told = messages.words("explain")
        self._messages = messages
        self.formatter = self._words.formatter

    def say(self, section: str, name: str, **facts: object) -> str:
        return self._words.say(f"{section}.{name}", **facts)

    def title(self, rule: str) -> str:
        """The id itself for a rule that this version does not know."""
        try:
            return self._messages.title(rule)
        except KeyError:
            return rule

    def unread(self, why: Iterable[Unread]) -> str:
        return self._messages.unread(why)

    def mode(self, mode: str) -> str:
        return self._words.known(f"modes.{mode}", mode)

    def closed_why(self, why: str | None) -> str:
        if why is None:
            return self._words.say("closed.standing")
        return self._told.known(f"closed.{why}", why)

    def result(self, result: str) -> str:
        return self._words.known(f"results.{result}", self._told.known(f"results.{result}", result))

    def left(self, why: str) -> str:
        return self._words.known(f"left.{why}", why)

    def moment(self, moment: datetime) -> str:
        return moment.strftime(self.formatter.moment)

    def day(self, day: date) -> str:
        return day.strftime(self.formatter.day)

    def number(self, number: float) -> str:
        return str(number).replace(".", self.formatter.decimal)
