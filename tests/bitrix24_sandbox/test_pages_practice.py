import re
from collections.abc import Iterator

import pytest

from bitrix24_sandbox.pages.clients import Person
from bitrix24_sandbox.pages.exercises import EXERCISES
from tests.bitrix24_sandbox.pages_site import Site, running_site


class Clock:
    now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock) -> Iterator[Site]:
    with running_site(clock=clock) as running:
        yield running


def state(site: Site, slug: str) -> str:
    """How the list of exercises shows this one."""
    found = re.search(rf'exercise--(\w+)" data-key="exercise-{slug}"', site.get("/practice"))
    assert found
    return found[1]


def test_nothing_is_begun_at_first(site: Site) -> None:
    assert {state(site, slug) for slug in EXERCISES} == {"new"}


def test_silence_is_no_praise(site: Site, clock: Clock) -> None:
    site.post("/practice/no-group")
    assert state(site, "no-group") == "waiting"

    clock.now += 60

    assert state(site, "no-group") == "silent"


def test_it_is_ticked_off_by_the_all_clear_and_by_nothing_else(site: Site) -> None:
    assert site.post("/practice/no-group") == "/deal/1"
    note = site.warn("deal", 1)
    assert state(site, "no-group") == "warned"

    site.comment("deal", 1, "☑ Я всё исправила")
    assert state(site, "no-group") == "warned"

    site.all_clear(note, "deal", 1)
    assert state(site, "no-group") == "done"
    assert "1 из 5" in site.read("/practice")


def test_what_is_broken_again_is_done_no_more(site: Site) -> None:
    site.post("/practice/no-group")
    note = site.warn("deal", 1)
    site.all_clear(note, "deal", 1)

    text = "☐ Группа продуктов\nКонтроль · gk-d1-0a1b2c3d"
    site.rest("crm.timeline.comment.update", id=note, fields={"COMMENT": text})

    assert state(site, "no-group") == "warned"


def test_the_deal_to_be_led_on_must_also_stand_further(site: Site) -> None:
    site.post("/practice/empty")
    site.all_clear(site.warn("deal", 1), "deal", 1)
    assert state(site, "empty") == "stuck"

    site.post("/deal/1/move", {"stage": "PREPARATION"})

    assert state(site, "empty") == "done"


def test_everybody_practises_alone(site: Site) -> None:
    site.post("/practice/no-birthdate")
    site.warn("contact", 1)

    site.post("/me", {"user": "3", "back": "/"})

    assert state(site, "no-birthdate") == "new"
    assert "Тренажёр</a>" not in site.get("/contact/1")


def test_beginning_anew_makes_a_card_anew(site: Site) -> None:
    assert site.post("/practice/no-birthdate") == "/contact/1"
    site.all_clear(site.warn("contact", 1), "contact", 1)

    assert site.post("/practice/no-birthdate") == "/contact/2"

    assert state(site, "no-birthdate") == "waiting"
    assert site.item(3, 1)["name"] != site.item(3, 2)["name"]


def test_an_exercise_whose_card_is_gone_may_be_begun_again(site: Site) -> None:
    site.post("/practice/no-birthdate")
    site.post("/contact/1/delete")

    assert state(site, "no-birthdate") == "new"


def test_an_exercise_that_there_is_none_of_is_not_found(site: Site) -> None:
    assert site.refused("/practice/juggling").status_code == 404


def test_the_card_tells_what_to_do_and_what_is_known_of_the_client(site: Site) -> None:
    site.post("/practice/no-birthdate")

    page = site.read("/contact/1")

    assert "Впишите дату рождения" in page
    assert Person(1).birthdate.strftime("%d.%m.%Y") in page


def test_no_two_clients_share_a_phone_or_an_address_or_both_name_and_birthdate() -> None:
    people = [Person(number) for number in range(1, 1001)]

    assert len({each.phone for each in people}) == len(people)
    assert len({each.email for each in people}) == len(people)
    assert len({(each.names, each.birthdate) for each in people}) == len(people)
