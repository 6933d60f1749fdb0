import re
from collections.abc import Iterator

import pytest

from bitrix24_sandbox import activities
from tests.bitrix24_sandbox.pages_site import Site, running_site


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def timeline(site: Site, path: str) -> list[str]:
    """The titles of a card's entries, from top to bottom."""
    entries = re.findall(r'<article class="entry .*?</article>', site.read(path))
    return [found[1] for each in entries if (found := re.search(r"<h3>(.*?)</h3>", each))]


def test_the_newest_stands_on_top(site: Site) -> None:
    site.deal()
    with site.portal.act(2) as act:
        act.store.execute("UPDATE stage_history SET created = created - 100")
    site.comment("deal", 1, "Первый")
    with site.portal.act(2) as act:
        act.store.execute("UPDATE timeline SET created = created - 50")
    site.warn("deal", 1)

    assert timeline(site, "/deal/1") == ["Контроль регламента", "Комментарий", "Создание"]


def test_what_is_pinned_stands_above_all(site: Site) -> None:
    site.deal()
    note = site.warn("deal", 1)
    with site.portal.act(1) as act:
        act.store.update("timeline", note, {"pinned": 1, "created": 1})
    site.comment("deal", 1, "Позже")

    page = site.read("/deal/1")

    assert page.index("Закреплено") < page.index("Написать") < page.index("Позже")


def test_moves_are_told_and_a_move_back_is_called_so(site: Site) -> None:
    site.deal()
    site.post("/deal/1/move", {"stage": "EXECUTING"})
    site.post("/deal/1/move", {"stage": "NEW"})

    page = site.read("/deal/1")

    assert timeline(site, "/deal/1") == ["Возвращена на прежнюю стадию", "Стадия изменена", "Создание"]
    assert "В работе → Новая" in page
    assert "Новая → В работе" in page


def test_a_deal_in_a_stage_of_another_pipeline_says_so(site: Site) -> None:
    site.deal()
    with site.portal.act(1) as act:
        act.store.update("deal", 1, {"STAGE_ID": "C1:NEW"})

    assert "Стадии «C1:NEW» нет в этой воронке" in site.read("/deal/1")


@pytest.mark.parametrize(
    ("code", "duration", "told"),
    [("200", 95, "Разговор 1:35"), ("304", 0, "Без ответа"), (None, 12, "Без ответа")],
)
def test_a_call_tells_how_long_it_was_talked(site: Site, code: str | None, duration: int, told: str) -> None:
    site.deal()
    with site.portal.act(2) as act:
        call = {"type_id": activities.CALL, "direction": activities.OUTGOING, "subject": "Анне"}
        number = activities.add(act, (2, 1), call)
        act.store.insert("call", {"activity_id": number, "failed_code": code, "duration": duration})

    assert "Исходящий звонок: Анне" in timeline(site, "/deal/1")
    assert told in site.read("/deal/1")


def test_a_letter_and_a_task_are_shown_too(site: Site) -> None:
    site.contact()
    with site.portal.act(2) as act:
        letter = {
            "type_id": activities.EMAIL,
            "direction": activities.INCOMING,
            "description": "Здравствуйте",
        }
        activities.add(act, (3, 1), letter)
        activities.add(act, (3, 1), {"type_id": activities.TASK, "subject": "Перезвонить"})

    assert timeline(site, "/contact/1") == ["Дело: Перезвонить", "Входящее письмо"]
    assert "Здравствуйте" in site.read("/contact/1")


def test_a_chat_tells_who_said_what(site: Site) -> None:
    site.deal()
    said = [{"from": "client", "text": "Когда <b>начало</b>?"}, {"from": "manager", "text": "Завтра"}]
    chat = {"owner": "deal:1", "kind": "chat", "messages": said}

    assert site.http.post(f"{site.url}/sandbox/activity", json=chat, timeout=10).ok

    page = site.get("/deal/1")
    assert "<b>Клиент:</b> Когда &lt;b&gt;начало&lt;/b&gt;?" in page
    assert page.index("Клиент:") < page.index("<b>Менеджер:</b> Завтра")


def test_an_unanswered_call_of_the_control_api_is_shown_as_such(site: Site) -> None:
    site.deal()
    call = {"owner": "deal:1", "kind": "call_out", "answered": False}

    assert site.http.post(f"{site.url}/sandbox/activity", json=call, timeout=10).ok

    assert "Без ответа" in site.read("/deal/1")
