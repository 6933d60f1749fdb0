from collections.abc import Iterator

import pytest

from tests.bitrix24_sandbox.pages_site import Site, running_site


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def test_a_deal_made_by_hand_raises_what_a_deal_made_by_rest_raises(site: Site) -> None:
    assert site.post("/deal", {"title": "Поступление Анны", "pipeline": "0"}) == "/deal/1"
    by_hand = site.announced()
    site.deal(title="Поступление Анны")

    assert by_hand == [("ONCRMDEALADD", 1)]
    assert site.announced() == [("ONCRMDEALADD", 2)]
    for name in ("title", "stageId", "categoryId", "opportunity", "contactIds", "leadId"):
        assert site.item(2, 1)[name] == site.item(2, 2)[name]


def test_the_board_shows_one_pipelines_deals_with_sum_contact_and_responsible(site: Site) -> None:
    contact = site.contact()
    site.deal(title="В общей", opportunity=90000, contactIds=[contact], assignedById=3)
    site.deal(title="В колледже", categoryId=1)

    page = site.read("/?pipeline=0")

    assert "В общей" in page
    assert "В колледже" not in page
    assert "90\u00a0000\u00a0₽" in site.get("/?pipeline=0")
    assert "Анна Смирнова" in page
    assert "Ответственный: Борис Ковалёв" in page
    assert "В колледже" in site.read("/?pipeline=1")


def test_an_empty_board_says_where_to_begin(site: Site) -> None:
    assert "Сделок пока нет" in site.read("/")

    site.deal()

    assert "Сделок пока нет" not in site.read("/")


def test_a_pipeline_that_there_is_none_of_is_not_found(site: Site) -> None:
    assert site.http.get(f"{site.url}/?pipeline=7", timeout=10).status_code == 404


def test_moving_a_deal_moves_it_and_tells_of_it(site: Site) -> None:
    site.deal()
    site.announced()

    assert site.post("/deal/1/move", {"stage": "PREPARATION", "board": "1"}) == "/?pipeline=0"

    assert site.item(2, 1)["stageId"] == "PREPARATION"
    assert site.item(2, 1)["movedBy"] == 2
    assert site.announced() == [("ONCRMDEALUPDATE", 1)]


@pytest.mark.parametrize(("stage", "status"), [("C1:NEW", 422), ("NOWHERE", 422), ("", 400)])
def test_a_stage_of_another_pipeline_or_none_is_refused(site: Site, stage: str, status: int) -> None:
    site.deal()

    assert site.refused("/deal/1/move", {"stage": stage}).status_code == status
    assert site.item(2, 1)["stageId"] == "NEW"


def test_the_portals_required_fields_stop_a_move_and_the_page_says_why() -> None:
    with running_site(required={"deal": ("UF_CRM_PRODUCT_GROUP",)}) as site:
        with site.portal.act(1) as act:
            act.store.insert(
                "deal", {"TITLE": "Старая", "CATEGORY_ID": 0, "STAGE_ID": "NEW", "STAGE_SEMANTIC_ID": "P"}
            )

        answer = site.refused("/deal/1/move", {"stage": "PREPARATION"})

        assert answer.status_code == 422
        assert "«Группа продуктов»" in answer.text
        assert site.item(2, 1)["stageId"] == "NEW"


def test_the_chosen_user_is_remembered_and_acts(site: Site) -> None:
    assert site.post("/me", {"user": "4", "back": "/practice"}) == "/practice"

    site.post("/deal", {"title": "Новая", "pipeline": "0"})

    assert (site.item(2, 1)["createdBy"], site.item(2, 1)["assignedById"]) == (4, 4)


@pytest.mark.parametrize("user", ["99", "0", "-1", "x", "²", ""])
def test_who_is_nobody_works_as_the_first_manager(site: Site, user: str) -> None:
    site.post("/me", {"user": user, "back": "/"})

    site.post("/deal", {"title": "Новая", "pipeline": "0"})

    assert site.item(2, 1)["createdBy"] == 2


@pytest.mark.parametrize(
    "back", ["https://example.com", "//example.com", "/\\example.com", "", "javascript:1"]
)
def test_choosing_a_user_leads_nowhere_else(site: Site, back: str) -> None:
    assert site.post("/me", {"user": "3", "back": back}) == "/"


def test_the_gatekeepers_word_stands_on_the_tile(site: Site) -> None:
    site.deal()
    note = site.warn("deal", 1, "☐ Контакт\n☐ Лид")
    assert "Замечаний: 2" in site.read("/")

    site.all_clear(note, "deal", 1)

    assert "Замечаний" not in site.read("/")
    assert "По регламенту" in site.read("/")


def test_of_two_notes_the_elder_counts_as_it_is_the_one_that_is_kept_up_to_date(site: Site) -> None:
    site.deal()
    site.all_clear(site.warn("deal", 1), "deal", 1)
    site.warn("deal", 1)

    assert "По регламенту" in site.read("/")


def test_a_full_column_says_how_many_more_there_are(site: Site) -> None:
    for _ in range(32):
        site.post("/deal", {"title": "Ещё", "pipeline": "0"})

    assert "и ещё 2" in site.read("/")


def test_the_pages_do_not_count_as_rest_hits(site: Site) -> None:
    before = site.http.get(f"{site.url}/sandbox/log", timeout=10).json()["mark"]

    site.get("/")
    site.get("/practice")

    assert site.http.get(f"{site.url}/sandbox/log", timeout=10).json()["mark"] == before


@pytest.mark.parametrize("path", ["/", "/leads", "/contacts", "/practice", "/contact/new", "/lead/new"])
def test_every_page_comes_whole_from_this_server_and_is_never_kept(site: Site, path: str) -> None:
    answer = site.http.get(site.url + path, timeout=10)

    assert answer.ok
    assert "http://" not in answer.text.replace("http://www.w3.org", "")
    assert "https://" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["pages.css", "pages.js", "icon.svg", "chevron.svg", "tick.svg"])
def test_the_assets_are_in_the_package(site: Site, name: str) -> None:
    assert site.get(f"/assets/{name}")
