"""What the report is called and what stands over its columns, in Russian and English.

Not among the messages, which managers read and an admin rewords. What rules and outcomes are called comes
from those, so that one thing has one name everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from gatekeeper.messages import Messages
from gatekeeper.messages.phrases import load_phrases
from gatekeeper.model.cards import Unread


class ReportWords:
    """One language; `messages` are those in force."""

    def __init__(self, language: str, messages: Messages) -> None:
        self._words: Mapping[str, Mapping[str, str]] = load_phrases("gatekeeper.report", language)
        self._messages = messages
        told = messages.words_of("explain")
        self._closed: Mapping[str, str] = {**told["closed"], **self._words["closed"]}
        self._results: Mapping[str, str] = {**told["results"], **self._words["results"]}

    def say(self, section: str, name: str, **facts: object) -> str:
        return self._words[section][name].format(**facts)

    def title(self, rule: str) -> str:
        """The id itself for a rule that this version does not know."""
        try:
            return self._messages.title(rule)
        except KeyError:
            return rule

    def unread(self, why: Iterable[Unread]) -> str:
        return self._messages.unread(why)

    def mode(self, mode: str) -> str:
        return self._words["modes"].get(mode, mode)

    def closed_why(self, why: str | None) -> str:
        return str(self._closed.get(why or "standing", why))

    def result(self, result: str) -> str:
        return str(self._results.get(result, result))

    def left(self, why: str) -> str:
        return self._words["left"].get(why, why)

    def moment(self, moment: datetime) -> str:
        return moment.strftime(self._words["formats"]["moment"])

    def day(self, day: date) -> str:
        return day.strftime(self._words["formats"]["day"])

    def number(self, number: float) -> str:
        return str(number).replace(".", self._words["formats"]["decimal"])
