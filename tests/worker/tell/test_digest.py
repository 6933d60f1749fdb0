"""The day in figures: who gets it, once, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from gatekeeper.app.worker_process import make_digest
from gatekeeper.config import BreakerConfig, DigestConfig, EnforcementConfig, NotificationsConfig
from gatekeeper.messages import Messages
from gatekeeper.messages.digest import render_digest
from gatekeeper.model.cards import Unread, Why
from gatekeeper.model.figures import DayFigures, ViolationCounts
from gatekeeper.model.quiet_hours import WEEKDAYS
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.worker.tell.digest import AFTER_A_FAULT, LATEST, Digest
from tests.gate import Gate, a_gate
from tests.typography import plain

OWNER, ANNA, BORIS, VERA, GLEB, DARYA = 1, 2, 3, 4, 5, 6
RU = Messages.in_language("ru")
A_DAY = DayFigures(
    day=date(2026, 11, 25),
    by_rule=(ViolationCounts("deal.product_group", 5, 3, 12), ViolationCounts("deal.comment", 2, 0, 7)),
    by_person=(ViolationCounts("Ковалёв Борис", 4, 1, 9), ViolationCounts("Соколова Анна", 3, 2, 3)),
    reverted=3,
    left=1,
    breaker_since=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
    not_judged=(("deal.lead", (Unread.of(Why.DENIED, method="crm.item.get"),), 2),),
    dead_letters=1,
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "ru",
            """\
[b]Контроль регламента: итоги за 25.11.2026[/b]
По правилам: новых / закрыто / остаётся
• Группа продуктов — 5 / 3 / 12
• Развёрнутый комментарий — 2 / 0 / 7
По сотрудникам: новых / закрыто / остаётся
• Ковалёв Борис — 4 / 1 / 9
• Соколова Анна — 3 / 2 / 3
↩ Возвращено сделок: 3; оставлено без возврата: 1.
⚠ Возвраты приостановлены предохранителем с 25.11.2026. Возобновить: gatekeeper breaker reset.
? Не оценено: Лид — нет доступа (карточек: 2).
✗ Ждут администратора: 1 карточка.""",
        ),
        (
            "en",
            """\
[b]CRM check: 25 November 2026[/b]
By rule: new / closed / open
• Product group: 5 / 3 / 12
• Detailed comment: 2 / 0 / 7
By person: new / closed / open
• Ковалёв Борис: 4 / 1 / 9
• Соколова Анна: 3 / 2 / 3
↩ Deals moved back: 3; left in place: 1.
⚠ The circuit breaker has paused moving deals back since 25 November 2026. Resume: gatekeeper breaker reset.
? Not checked: Lead: no access (cards: 2).
✗ Waiting for an admin: 1 card.""",
        ),
    ],
)
def test_a_digest_reads_so(language: str, text: str) -> None:
    assert plain(render_digest(Messages.in_language(language), A_DAY)) == text


def test_a_line_that_would_say_nothing_is_left_out() -> None:
    only = DayFigures(date(2026, 11, 25), by_rule=(ViolationCounts("deal.lead", 1, 0, 1),))
    assert plain(render_digest(RU, only)).splitlines()[1:] == [
        "По правилам: новых / закрыто / остаётся",
        "• Лид — 1 / 0 / 1",
    ]


def test_of_a_large_department_the_most_burdened_are_named_and_the_rest_counted() -> None:
    crowd = tuple(ViolationCounts(f"Сотрудник {number}", 1, 0, 50 - number) for number in range(20))
    text = plain(render_digest(RU, replace(A_DAY, by_person=crowd)))
    assert "Сотрудник 14 —" in text
    assert "Сотрудник 15 —" not in text
    assert "и ещё 5 сотрудников" in text


def test_a_name_has_no_power_as_markup() -> None:
    text = render_digest(RU, replace(A_DAY, by_person=(ViolationCounts("[b]Ы[/b]", 1, 0, 1),)))
    assert "[b]Ы" not in text


@dataclass
class Evening:
    """A gate and its digest, whose clock stands at the hour and may be moved."""

    gate: Gate
    digest: Digest = field(init=False)
    late: timedelta = timedelta()

    def __post_init__(self) -> None:
        gatekeeper = self.gate.gatekeeper
        self.digest = make_digest(gatekeeper, StaffKeeper(gatekeeper.client))
        self.digest.now = lambda: datetime.now(UTC) + self.late

    def come(self, late: timedelta = timedelta(minutes=1)) -> None:
        self.late += late
        self.digest.step()

    def read(self, user: int) -> list[str]:
        answer = self.gate.http.get(
            f"{self.gate.sandbox.url}/sandbox/notifications", params={"user": user}, timeout=10
        )
        return [plain(each["message"]) for each in answer.json()["notifications"]]

    def an_empty_deal(self, responsible: int) -> EntityRef:
        deal = self.gate.add(Kind.DEAL, title="Пустая", assignedById=responsible)
        self.gate.look_at(deal)
        return deal


def at_this_hour(**digest: Any) -> NotificationsConfig:
    """The zone is chosen so that it is noon there now, whenever the test runs."""
    return NotificationsConfig(
        quiet="off", time_zone=zone_of_noon(), digest=DigestConfig(at="11:00", **digest)
    )


def zone_of_noon() -> str:
    west = datetime.now(UTC).hour - 12  # POSIX signs: Etc/GMT+3 lies west of Greenwich
    return f"Etc/GMT{west:+d}" if west else "Etc/GMT"


@contextmanager
def an_evening(engine: Engine, config: NotificationsConfig, **changes: Any) -> Iterator[Evening]:
    with a_gate(engine, notifications=config, **changes) as gate:
        yield Evening(gate)


def test_quality_control_gets_the_days_figures_once(sqlite: Engine) -> None:
    with an_evening(sqlite, at_this_hour(to=(VERA,))) as evening:
        deal = evening.an_empty_deal(ANNA)
        evening.gate.change(deal, stageId="EXECUTING", user=BORIS)
        evening.gate.look_at(deal)
        evening.gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
        evening.gate.look_at(deal)
        evening.come()
        evening.come()
        (text,) = evening.read(VERA)
        assert "• Группа продуктов — 1 / 1 / 0" in text
        assert "• Контакт — 1 / 0 / 1" in text
        assert "• Соколова Анна — 5 / 1 / 4" in text
        assert "Возвращено сделок: 1." in text


def test_heads_get_their_peoples_figures_and_nobody_elses(sqlite: Engine) -> None:
    with an_evening(sqlite, at_this_hour(heads=True)) as evening:
        evening.an_empty_deal(GLEB)
        evening.an_empty_deal(ANNA)
        evening.come()
        (darya,), (owner,) = evening.read(DARYA), evening.read(OWNER)
        assert "Морозов Глеб" in darya
        assert "Соколова Анна" not in darya
        assert "Соколова Анна" in owner
        assert "Морозов Глеб" in owner  # Darya's department belongs to his


def test_a_crash_while_sending_brings_no_second_digest(sqlite: Engine) -> None:
    with an_evening(sqlite, at_this_hour(to=(VERA,))) as evening:
        evening.an_empty_deal(ANNA)
        messenger = evening.digest.messenger
        evening.digest.messenger = Dying(messenger)  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            evening.come()
        evening.digest.messenger = messenger
        evening.come()
        assert len(evening.read(VERA)) == 1


class Dying:
    """Dies when the portal has it and nobody knows yet."""

    def __init__(self, messenger: Any) -> None:
        self._messenger = messenger

    def send(self, *args: Any, **named: Any) -> None:
        self._messenger.send(*args, **named)
        raise KeyboardInterrupt


def test_what_the_portal_surely_did_not_take_is_sent_later(sqlite: Engine) -> None:
    with an_evening(sqlite, at_this_hour(to=(VERA,))) as evening:
        evening.an_empty_deal(ANNA)
        method = "im.notify.system.add"
        fault = evening.gate.control("faults", kind="error", method=method, code="insufficient_scope")
        evening.come()
        before = evening.read(VERA)
        evening.gate.http.delete(f"{evening.gate.sandbox.url}/sandbox/faults", params=fault, timeout=10)
        evening.come(AFTER_A_FAULT)
        assert (before, len(evening.read(VERA))) == ([], 1)


def test_a_day_without_news_is_passed_over_in_silence(sqlite: Engine) -> None:
    with an_evening(sqlite, at_this_hour(to=(VERA,))) as evening:
        evening.come()
        assert evening.read(VERA) == []


def test_on_a_day_off_nobody_gets_one(sqlite: Engine) -> None:
    today = WEEKDAYS[(datetime.now(UTC) + timedelta(hours=12 - datetime.now(UTC).hour)).weekday()]
    with an_evening(sqlite, replace(at_this_hour(to=(VERA,)), days_off=(today,))) as evening:
        evening.an_empty_deal(ANNA)
        evening.come()
        assert evening.read(VERA) == []


@pytest.mark.parametrize(("late", "count"), [(timedelta(hours=-2), 0), (LATEST, 0), (LATEST / 4, 1)])
def test_it_comes_at_the_hour_or_a_little_later(sqlite: Engine, late: timedelta, count: int) -> None:
    with an_evening(sqlite, at_this_hour(to=(VERA,))) as evening:
        evening.an_empty_deal(ANNA)
        evening.come(late)
        assert len(evening.read(VERA)) == count


def test_it_tells_of_the_breaker_and_of_what_was_left(sqlite: Engine) -> None:
    enforcement = EnforcementConfig(breaker=BreakerConfig(reverts=1))
    with an_evening(sqlite, at_this_hour(to=(VERA,)), enforcement=enforcement) as evening:
        for _ in range(3):
            deal = evening.an_empty_deal(ANNA)
            evening.gate.change(deal, stageId="EXECUTING")
            evening.gate.look_at(deal)
        evening.come()
        (text,) = evening.read(VERA)
        assert "Возвращено сделок: 1; оставлено без возврата: 2." in text
        assert "остановлены предохранителем" in text
