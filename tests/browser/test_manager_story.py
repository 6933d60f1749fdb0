"""A manager's morning, seen through his browser, at a desk and on a phone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.browser.manager import Manager, sitting_manager
from tests.browser.product import running_product, until
from tests.soak import one_of

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
CURRENT = ".stages [aria-current=step]"
NEXT_STAGE = "Подготовка документов"
A_REAL_COMMENT = (
    "Звонила мама, дочь хочет на дизайн после 9 класса. Рассказала про очную форму и рассрочку, "
    "договорились, что в пятницу в 15:00 приедут на экскурсию с аттестатом"
)
PHONE, EMAIL = (f"[name=fmType][value={each}] ~ [name=fmValue]" for each in ("PHONE", "EMAIL"))
# One for each screen: the same client twice would be a duplicate.
CLIENTS = {
    1280: {
        "[name=lastName]": "Смирнова",
        "[name=name]": "Анна",
        "[name=secondName]": "Игоревна",
        "[name=birthdate]": "2008-03-14",
        PHONE: "+7 903 482-17-65",
        EMAIL: "anna.smirnova@mail.ru",
    },
    390: {
        "[name=lastName]": "Кузнецов",
        "[name=name]": "Павел",
        "[name=secondName]": "Романович",
        "[name=birthdate]": "2007-11-02",
        PHONE: "+7 916 730-52-18",
        EMAIL: "pavel.kuznetsov@mail.ru",
    },
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium chromium-driver"),
]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_product(tmp_path_factory.mktemp("product")) as url:
        yield url


@pytest.fixture
def width(request: pytest.FixtureRequest) -> int:
    chosen: int = request.param
    return chosen


@pytest.fixture
def manager(width: int, tmp_path: Path) -> Iterator[Manager]:
    driver = shutil.which("chromedriver")
    assert CHROMIUM, "skipped above"
    assert driver, "chromium is here and its driver is not: apt-get install chromium-driver"
    with sitting_manager(CHROMIUM, driver, tmp_path / "profile", width) as sitting:
        yield sitting


@one_of("width", 390, 1280)
def test_a_deal_is_warned_of_moved_back_cured_and_admitted(
    portal: str, manager: Manager, width: int, tmp_path: Path
) -> None:
    manager.open(portal)
    manager.click(".adder summary")
    manager.fill("#new-title", "Поступление Анны")
    manager.submit(".adder .button", "Создать")
    manager.remember_page()

    manager.see(".entry--warning", "Развёрнутый комментарий")
    assert manager.is_same_page(), "the warning was to appear by itself"
    _look(manager, tmp_path / "warned.png")

    manager.submit(".stage", NEXT_STAGE)
    manager.see(".entry--warning", "возвращена")
    manager.see(CURRENT, "Новая")
    manager.see(".entry--back", f"{NEXT_STAGE} → Новая")
    _look(manager, tmp_path / "moved-back.png")

    _cure(manager, CLIENTS[width])
    manager.remember_page()
    manager.see(".entry--clear", "Всё исправлено")
    assert manager.text(".entry--warning") == ""
    _look(manager, tmp_path / "cured.png")

    mark = requests.get(f"{portal}/sandbox/log", timeout=10).json()["mark"]
    manager.submit(".stage", NEXT_STAGE)
    _wait_until_judged(portal, mark)
    manager.see(CURRENT, NEXT_STAGE)
    assert manager.text(".entry--clear"), "the all-clear stands"
    assert manager.text(".entry--back").count("→") == 1, "moved back once, not twice"
    _look(manager, tmp_path / "admitted.png")
    assert manager.complaints() == []


@one_of("width", 1280, 390)
def test_a_deal_moved_on_the_board_comes_back_before_the_managers_eyes(
    portal: str, manager: Manager, tmp_path: Path
) -> None:
    made = requests.post(
        f"{portal}/deal", {"title": "Пустая", "pipeline": "1"}, allow_redirects=False, timeout=10
    )
    tile = f"[data-deal='{made.headers['Location'].removeprefix('/deal/')}']"
    manager.open(f"{portal}/?pipeline=1")
    manager.see(f"{tile} .chip--warning", "Замечаний: 5")
    manager.remember_page()

    manager.drag(f"{tile} .tile-sum", "[data-column='C1:PREPARATION'] h2")

    manager.see(".toast", "возвращена на стадию «Новая»")
    manager.see(f"[data-column='C1:NEW'] {tile}")
    assert manager.is_same_page(), "all this was to be seen without loading the page"
    _look(manager, tmp_path / "board.png")
    manager.submit(f"{tile} .tile-title")
    manager.see(".entry--back", f"{NEXT_STAGE} → Новая")


@one_of("width", 390, 1280)
def test_an_exercise_is_ticked_off_by_the_gatekeepers_word(
    portal: str, manager: Manager, tmp_path: Path
) -> None:
    exercise = "form[action='/practice/no-group'] button"
    manager.open(f"{portal}/practice")
    manager.submit(exercise)
    manager.see(".entry--warning", "Группа продуктов")
    manager.click("#f-ufCrmProductGroup option", "ВО/СПО")
    manager.submit(".save > .button", "Сохранить")
    manager.see(".lesson .chip--clear", "Сделано")

    manager.open(f"{portal}/practice")

    manager.see(".exercise--done h3", "Не выбрана группа продуктов")
    _look(manager, tmp_path / "practice.png")


def _cure(manager: Manager, client: dict[str, str]) -> None:
    manager.submit("a", "Новый лид")
    manager.fill("[name=title]", "Анна с сайта")
    manager.submit(".save .button")
    manager.submit("a", "Новый контакт")
    for css, value in client.items():
        manager.fill(css, value)
    manager.submit(".save .button")
    manager.click("#f-ufCrmProductGroup option", "ВО/СПО")
    manager.fill("[name=productName]", "Дизайн, 1 курс")
    manager.fill("[name=price]", "90000")
    manager.submit(".save > .button", "Сохранить")
    manager.fill("#say", A_REAL_COMMENT)
    manager.submit(".say .button", "Написать")


def _wait_until_judged(portal: str, mark: int) -> None:
    """Wait until the deal was read after the mark, and nothing was asked of the portal for a while."""

    def commands() -> int:
        count: int = requests.get(f"{portal}/sandbox/log?since={mark}", timeout=10).json()["commands"]
        return count

    def is_quiet() -> bool:
        before = commands()
        time.sleep(2)
        return 0 < before == commands()

    until(is_quiet, "the gatekeeper to read the deal and be done")


def _look(manager: Manager, picture: Path) -> None:
    """Nothing may hang over the screen's edge; the picture is for people."""
    manager.driver.save_screenshot(str(picture))
    assert manager.overflow_px() <= 0
