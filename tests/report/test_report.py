"""What counts in which period, on both databases: rows are put into the journal, the report is asked."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, update

from gatekeeper.judge.policy import Mode
from gatekeeper.messages import LANGUAGES, Messages
from gatekeeper.messages.words import tables
from gatekeeper.model.cards import Unread, Why
from gatekeeper.model.exemption import Exemption, exemption_as_json
from gatekeeper.model.findings import NotJudged
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.staff import Department, Employee, Staff
from gatekeeper.report import (
    People,
    Period,
    Report,
    ReportWords,
    Reservations,
    Selection,
    Span,
    Told,
    whole_file,
)
from gatekeeper.report.counting import Count, Reported
from gatekeeper.report.tables import Used, held_within
from gatekeeper.report.violations import read_violations
from gatekeeper.store.exemptions import Granted
from gatekeeper.store.journal.codec import encode
from gatekeeper.store.journal.tables import action_table, violation_table
from tests.rows import add_decision, add_violation

MOSCOW = ZoneInfo("Europe/Moscow")
OCTOBER, NOVEMBER = Period.month_of("2026-10"), Period.month_of("2026-11")
BEGIN, END = OCTOBER.begin(MOSCOW), OCTOBER.end(MOSCOW)
SECOND = timedelta(seconds=1)
LATER = datetime(2026, 12, 24, 12, 0, tzinfo=MOSCOW)
ANNA, BORIS, GLEB = 2, 3, 5
STAFF = Staff(
    {
        ANNA: Employee(ANNA, "Соколова Анна", True, (1,), ()),
        BORIS: Employee(BORIS, "=Ковалёв", True, (2, 1), ()),
    },
    {1: Department(1, "Приёмная", None, None), 2: Department(2, "Колледж", 1, None)},
)
NUMBERS = count(1)


def a_report(engine: Engine, period: Period = OCTOBER, now: datetime = LATER, **changes: Any) -> Report:
    wanted = {name: changes.pop(name) for name in ("rules", "people", "observed") if name in changes}
    words = ReportWords("ru", Messages.in_language("ru"))
    told = Told(words, People(changes.pop("staff", STAFF)), MOSCOW, "https://firma.example")
    selection = Selection(period, Span.of(period, now.astimezone(MOSCOW)), now, **wanted)
    return Report(engine, selection, told, **changes)


def violation(engine: Engine, **changes: Any) -> None:
    given = {"responsible_id": ANNA, "opened_at": BEGIN + SECOND, "fine": 100, "currency": "RUB"}
    add_violation(engine, next(NUMBERS), **{**given, **changes})


def decision(engine: Engine, at: datetime, **changes: Any) -> str:
    return add_decision(engine, next(NUMBERS), at, **changes)


def lines(report: Report) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    report.write_csv(out, ",")
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def sheets(report: Report, folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    file = folder / f"{next(NUMBERS)}.xlsx"
    report.write_xlsx(file)
    return {each.title: list(each.iter_rows(values_only=True)) for each in openpyxl.load_workbook(file)}


def total(report: Report, folder: Path) -> tuple[Any, ...]:
    """Opened, closed, standing."""
    told = dict(sheets(report, folder)["Сводка"][1:])
    return tuple(told[each] for each in ("Новые нарушения", "Закрытые нарушения", "Открыто на конец периода"))


@pytest.mark.parametrize(
    ("opened", "closed", "counts"),
    [
        (BEGIN, None, (1, 0, 1)),
        (BEGIN - SECOND, None, (0, 0, 1)),
        (BEGIN - SECOND, BEGIN, (0, 1, 0)),
        (BEGIN - SECOND, BEGIN - SECOND, (0, 0, 0)),
        (END - SECOND, END - SECOND, (1, 1, 0)),
        (END - SECOND, END, (1, 0, 1)),
        (END, None, (0, 0, 0)),
    ],
)
def test_a_period_counts_what_began_and_ended_in_it_and_what_stood_at_its_end(
    engine: Engine, tmp_path: Path, opened: datetime, closed: datetime | None, counts: tuple[int, int, int]
) -> None:
    violation(engine, opened_at=opened, closed_at=closed, closed_why="cured" if closed else None)
    assert total(a_report(engine), tmp_path) == counts


@pytest.mark.parametrize(
    ("due", "closed", "october", "november"),
    [
        (END - SECOND, None, 1, 0),
        (END, None, 0, 1),
        (END + SECOND, END, 0, 0),
        (END + SECOND, END + SECOND, 0, 1),
        (BEGIN - SECOND, None, 1, 0),  # a respite used up earlier
    ],
)
def test_a_violation_is_new_when_its_grace_is_over(
    engine: Engine, tmp_path: Path, due: datetime, closed: datetime | None, october: int, november: int
) -> None:
    violation(engine, due_at=due, closed_at=closed)
    assert [total(a_report(engine, each), tmp_path)[0] for each in (OCTOBER, NOVEMBER)] == [october, november]


def test_a_report_of_a_month_that_is_over_says_the_same_whenever_it_is_made(
    engine: Engine, tmp_path: Path
) -> None:
    violation(engine)
    violation(engine, closed_at=END - SECOND, closed_why="cured")
    before = sheets(a_report(engine), tmp_path)
    with engine.begin() as conn:
        standing = violation_table.c.closed_at.is_(None)
        conn.execute(update(violation_table).where(standing).values(closed_at=LATER, closed_why="cured"))
    violation(engine, opened_at=END)
    assert sheets(a_report(engine), tmp_path) == before
    assert before["Нарушения"][1][9:12] == (None, pytest.approx(744, abs=1), "открыто")


moments = st.integers(-40, 60).map(lambda days: BEGIN + timedelta(days=days))
stories = st.tuples(moments, st.none() | st.integers(0, 30), st.none() | st.integers(0, 40))


@given(stories=st.lists(stories, max_size=30), cut=st.integers(1, 60))
def test_what_is_new_in_two_adjacent_periods_is_new_in_both_together(
    stories: list[tuple[datetime, int | None, int | None]], cut: int
) -> None:
    spans = [
        Span(BEGIN, BEGIN + timedelta(days=cut)),
        Span(BEGIN + timedelta(days=cut), BEGIN + timedelta(days=61)),
    ]
    whole = Span(spans[0].begin, spans[1].end)
    first, second, both = (_counted(stories, each) for each in (*spans, whole))
    assert both.opened == first.opened + second.opened
    assert both.closed == first.closed + second.closed
    assert both.standing == second.standing
    assert both.fines == first.fines + second.fines
    assert second.standing == first.standing + second.opened - second.closed


def _counted(stories: list[tuple[datetime, int | None, int | None]], span: Span) -> Count:
    """As the journal's queries would hand them over."""
    counted = Count()
    for opened_at, grace, lasted in stories:
        counts_from = opened_at + timedelta(days=grace or 0)
        ended = None if lasted is None else opened_at + timedelta(days=lasted)
        closed_at = ended if ended and ended < span.end else None
        if counts_from >= span.end or (ended and (ended < span.begin or ended < counts_from)):
            continue
        counted.add(_reported(opened_at, counts_from, closed_at), span)
    return counted


def _reported(opened_at: datetime, counts_from: datetime, closed_at: datetime | None) -> Reported:
    return Reported(
        ref=EntityRef(Kind.DEAL, 1),
        rule="deal.lead",
        mode="warn",
        responsible_id=ANNA,
        mover_id=None,
        opened_at=opened_at,
        counts_from=counts_from,
        due_at=counts_from,
        closed_at=closed_at,
        closed_why="cured" if closed_at else None,
        fine=1,
        currency="RUB",
    )


def test_hours_are_those_between_finding_and_closing_or_the_end(engine: Engine, tmp_path: Path) -> None:
    for hours in (1, 2, 9):
        closed = {"closed_at": BEGIN + timedelta(hours=hours), "closed_why": "cured"}
        violation(engine, opened_at=BEGIN, **closed)
    violation(engine, opened_at=END - timedelta(hours=5))
    violation(engine, opened_at=END - timedelta(hours=7))
    (row,) = sheets(a_report(engine), tmp_path)["По менеджерам"][1:]
    assert row == ("Соколова Анна", ANNA, "Приёмная", 5, 3, 3, 2, 2, 7, 500)


def test_fines_are_summed_by_currency_and_what_was_exempted_owes_none(engine: Engine, tmp_path: Path) -> None:
    violation(engine, fine=100)
    violation(engine, fine=900, currency="KZT")
    violation(engine, fine=100, closed_at=END - SECOND, closed_why="exempt")
    violation(engine, fine=None, currency=None, responsible_id=BORIS)
    violation(engine, fine=100, opened_at=BEGIN - SECOND)  # the month before asked for it
    book = sheets(a_report(engine), tmp_path)
    assert book["По менеджерам"][0][-2:] == ("Штрафы, KZT", "Штрафы, RUB")
    assert [row[-2:] for row in book["По менеджерам"][1:]] == [(900, 100), (None, None)]
    assert dict(book["Сводка"])["Штрафы за новые нарушения, RUB"] == 100


def test_everybody_counts_in_the_first_of_his_departments_and_strangers_in_none(
    engine: Engine, tmp_path: Path
) -> None:
    for manager in (ANNA, BORIS, GLEB, GLEB):
        violation(engine, responsible_id=manager)
    rows = sheets(a_report(engine), tmp_path)["По отделам"][1:]
    assert {row[:5] for row in rows} == {
        (None, None, 1, 2, 0),
        ("Приёмная", 1, 1, 1, 0),
        ("Колледж", 2, 1, 1, 0),
    }


def test_names_that_look_like_formulas_are_text_wherever_they_stand(sqlite: Engine, tmp_path: Path) -> None:
    violation(sqlite, responsible_id=BORIS)
    report = a_report(sqlite)
    assert lines(report)[0]["Менеджер"] == "'=Ковалёв"
    file = tmp_path / "names.xlsx"
    report.write_xlsx(file)
    for sheet in openpyxl.load_workbook(file):
        for row in sheet:
            assert not [cell for cell in row if cell.data_type == "f"]


def test_violations_come_in_the_order_in_which_they_were_found_however_many(sqlite: Engine) -> None:
    with sqlite.begin() as conn:
        for number in range(1201):
            values = {"kind": "deal", "rule": "deal.lead", "mode": "warn", "facts": {}, "position": 0}
            at = BEGIN + timedelta(minutes=number)
            row = {"id": f"{number * 7919 % 10007:05}", "entity_id": number + 1, "opened_at": at}
            conn.execute(insert(violation_table).values({**values, **row, "responsible_id": ANNA}))
    told = [int(each["Карточка"].rpartition(" ")[2]) for each in lines(a_report(sqlite))]
    assert told == list(range(1, 1202))


def test_while_a_report_is_written_others_may_write(sqlite: Engine) -> None:
    """On SQLite whoever holds a transaction keeps everybody else out."""
    violation(sqlite)
    violation(sqlite)
    report = a_report(sqlite)
    reading = read_violations(sqlite, report.wanted, ["warn"])
    next(reading)
    violation(sqlite)
    assert len(list(reading)) == 1


def test_more_people_than_a_statement_can_name_may_be_asked_for(sqlite: Engine) -> None:
    violation(sqlite, responsible_id=BORIS)
    violation(sqlite, responsible_id=70_001)
    crowd = frozenset(range(1, 70_000))
    assert [each["№ менеджера"] for each in lines(a_report(sqlite, people=crowd))] == ["3"]
    assert lines(a_report(sqlite, people=frozenset())) == []


def test_what_is_observed_is_among_the_lines_of_a_csv_by_its_mode(engine: Engine) -> None:
    violation(engine)
    violation(engine, mode=Mode.OBSERVE.value)
    assert [each["Режим"] for each in lines(a_report(engine))] == ["предупреждение"]
    told = [each["Режим"] for each in lines(a_report(engine, observed=True))]
    assert sorted(told) == ["предупреждение", "только наблюдение"]


def test_what_could_not_be_judged_is_told_with_the_reason_and_how_many_cards(
    engine: Engine, tmp_path: Path
) -> None:
    lost = encode(NotJudged("deal.lead", (Unread.of(Why.DENIED, method="crm.item.get"),)), NotJudged)
    why = "владелец вебхука этого не видит (crm.item.get)"
    decision(engine, BEGIN, not_judged=[lost], entity_id=1, responsible_id=ANNA)
    decision(engine, BEGIN, not_judged=[lost], entity_id=1, responsible_id=ANNA)
    decision(engine, END - SECOND, not_judged=[lost], entity_id=2, responsible_id=BORIS)
    decision(engine, END, not_judged=[lost], entity_id=3, policy_revision="b" * 12)
    summary = dict(sheets(a_report(engine), tmp_path)["Сводка"])
    assert summary["Не оценено: Лид"] == f"{why} — карточек: 2"
    assert summary["Ревизии настроек"] == "a" * 12
    assert summary["Карточек с решениями за период"] == 2
    of_anna = dict(sheets(a_report(engine, people=frozenset({ANNA})), tmp_path)["Сводка"])
    assert of_anna["Не оценено: Лид"] == f"{why} — карточек: 1"
    of_contact = dict(sheets(a_report(engine, rules=("deal.contact",)), tmp_path)["Сводка"])
    assert "Не оценено: Лид" not in of_contact


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ("applied", ("сделано", None)),
        ("failed: crm.item.update · HTTP 400", ("портал отклонил", "crm.item.update · HTTP 400")),
        (None, ("результат не записан", None)),
    ],
)
def test_what_became_of_a_move_is_told_and_stages_without_a_name_by_id(
    engine: Engine, tmp_path: Path, result: str | None, told: tuple[str, str | None]
) -> None:
    body = {"from_stage_id": "C1:EXECUTING", "to_stage_id": "C1:NEW"}
    number = decision(engine, BEGIN, entity_id=41, responsible_id=ANNA, mover_id=BORIS, snapshot=b"\x00")
    values = {"id": "a1", "decision_id": number, "name": "MoveStage", "body": body, "result": result}
    with engine.begin() as conn:
        conn.execute(insert(action_table).values({**values, "applied_at": BEGIN if result else None}))
    book = sheets(a_report(engine), tmp_path)
    (row,) = book["Возвраты"][1:]
    names = ("=Ковалёв", "Соколова Анна")
    assert row == ("Сделка № 41", None, "C1:EXECUTING", "C1:NEW", *names, BEGIN.replace(tzinfo=None), *told)
    assert dict(book["Сводка"])["Возвращено сделок"] == (result == "applied")
    assert dict(book["Сводка"])["Портал отклонил возвратов"] == (told[0] == "портал отклонил")


def test_an_exemption_used_in_the_period_is_listed_though_it_is_over(engine: Engine, tmp_path: Path) -> None:
    of_config = Exemption("config:migration", "+перенос", "Анна", rule="deal.lead", until=date(2026, 9, 1))
    unused = replace(of_config, id="config:old")
    exempted = [{"rule": "deal.lead", "facts": {}, "exemption": exemption_as_json(of_config)}]
    decision(engine, BEGIN, exempted=exempted)
    rows = sheets(a_report(engine, in_config=(of_config, unused)), tmp_path)["Исключения"][1:]
    until = datetime(2026, 9, 1)  # noqa: DTZ001 - a day in a spreadsheet
    named = ("config:migration", None, "deal.lead", None, None, None, None, "+перенос", "Анна", None)
    assert rows == [(*named, until, None, None, 1)]


@pytest.mark.parametrize(
    ("granted", "removed", "until", "holds"),
    [
        (BEGIN - SECOND, None, None, True),
        (END - SECOND, None, None, True),
        (END, None, None, False),
        (BEGIN - SECOND, BEGIN, None, True),
        (BEGIN - 2 * SECOND, BEGIN - SECOND, None, False),
        (BEGIN, None, OCTOBER.first, True),
        (BEGIN - SECOND, None, OCTOBER.first - timedelta(days=1), False),
    ],
)
def test_exemptions_in_force_at_some_time_of_the_period_are_listed(
    sqlite: Engine, granted: datetime, removed: datetime | None, until: date | None, holds: bool
) -> None:
    exemption = Exemption("1", "причина", "Анна", rule="deal.lead", until=until)
    used = Used(exemption, granted, removed, "Анна" if removed else None, 0)
    report = a_report(sqlite)
    assert held_within(used, report.wanted) is holds
    assert not held_within(used, replace(report.wanted, rules=("deal.contact",)))


def test_who_removed_an_exemption_and_when_stands_beside_it(engine: Engine, tmp_path: Path) -> None:
    exemption = Exemption("7", "причина", "Анна", entity=EntityRef(Kind.LEAD, 5), user=BORIS, source="WEB")
    granted = Granted(exemption, BEGIN, END - SECOND, "Борис")
    (row,) = sheets(a_report(engine, granted=(granted,)), tmp_path)["Исключения"][1:]
    assert row[:7] == ("7", "Лид № 5", None, None, None, "WEB", "=Ковалёв")
    assert [each and each.date() for each in row[9:12]] == [OCTOBER.first, None, OCTOBER.last]
    assert row[12:] == ("Борис", 0)


def test_what_limits_the_report_is_said_in_its_summary(sqlite: Engine, tmp_path: Path) -> None:
    limits = Reservations(watching_since=BEGIN + SECOND, deleted_before=BEGIN + SECOND, dry_run=True)
    told = sheets(
        a_report(sqlite, reservations=limits, staff=Unread.of(Why.DENIED, method="user.get")), tmp_path
    )["Сводка"]
    notes = [value for name, value in told if name == "Примечание"]
    assert len(notes) == 4
    assert all("01.10.2026" in each for each in notes[2:])
    none = Reservations(watching_since=BEGIN, deleted_before=BEGIN)
    told = sheets(a_report(sqlite, reservations=none), tmp_path)["Сводка"]
    assert not [name for name, _ in told if name == "Примечание"]


def test_the_terminal_shows_those_with_most_on_them_and_counts_the_rest(engine: Engine) -> None:
    for number in range(20):
        violation(engine, responsible_id=100 + number)
    told = (
        a_report(engine, staff=Unread.of(Why.NO_ANSWER, method="user.get", reason="")).render().splitlines()
    )
    assert "… и ещё: 5" in told[-2]
    assert "портал не ответил (user.get)" in told[-1]
    assert sum("№ 1" in each for each in told) == 15


def test_a_name_cannot_steer_the_terminal(sqlite: Engine) -> None:
    violation(sqlite)
    evil = replace(STAFF, employees={ANNA: Employee(ANNA, "\x1b[2JАнна\n", True, (), ())})
    assert "\x1b" not in a_report(sqlite, staff=evil).render()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_have_names_that_excel_admits(language: str) -> None:
    names = list(tables(language, "report")["sheets"].values())
    assert all(len(each) <= 25 and not set(each) & set("[]:*?/\\'") for each in names)
    assert len({each.lower() for each in names}) == len(names)


def test_a_report_that_fails_half_way_leaves_the_old_file_and_no_other(
    sqlite: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "report.xlsx"
    file.write_bytes(b"last month's")
    violation(sqlite)
    report = a_report(sqlite, period=OCTOBER)
    with sqlite.begin() as conn:
        conn.exec_driver_sql("DROP TABLE action")
    with pytest.raises(Exception, match="action"), whole_file(file, force=True) as part:
        report.write_xlsx(part)
    assert [each.name for each in tmp_path.iterdir() if "report" in each.name] == ["report.xlsx"]
    assert file.read_bytes() == b"last month's"


@pytest.mark.parametrize(("month", "last"), [("2026-02", 28), ("2028-02", 29), ("2026-12", 31)])
def test_a_month_has_all_its_days(month: str, last: int) -> None:
    assert Period.month_of(month).last.day == last


def test_days_begin_and_end_by_the_departments_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    october = Period.month_of("2026-10")
    times = [each.astimezone(UTC) for each in (october.begin(berlin), october.end(berlin))]
    assert [each.hour for each in times] == [22, 23]  # the clocks went back within it
