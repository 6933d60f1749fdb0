"""The report's tables: what stands in which column. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef
from gatekeeper.report.cells import Cell, Link
from gatekeeper.report.counting import Count, Figures, Reported
from gatekeeper.report.moves import LEFT, ReportedMove
from gatekeeper.report.people import People
from gatekeeper.report.period import Span
from gatekeeper.report.selection import Selection
from gatekeeper.report.words import ReportWords

Row = tuple[Cell, ...]

COUNTED = ("opened_count", "closed_count", "cured", "standing", "median", "longest")
VIOLATIONS = (
    *("card", "rule", "title", "manager", "manager_id", "department", "mover", "opened", "due", "closed"),
    *("hours", "closed_why", "mode", "fine", "currency"),
)
MOVES = ("card", "pipeline", "before", "after", "mover", "manager", "at", "result", "detail")
EXEMPTIONS = (
    *("id", "card", "rule", "part", "pipeline", "source", "user", "reason", "author", "granted", "until"),
    *("removed", "removed_by", "cards"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """How things are told: in which words, whose names, at which clock, and where the portal's cards are.

    `portal` is its scheme and host, as in https://firma.bitrix24.ru, and no more of the webhook's URL.
    """

    words: ReportWords
    people: People
    zone: ZoneInfo
    portal: str

    def headings(self, columns: Iterable[str]) -> list[str]:
        return [self.words.say("columns", column) for column in columns]

    def card(self, ref: EntityRef) -> Link:
        return Link(
            self.words.say("cards", ref.kind.value, id=ref.id),
            f"{self.portal}/crm/{ref.kind.value}/details/{ref.id}/",
        )

    def at(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self.zone) if moment else None


@dataclass(frozen=True, slots=True)
class Used:
    """An exemption that held at some time within the span, and on how many cards it took something off.

    What the config holds has no `granted_at`.
    """

    exemption: Exemption
    granted_at: datetime | None
    removed_at: datetime | None
    removed_by: str | None
    cards: int


def violation_row(violation: Reported, span: Span, told: Told) -> Row:
    people, words, manager = told.people, told.words, violation.responsible_id
    return (
        told.card(violation.ref),
        violation.rule,
        words.title(violation.rule),
        people.name(manager),
        manager,
        people.department_name(people.department_of(manager)),
        people.name(violation.mover_id),
        told.at(violation.opened_at),
        told.at(violation.due_at),
        told.at(violation.closed_at),
        violation.hours(span),
        words.closed_why(violation.closed_why),
        words.mode(violation.mode),
        violation.fine or None,
        violation.currency if violation.fine else None,
    )


def rule_table(figures: Figures, told: Told) -> tuple[list[str], list[Row]]:
    currencies = sorted(figures.total.fines)
    rows = [
        (rule, told.words.title(rule), *_counted(count, currencies))
        for rule, count in figures.by_rule.in_order(RULE_IDS)
    ]
    return [*told.headings(("rule", "title", *COUNTED)), *_fines(currencies, told)], rows


def manager_table(figures: Figures, told: Told) -> tuple[list[str], list[Row]]:
    currencies, people = sorted(figures.total.fines), told.people
    rows = [
        (
            people.name(manager),
            manager,
            people.department_name(people.department_of(manager)),
            *_counted(count, currencies),
        )
        for manager, count in figures.by_manager.most_burdened
    ]
    columns = ("manager", "manager_id", "department", *COUNTED)
    return [*told.headings(columns), *_fines(currencies, told)], rows


def department_table(figures: Figures, told: Told) -> tuple[list[str], list[Row]]:
    """Each manager in the first of his departments; those of whom none is known in a line without a name."""
    currencies, people = sorted(figures.total.fines), told.people
    managers = [people.department_of(each) for each, _ in figures.by_manager.most_burdened]
    rows = [
        (people.department_name(number), number, managers.count(number), *_counted(count, currencies))
        for number, count in figures.by_department.most_burdened
    ]
    columns = ("department", "department_id", "managers", *COUNTED)
    return [*told.headings(columns), *_fines(currencies, told)], rows


def move_rows(moves: Sequence[ReportedMove], told: Told) -> Iterator[Row]:
    for move in moves:
        yield (
            told.card(move.ref),
            move.pipeline,
            move.before,
            move.after,
            told.people.name(move.mover_id),
            told.people.name(move.responsible_id),
            told.at(move.at),
            told.words.result(move.result),
            told.words.left(move.detail) if move.result == LEFT else move.detail,
        )


def exemption_rows(used: Sequence[Used], told: Told) -> Iterator[Row]:
    for each in used:
        exemption = each.exemption
        yield (
            exemption.id,
            told.card(exemption.entity) if exemption.entity else None,
            exemption.rule,
            exemption.part,
            exemption.pipeline,
            exemption.source,
            told.people.name(exemption.user),
            exemption.reason,
            exemption.author,
            _day(told.at(each.granted_at)),
            exemption.until,
            _day(told.at(each.removed_at)),
            each.removed_by,
            each.cards,
        )


def held_within(used: Used, wanted: Selection) -> bool:
    """Whether it held at some time within the span and for one of the rules asked for, or was used in it."""
    exemption, span = used.exemption, wanted.span
    if wanted.rules is not None and exemption.rule not in {None, *wanted.rules}:
        return False
    over = exemption.until is not None and exemption.until < wanted.period.first
    begun = used.granted_at is None or used.granted_at < span.end
    removed = used.removed_at is not None and used.removed_at < span.begin
    return used.cards > 0 or (begun and not over and not removed)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _counted(count: Count, currencies: Sequence[str]) -> Row:
    fines = (count.fines[currency] or None for currency in currencies)
    return (
        count.opened,
        count.closed,
        count.cured,
        count.standing,
        count.median,
        count.longest,
        *fines,
    )


def _fines(currencies: Sequence[str], told: Told) -> list[str]:
    return [told.words.say("columns", "fine_in", currency=currency) for currency in currencies]
