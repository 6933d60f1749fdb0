"""The digest of a day, as one notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gatekeeper.messages import Messages
from gatekeeper.model.cards import Unread
from gatekeeper.model.figures import DayFigures, ViolationCounts

MOST_PEOPLE = 15
MOST_REASONS = 5


def render_digest(messages: Messages, figures: DayFigures) -> str:
    """Lines with figures; a line that would say nothing is left out."""
    return messages.typeset("\n".join(_lines(messages, figures)))


def _lines(messages: Messages, figures: DayFigures) -> Iterator[str]:
    words = messages.table("digest")

    def say(line: str, **facts: object) -> str:
        return messages.render(words[line], **facts)

    yield say("title", day=figures.day.isoformat())
    if figures.by_rule:
        yield say("rules")
        titled = [(messages.title(each.name), each) for each in figures.by_rule]
        yield from (_counts(messages, title, each) for title, each in titled)
    yield from _people(messages, figures.by_person)
    if figures.reverted or figures.left:
        yield say("reverts", reverted=figures.reverted, left=figures.left)
    if figures.breaker_since is not None:
        yield say("breaker", day=figures.breaker_since.date().isoformat())
    for rule, why, count in figures.not_judged[:MOST_REASONS]:
        yield say("not_judged", title=messages.title(rule), why=_why(words, why), count=count)
    if figures.dead_letters:
        yield say("dead_letters", count=figures.dead_letters)


def _why(words: Mapping[str, Any], why: Iterable[Unread]) -> str:
    """Without the methods and codes that an admin needs."""
    return "; ".join(dict.fromkeys(words["why"][each.code] for each in why))


def _people(messages: Messages, people: Sequence[ViolationCounts]) -> Iterator[str]:
    words = messages.table("digest")
    if people:
        yield str(words["people"])
        yield from (_counts(messages, person.name, person) for person in people[:MOST_PEOPLE])
    if len(people) > MOST_PEOPLE:
        yield messages.render(words["more_people"], count=len(people) - MOST_PEOPLE)


def _counts(messages: Messages, name: str, counts: ViolationCounts) -> str:
    template = messages.table("digest")["tally"]
    figures = {"opened": counts.opened, "closed": counts.closed, "standing": counts.standing}
    return messages.render(template, name=name, **figures)
