"""The report's first page: what it is about, what it counts, and what the reader must know of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gatekeeper.report.counting import Figures
from gatekeeper.report.decided import Decided
from gatekeeper.report.moves import LEFT, ReportedMove
from gatekeeper.report.selection import Selection
from gatekeeper.report.tables import Row, Told


@dataclass(frozen=True, slots=True)
class Reservations:
    """What the reader must know: since when the gate watches, before when its journal is deleted, if ever.

    `dry_run` says that nobody is told of violations at present.
    """

    watching_since: datetime | None = None
    deleted_before: datetime | None = None
    dry_run: bool = False


def summary_rows(
    wanted: Selection,
    figures: Figures,
    moves: Sequence[ReportedMove],
    decided: Decided,
    reservations: Reservations,
    told: Told,
) -> Iterator[Row]:
    words = told.words
    for name, value in _asked(wanted, told):
        yield words.say("summary", name), value
    yield words.say("summary", "revisions"), ", ".join(decided.revisions)
    yield words.say("summary", "known"), decided.known
    yield words.say("summary", "cards"), decided.cards
    for name in ("opened", "closed", "cured", "standing"):
        yield words.say("summary", name), getattr(figures.total, name)
    for currency, fine in sorted(figures.total.fines.items()):
        yield words.say("summary", "fine", currency=currency), fine
    for name, count in move_counts(moves).items():
        yield words.say("summary", name), count
    for rule, why, count in decided.not_judged:
        label = words.say("summary", "not_judged", title=words.title(rule))
        yield label, words.say("summary", "not_judged_value", why=words.unread(why), count=count)
    for note in notes(wanted, reservations, told):
        yield words.say("summary", "note"), note


def period_in_words(wanted: Selection, told: Told) -> str:
    return f"{told.words.day(wanted.period.first)} – {told.words.day(wanted.period.last)}"


def move_counts(moves: Sequence[ReportedMove]) -> Mapping[str, int]:
    results = Counter(move.result for move in moves)
    return {"moved": results["applied"], "refused": results["failed"], "left": results[LEFT]}


def _asked(wanted: Selection, told: Told) -> Iterator[tuple[str, str]]:
    yield "period", period_in_words(wanted, told)
    yield "made", told.words.moment(wanted.made_at.astimezone(told.zone))
    if wanted.rules:
        yield "rules", ", ".join(wanted.rules)
    if wanted.managers:
        yield "managers", ", ".join(map(told.people.name, wanted.managers))
    if wanted.departments:
        yield "departments", ", ".join(map(told.people.department_name, wanted.departments))


def notes(wanted: Selection, reservations: Reservations, told: Told) -> Iterator[str]:
    words, begin = told.words, wanted.span.begin
    for why in told.people.unread:
        yield words.say("notes", "unread", why=words.unread((why,)))
    if reservations.dry_run:
        yield words.say("notes", "dry_run")
    since, deleted = told.at(reservations.watching_since), told.at(reservations.deleted_before)
    if since and since > begin:
        yield words.say("notes", "watching", day=words.day(since))
    if deleted and deleted > begin:
        yield words.say("notes", "retention", day=words.day(deleted))
