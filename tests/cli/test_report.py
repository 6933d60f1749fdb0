"""`gatekeeper report`: what the quality control gets to see of a gate at work, read back from the files."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from gatekeeper.cli import main
from gatekeeper.config import EnforcementConfig
from gatekeeper.judge.policy import (
    DealLeadOptions,
    GracePeriod,
    MandatoryOptions,
    Mode,
)
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import open_engine
from tests.gate import Gate, a_gate
from tests.planted import TOKEN, WEBHOOK_CODE
from tests.processes import free_port, write_config

Run = Callable[..., Result]
Book = dict[str, list[tuple[Any, ...]]]
ANNA, BORIS, GLEB = 2, 3, 5
MOSCOW = ZoneInfo("Europe/Moscow")
POLICY = {
    "deal_product_group": MandatoryOptions(fine=500),
    "deal_contact": MandatoryOptions(fine=300),
    "deal_lead": DealLeadOptions(Mode.OBSERVE),
}
COUNTS = ["Новых", "Закрыто", "Из них исправлено", "Остаётся"]
NO_PORTAL = "http://127.0.0.1:1/rest/1/sandbox/"


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite, rules=POLICY) as gate:
        yield gate


@pytest.fixture(scope="module")
def story(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gate that has seen `a_story`, for those who only look."""
    file = tmp_path_factory.mktemp("story") / "gate.db"
    shutil.copy(migrated_sqlite, file)
    engine = open_engine(f"sqlite:///{file}")
    with a_gate(engine, rules=POLICY) as gate:
        a_story(gate)
        yield gate
    engine.dispose()


def runner(folder: Path, portal_url: str, engine: Engine) -> Run:
    config = write_config(folder, portal_url, free_port())
    environ = {
        "GATEKEEPER_PORTAL_URL": portal_url,
        "GATEKEEPER_APPLICATION_TOKENS": TOKEN,
        "GATEKEEPER_DATABASE_URL": str(engine.url),
    }

    def run(*words: Any, status: int = 0) -> Result:
        arguments = ["report", *map(str, words), "--config", str(config)]
        result = CliRunner().invoke(main, arguments, env=environ)
        assert result.exit_code == status, result.output
        return result

    return run


@pytest.fixture
def run(story: Gate, tmp_path: Path) -> Run:
    return runner(tmp_path, story.sandbox.webhook_url, story.store.engine)


@pytest.fixture
def alone(sqlite: Engine, tmp_path: Path) -> Run:
    """The command on an empty journal, with no portal to answer it."""
    return runner(tmp_path, NO_PORTAL, sqlite)


def a_deal_without_a_group(gate: Gate, responsible: int) -> EntityRef:
    deal = gate.a_correct_deal()
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None, assignedById=responsible)
    return deal


def a_story(gate: Gate) -> tuple[EntityRef, EntityRef, EntityRef]:
    """One deal moved back and cured; one with two violations standing; one exempted afterwards."""
    cured = a_deal_without_a_group(gate, ANNA)
    gate.change(cured, user=BORIS, stageId="EXECUTING")
    gate.look_at(cured)
    gate.change(cured, UF_CRM_PRODUCT_GROUP=45)
    gate.look_at(cured)
    standing = a_deal_without_a_group(gate, GLEB)
    gate.change(standing, contactId=None, contactIds=[], leadId=None)
    gate.look_at(standing)
    spared = a_deal_without_a_group(gate, GLEB)
    gate.look_at(spared)
    exemption = Exemption("", "=перенос", "@Анна", entity=spared, rule="deal.product_group")
    gate.store.exemptions.grant(exemption, datetime.now(MOSCOW))
    gate.look_at(spared)
    return cured, standing, spared


def sheets(file: Path) -> Book:
    book = openpyxl.load_workbook(file)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def as_dicts(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    head, *rest = rows
    return [dict(zip(head, row, strict=True)) for row in rest]


def summary_of(book: Book) -> dict[str, Any]:
    return {str(name): value for name, value in book["Сводка"]}


@pytest.fixture(scope="module")
def book(story: Gate, tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("book")
    run = runner(folder, story.sandbox.webhook_url, story.store.engine)
    run(folder / "report.xlsx", "--observed")
    return sheets(folder / "report.xlsx")


def test_every_violation_stands_in_its_line_with_all_that_is_known_of_it(
    book: Book,
) -> None:
    lines = as_dicts(book["Нарушения"])
    told = [(each["Карточка"], each["Правило"], each["Итог"]) for each in lines]
    assert told == [
        ("Сделка № 1", "deal.product_group", "исправлено"),
        ("Сделка № 2", "deal.product_group", "открыто"),
        ("Сделка № 2", "deal.contact", "открыто"),
        ("Сделка № 3", "deal.product_group", "исключение"),
    ]
    first = lines[0]
    assert (first["Название"], first["Режим"]) == ("Группа продуктов", "возврат")
    assert (first["Менеджер"], first["№ менеджера"], first["Отдел"]) == (
        "Соколова Анна",
        ANNA,
        "Приёмная комиссия",
    )
    assert first["Кто перевёл вперёд"] == "Ковалёв Борис"
    assert (first["Штраф"], first["Валюта"], first["Отсрочка до"]) == (500, "RUB", None)
    now = datetime.now(MOSCOW).replace(tzinfo=None)
    assert now - timedelta(minutes=5) < first["Найдено"] <= first["Закрыто"] <= now
    assert first["Было открыто, ч"] == pytest.approx(0, abs=0.1)
    assert lines[1]["Закрыто"] is None


def test_a_card_is_a_link_into_the_portal_and_nothing_else_is(story: Gate, run: Run, tmp_path: Path) -> None:
    run(tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    targets = {cell.hyperlink.target for sheet in book for row in sheet for cell in row if cell.hyperlink}
    assert targets == {f"{story.sandbox.url}/crm/deal/details/{number}/" for number in (1, 2, 3)}


def test_the_figures_say_who_broke_what_how_often_and_what_it_costs(
    book: Book,
) -> None:
    by_rule = {each["Правило"]: each for each in as_dicts(book["По правилам"])}
    assert list(by_rule) == ["deal.product_group", "deal.contact"]
    assert [by_rule["deal.product_group"][each] for each in COUNTS] == [3, 2, 1, 1]
    assert [by_rule["deal.contact"][each] for each in COUNTS] == [1, 0, 0, 1]
    managers = as_dicts(book["По менеджерам"])
    assert [(each["Менеджер"], each["Отдел"]) for each in managers] == [
        ("Морозов Глеб", "Отдел колледжа"),
        ("Соколова Анна", "Приёмная комиссия"),
    ]
    # Of Gleb's 500 + 300 + 500 an exemption let 500 be.
    assert [each["Штрафы, RUB"] for each in managers] == [800, 500]
    assert [[each[name] for name in COUNTS] for each in managers] == [[3, 1, 0, 2], [1, 1, 1, 0]]
    departments = as_dicts(book["По отделам"])
    assert [(each["Отдел"], each["Менеджеров"], each["Остаётся"]) for each in departments] == [
        ("Отдел колледжа", 1, 2),
        ("Приёмная комиссия", 1, 0),
    ]


def test_the_summary_names_the_period_the_policy_and_what_was_done(story: Gate, book: Book) -> None:
    summary = summary_of(book)
    today = datetime.now(MOSCOW).date()
    assert summary["Период"] == f"{today.replace(day=1):%d.%m.%Y} – {today:%d.%m.%Y}"
    assert summary["Ревизии настроек"] == story.gatekeeper.config.policy.revision
    assert (summary["Новые нарушения"], summary["Закрытые нарушения"]) == (4, 2)
    assert (summary["Из них исправлено"], summary["Открыто на конец периода"]) == (1, 2)
    assert summary["Штрафы за новые нарушения, RUB"] == 1300
    assert summary["Возвращено сделок"] == 1
    assert summary["Карточек с решениями за период"] >= 3
    assert summary["Карточек под наблюдением"] >= 3
    assert not any("не прочитаны" in str(value) for value in summary.values())


def test_a_move_back_is_told_with_its_stages_by_name_and_who_had_moved_the_deal(
    book: Book,
) -> None:
    (move,) = as_dicts(book["Возвраты"])
    when = move.pop("Когда")
    assert datetime.now(MOSCOW).date() == when.date()
    assert move == {
        "Карточка": "Сделка № 1",
        "Воронка": "Общая",
        "Со стадии": "В работе",
        "На стадию": "Новая",
        "Кто перевёл вперёд": "Ковалёв Борис",
        "Менеджер": "Соколова Анна",
        "Результат": "сделано",
        "Подробнее": None,
    }


def test_an_exemption_is_listed_with_reason_and_author_as_the_text_that_it_is(
    book: Book,
) -> None:
    (listed,) = as_dicts(book["Исключения"])
    names = ("Карточка", "Правило", "Причина", "Кто решил", "Действует по", "Карточек за период")
    assert [listed[each] for each in names] == [
        "Сделка № 3",
        "deal.product_group",
        "=перенос",
        "@Анна",
        None,
        1,
    ]


def test_what_is_only_observed_is_listed_apart_and_counted_nowhere(
    run: Run, tmp_path: Path, book: Book
) -> None:
    (observed,) = as_dicts(book["Только наблюдение"])
    assert (observed["Правило"], observed["Режим"]) == ("deal.lead", "только наблюдение")
    run(tmp_path / "plain.xlsx")
    assert "Только наблюдение" not in sheets(tmp_path / "plain.xlsx")


def test_what_is_cured_within_its_grace_was_no_violation(sqlite: Engine, tmp_path: Path) -> None:
    with a_gate(sqlite, rules={"deal_product_group": MandatoryOptions(grace=GracePeriod(30))}) as gate:
        deal = a_deal_without_a_group(gate, ANNA)
        gate.look_at(deal)
        run = runner(tmp_path, gate.sandbox.webhook_url, sqlite)
        assert csv_rows(run("-").stdout) == []
        gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
        gate.look_at(deal)
        assert csv_rows(run("-").stdout) == []


def test_deals_that_were_let_stand_are_listed_with_the_reason(sqlite: Engine, tmp_path: Path) -> None:
    with a_gate(sqlite, enforcement=EnforcementConfig(max_reverts=1)) as gate:
        deal = a_deal_without_a_group(gate, ANNA)
        for seconds in (1, 2):
            gate.change(deal, user=BORIS, stageId="EXECUTING")
            moved_at = datetime.now(MOSCOW) + timedelta(seconds=seconds)
            gate.control("backdate", ref=str(deal), moved_at=moved_at.isoformat(timespec="seconds"))
            gate.look_at(deal)
        runner(tmp_path, gate.sandbox.webhook_url, sqlite)(tmp_path / "report.xlsx")
    moves = as_dicts(sheets(tmp_path / "report.xlsx")["Возвраты"])
    assert [each["Результат"] for each in moves] == ["сделано", "оставлена без возврата"]
    assert moves[1]["Подробнее"] == "за сутки её уже возвращали столько раз, сколько разрешено"
    assert (moves[1]["Со стадии"], moves[1]["Менеджер"]) == ("В работе", "Соколова Анна")


def csv_rows(text: str, delimiter: str = ";") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_the_list_as_csv_opens_in_a_russian_excel(story: Gate, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    said = run(file).stdout
    assert said == f"{file}: нарушений 4\n"
    raw = file.read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"\xd0')
    rows = csv_rows(raw.decode("utf-8-sig"))
    assert [each["Карточка"] for each in rows] == ["Сделка № 1", "Сделка № 2", "Сделка № 2", "Сделка № 3"]
    assert rows[0]["Ссылка"] == f"{story.sandbox.url}/crm/deal/details/1/"
    assert rows[0]["Было открыто, ч"] in {"0,0", "0,1"}
    assert rows[0]["Найдено"].startswith(f"{datetime.now(MOSCOW):%d.%m.%Y} ")


def test_csv_on_standard_output_is_for_programs(run: Run) -> None:
    raw = run("-", "--delimiter", "comma").stdout_bytes
    assert not raw.startswith(b"\xef\xbb\xbf")
    rows = csv_rows(raw.decode(), ",")
    assert [each["Штраф"] for each in rows] == ["500", "500", "300", "500"]


def test_without_a_file_a_few_lines_are_printed(run: Run) -> None:
    lines = run().stdout.splitlines()
    assert lines[0].startswith("Регламент за 01.")
    assert lines[1:3] == [
        "Новых 4, закрыто 2 (из них исправлено 1), остаётся 2; возвращено сделок: 1.",
        "Штрафы: 1300 RUB.",
    ]
    assert "  Группа продуктов       3      2      1" in lines
    assert "  Морозов Глеб        3      1      2" in lines


def test_in_english_it_has_no_russian_word_but_names(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "gatekeeper.toml"
    config.write_text(config.read_text() + '\n[messages]\nlanguage = "en"\n')
    run(tmp_path / "report.xlsx", "--observed")
    book = sheets(tmp_path / "report.xlsx")
    assert list(book) == [
        *("Summary", "By rule", "By manager", "By department"),
        *("Violations", "Observe only", "Moved back", "Exemptions"),
    ]
    heads = [str(cell) for rows in book.values() for cell in rows[0]]
    labels = [str(row[0]) for row in book["Summary"]]
    assert not [each for each in (*heads, *labels) if any("а" <= letter <= "я" for letter in each.lower())]
    assert as_dicts(book["Violations"])[0]["Outcome"] == "fixed"


@pytest.mark.parametrize(
    ("asked", "cards"),
    [
        (["--rule", "deal.contact"], [2]),
        (["--rule", "deal.contact", "--rule", "deal.product_group"], [1, 2, 2, 3]),
        (["--manager", ANNA], [1]),
        (["--manager", ANNA, "--manager", GLEB, "--rule", "deal.contact"], [2]),
        (["--department", 2], [2, 2, 3]),
        (["--department", 1], [1, 2, 2, 3]),  # the college belongs to it
        (["--department", 1, "--manager", ANNA], [1]),
        (["--manager", 77], []),
    ],
)
def test_it_may_be_asked_of_some_rules_and_people_only(run: Run, asked: list[Any], cards: list[int]) -> None:
    rows = csv_rows(run("-", *asked).stdout)
    assert [int(each["Карточка"].rpartition(" ")[2]) for each in rows] == cards


def test_moves_and_summary_follow_what_was_asked_for(run: Run, tmp_path: Path) -> None:
    run(tmp_path / "gleb.xlsx", "--manager", GLEB)
    book = sheets(tmp_path / "gleb.xlsx")
    assert (book["Возвраты"][1:], summary_of(book)["Возвращено сделок"]) == ([], 0)
    assert summary_of(book)["Только менеджеры"] == "Морозов Глеб"


def test_without_the_portal_people_are_numbers_and_the_summary_says_so(story: Gate, tmp_path: Path) -> None:
    runner(tmp_path, NO_PORTAL, story.store.engine)(tmp_path / "report.xlsx")
    book = sheets(tmp_path / "report.xlsx")
    assert {each["Менеджер"] for each in as_dicts(book["Нарушения"])} == {"№ 2", "№ 5"}
    notes = [value for name, value in book["Сводка"] if name == "Примечание"]
    assert any("имена и отделы прочитать не удалось" in each for each in notes)


@pytest.mark.parametrize("scope", ["user", "department"])
def test_without_a_right_to_the_staff_the_rest_is_told(gate: Gate, tmp_path: Path, scope: str) -> None:
    a_story(gate)
    run = runner(tmp_path, gate.sandbox.webhook_url, gate.store.engine)
    gate.control("faults", kind="scope", scope=scope)
    run(tmp_path / "report.xlsx")
    book = sheets(tmp_path / "report.xlsx")
    assert len(book["Нарушения"]) == 5
    assert any(scope in str(value) for _, value in book["Сводка"])
    assert "не прочитан" in run("--department", 1, status=1).stderr


def test_a_department_that_is_not_there_is_named_with_those_that_are(run: Run) -> None:
    assert "отдела 77 нет, есть: 1 Приёмная" in run("--department", 77, status=2).stderr


def test_no_secret_of_the_webhook_is_anywhere_in_the_file(run: Run, tmp_path: Path) -> None:
    run(tmp_path / "report.xlsx")
    with zipfile.ZipFile(tmp_path / "report.xlsx") as packed:
        whole = b"".join(packed.read(each) for each in packed.namelist())
    assert b"/crm/deal/details/1/" in whole
    assert WEBHOOK_CODE.encode() not in whole
    assert b"/rest/" not in whole


def test_personal_data_of_a_client_is_not_in_it(gate: Gate, tmp_path: Path) -> None:
    run = runner(tmp_path, gate.sandbox.webhook_url, gate.store.engine)
    contact = gate.add(Kind.CONTACT, name="Тайнов 2", lastName="Секретов")
    deal = gate.add(Kind.DEAL, title="Тайная сделка", contactId=contact.id, stageId="EXECUTING")
    gate.comment(deal, "Тайное нд")
    gate.look_at(contact, deal)
    run(tmp_path / "report.xlsx", "--observed")
    told = str(sheets(tmp_path / "report.xlsx"))
    assert "Контакт № 1" in told
    assert not [each for each in ("Тайн", "Секретов") if each in told]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (["--from", "2026-13-01"], "нужно как 30.11.2026 или 2026-11-30"),
        (["--from", "0001-01-01"], "не дата"),
        (["--from", "2026-10-02", "--to", "2026-10-01"], "поменяйте их местами"),
        (["--to", "2026-10-01"], "нужен и --from"),
        (["--month", "2026-10", "--to", "2026-10-01"], "не вместе"),
        (["--month", "october"], "нужно как 10.2026 или 2026-10"),
        (["--month", "2026-13"], "нужно как 10.2026 или 2026-10"),
        (["--month", "2099-01"], "ещё не наступило"),
        (["--rule", "deal.colour"], "'deal.comment'"),
        (["--manager", "0"], "--manager"),
        (["report.pdf"], "нужно имя *.xlsx или *.csv"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(alone: Run, asked: list[str], why: str) -> None:
    assert why in " ".join(alone(*asked, status=2).stderr.split())


def test_days_are_local_ones_and_both_ends_belong_to_the_period(run: Run) -> None:
    today = datetime.now(MOSCOW).date()
    assert len(csv_rows(run("-", "--from", today, "--to", today).stdout)) == 4
    yesterday = today - timedelta(days=1)
    assert csv_rows(run("-", "--from", yesterday, "--to", yesterday).stdout) == []
    assert len(csv_rows(run("-", "--from", yesterday).stdout)) == 4


def test_an_empty_journal_makes_an_empty_report(alone: Run, tmp_path: Path) -> None:
    alone(tmp_path / "report.xlsx")
    book = sheets(tmp_path / "report.xlsx")
    assert [len(rows) for name, rows in book.items() if name != "Сводка"] == [1] * 6
    assert "Новых 0, закрыто 0" in alone().stdout


def test_a_file_that_is_there_is_kept_unless_forced(alone: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("mine", encoding="utf-8")
    assert "добавьте --force" in alone(file, status=1).stderr
    assert file.read_text(encoding="utf-8") == "mine"
    alone(file, "--force")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_only_its_owner_may_read_the_file(alone: Run, tmp_path: Path) -> None:
    alone(tmp_path / "report.xlsx")
    assert (tmp_path / "report.xlsx").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["report.xlsx", "report.csv"])
def test_where_nothing_can_be_written_no_half_file_is_left(alone: Run, tmp_path: Path, name: str) -> None:
    assert "No such file" in alone(tmp_path / "nowhere" / name, status=1).stderr
    (tmp_path / f"{name}.part").touch()
    assert "другой отчёт ещё пишется" in alone(tmp_path / name, status=1).stderr
    assert not (tmp_path / name).exists()
