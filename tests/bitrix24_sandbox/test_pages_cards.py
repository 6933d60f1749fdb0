from collections.abc import Iterator

import pytest

from tests.bitrix24_sandbox.pages_site import Site, running_site


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def a_deal_form(**other: object) -> dict[str, object]:
    """What the browser sends for a deal whose form nobody touched."""
    form: dict[str, object] = {
        "title": "Сделка",
        "opportunity": "",
        "ufCrmProductGroup": "",
        "contactIds": [],
        "contactNew": "",
        "leadId": "",
        "productName": [""],
        "price": [""],
        "quantity": [""],
        "assignedById": "1",
    }
    return form | other


def test_a_deals_fields_are_saved_as_the_chosen_user(site: Site) -> None:
    site.deal()
    site.announced()

    site.post("/deal/1", a_deal_form(title="Поступление", ufCrmProductGroup="47", assignedById="3"))

    deal = site.item(2, 1)
    assert (deal["title"], deal["ufCrmProductGroup"], deal["assignedById"]) == ("Поступление", 47, 3)
    assert deal["updatedBy"] == 2
    assert site.announced() == [("ONCRMDEALUPDATE", 1)]


def test_saving_what_nobody_changed_raises_no_event(site: Site) -> None:
    contact, lead = site.contact(), site.lead()
    site.deal(contactIds=[contact], leadId=lead, ufCrmProductGroup=45)
    row = {"productName": ["Курс"], "price": ["100,50"], "quantity": ["2"]}
    form = a_deal_form(
        contactIds=[contact],
        leadId="1 · Лид",
        ufCrmProductGroup="45",
        opportunity="201",
        assignedById="1",
        **row,
    )
    site.post("/deal/1", form)
    site.announced()

    site.post("/deal/1", form)

    assert site.announced() == []


def test_the_sum_follows_the_products_until_it_is_typed_and_again_once_it_is_emptied(site: Site) -> None:
    site.deal()
    rows = {
        "productName": ["Курс", "Учебник", ""],
        "price": ["1 000", "250,5", "9"],
        "quantity": ["2", "", "1"],
    }

    site.post("/deal/1", a_deal_form(**rows))
    assert site.item(2, 1)["opportunity"] == 2250.5
    assert len(site.rest("crm.deal.productrows.get", id=1)) == 2

    site.post("/deal/1", a_deal_form(opportunity="2 000", **rows))
    assert (site.item(2, 1)["opportunity"], site.item(2, 1)["isManualOpportunity"]) == (2000, "Y")

    site.post("/deal/1", a_deal_form(opportunity="", **rows))
    assert (site.item(2, 1)["opportunity"], site.item(2, 1)["isManualOpportunity"]) == (2250.5, "N")


def test_a_sum_that_was_counted_goes_on_counting_when_the_form_is_saved_untouched(site: Site) -> None:
    site.deal()
    site.post("/deal/1", a_deal_form(productName=["Курс"], price=["100"], quantity=["1"]))

    two = {"productName": ["Курс", "Учебник"], "price": ["100", "50"], "quantity": ["1", "1"]}
    site.post("/deal/1", a_deal_form(opportunity="100", **two))

    assert site.item(2, 1)["opportunity"] == 150


def test_products_that_nobody_changed_keep_their_ids(site: Site) -> None:
    rows = {"productName": ["Курс"], "price": ["100"], "quantity": ["1"]}
    site.deal()
    site.post("/deal/1", a_deal_form(**rows))
    before = site.rest("crm.deal.productrows.get", id=1)

    site.post("/deal/1", a_deal_form(title="Иначе", opportunity="100", **rows))

    assert site.rest("crm.deal.productrows.get", id=1) == before


def test_a_contact_is_found_by_its_number_and_one_that_is_unticked_is_unbound(site: Site) -> None:
    first, second = site.contact(), site.contact(lastName="Белова")
    site.deal(contactIds=[first])

    site.post("/deal/1", a_deal_form(contactIds=[first], contactNew=f"{second} · Белова Анна"))
    assert site.item(2, 1)["contactIds"] == [first, second]

    site.post("/deal/1", a_deal_form(contactIds=[second]))
    assert site.item(2, 1)["contactIds"] == [second]


@pytest.mark.parametrize("typed", ["77", "Кто-то", "77 · Никто"])
def test_a_contact_that_there_is_none_of_is_refused_and_nothing_is_saved(site: Site, typed: str) -> None:
    site.deal()

    answer = site.refused("/deal/1", a_deal_form(title="Другое", contactNew=typed))

    assert answer.status_code == 422
    assert "не найден" in answer.text
    assert site.item(2, 1)["title"] == "Сделка"


def test_a_lead_is_linked_by_its_number_and_unlinked_by_an_empty_field(site: Site) -> None:
    site.lead()
    site.deal()

    site.post("/deal/1", a_deal_form(leadId="1 · Лид"))
    assert site.item(2, 1)["leadId"] == 1

    site.post("/deal/1", a_deal_form(leadId=""))
    assert not site.item(2, 1)["leadId"]


def test_a_title_is_not_emptied(site: Site) -> None:
    site.deal(title="Была")

    site.post("/deal/1", a_deal_form(title="  "))

    assert site.item(2, 1)["title"] == "Была"


def test_a_contacts_names_birthdate_phones_and_mails_are_saved(site: Site) -> None:
    number = site.contact(fm=[{"typeId": "PHONE", "valueType": "WORK", "value": "123"}])
    phone = site.item(3, number)["fm"][0]["id"]
    site.announced()

    site.post(
        f"/contact/{number}",
        {
            "lastName": "Белова",
            "name": "Вера",
            "secondName": "Олеговна",
            "birthdate": "2008-03-14",
            "fmId": [str(phone), "", ""],
            "fmType": ["PHONE", "EMAIL", "PHONE"],
            "fmKind": ["MOBILE", "HOME", "MOBILE"],
            "fmValue": ["+7 903 482-17-65", "vera@mail.ru", ""],
        },
    )

    contact = site.item(3, number)
    assert (contact["lastName"], contact["name"], contact["secondName"]) == ("Белова", "Вера", "Олеговна")
    assert contact["birthdate"].startswith("2008-03-14")
    assert [(each["valueType"], each["value"]) for each in contact["fm"]] == [
        ("MOBILE", "+7 903 482-17-65"),
        ("HOME", "vera@mail.ru"),
    ]
    assert site.announced() == [("ONCRMCONTACTUPDATE", number)]


def test_an_emptied_phone_goes_and_an_emptied_birthdate_too(site: Site) -> None:
    phone = {"typeId": "PHONE", "valueType": "MOBILE", "value": "123"}
    number = site.contact(birthdate="2008-03-14", fm=[phone])
    row = {"fmId": [str(site.item(3, number)["fm"][0]["id"])], "fmType": ["PHONE"], "fmKind": ["MOBILE"]}

    site.post(f"/contact/{number}", {"lastName": "Белова", "birthdate": "", "fmValue": [""], **row})

    assert site.item(3, number)["fm"] == []
    assert site.item(3, number)["birthdate"] is None


def test_a_contact_and_a_lead_made_from_a_deal_are_bound_to_it(site: Site) -> None:
    site.deal()

    assert site.post("/contact/new", {"deal": "1", "name": "Анна"}) == "/deal/1"
    assert site.post("/lead/new", {"deal": "1", "title": "С сайта"}) == "/deal/1"

    deal = site.item(2, 1)
    assert (deal["contactIds"], deal["leadId"]) == ([1], 1)


def test_a_contact_without_any_name_is_refused_as_the_portal_does(site: Site) -> None:
    assert site.refused("/contact/new", {"name": " "}).status_code == 422


def test_a_lead_becomes_a_contact_and_a_deal(site: Site) -> None:
    phone = {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"}
    site.lead(title="Анна с сайта", name="Анна", lastName="Белова", assignedById=3, fm=[phone])

    assert site.post("/lead/1/convert") == "/deal/1"

    deal, contact, lead = site.item(2, 1), site.item(3, 1), site.item(1, 1)
    assert (deal["leadId"], deal["contactIds"], deal["assignedById"]) == (1, [1], 3)
    assert (contact["name"], contact["lastName"], contact["leadId"]) == ("Анна", "Белова", 1)
    assert contact["fm"][0]["value"] == "+7 903 482-17-65"
    assert (lead["stageId"], lead["contactIds"]) == ("CONVERTED", [1])


def test_a_comment_is_written_as_the_chosen_user_and_told_of(site: Site) -> None:
    site.deal()
    site.announced()

    site.post("/deal/1/comment", {"text": "Звонила мама\r\nдоговорились"})

    found = site.rest("crm.timeline.comment.list", filter={"ENTITY_TYPE": "deal", "ENTITY_ID": 1})
    assert [(each["AUTHOR_ID"], each["COMMENT"]) for each in found] == [("2", "Звонила мама\nдоговорились")]
    assert site.announced() == [("ONCRMTIMELINECOMMENTADD", int(found[0]["ID"]))]


def test_an_empty_comment_is_none(site: Site) -> None:
    site.deal()

    site.post("/deal/1/comment", {"text": "  \r\n"})

    assert site.rest("crm.timeline.comment.list", filter={"ENTITY_TYPE": "deal", "ENTITY_ID": 1}) == []


def test_deleting_a_card_removes_it_and_tells_of_it(site: Site) -> None:
    site.deal(categoryId=1)
    site.announced()

    assert site.post("/deal/1/delete") == "/?pipeline=1"

    assert site.http.get(f"{site.url}/deal/1", timeout=10).status_code == 404
    assert site.announced() == [("ONCRMDEALDELETE", 1)]


@pytest.mark.parametrize("path", ["/deal/9", "/contact/9", "/lead/9"])
def test_a_card_that_there_is_none_of_is_not_found(site: Site, path: str) -> None:
    assert site.http.get(site.url + path, timeout=10).status_code == 404
    assert site.refused(f"{path}/comment", {"text": "Кому?"}).status_code == 404


@pytest.mark.parametrize("kind", ["deal", "contact", "lead"])
def test_what_people_type_is_never_markup(site: Site, kind: str) -> None:
    attack = '<script>alert(1)</script>" onfocus="alert(1)'
    fm = [{"typeId": "PHONE", "valueType": attack, "value": attack}]
    site.contact(name=attack, lastName=attack, fm=fm)
    site.lead(title=attack, name=attack, fm=fm)
    site.deal(title=attack, contactIds=[1], leadId=1)
    site.rest("crm.deal.productrows.set", id=1, rows=[{"PRODUCT_NAME": attack, "PRICE": 1}])
    site.comment(kind, 1, attack)
    site.warn(kind, 1, f"☐ {attack}")

    for path in (f"/{kind}/1", "/", "/contacts", "/leads", "/contacts?find=%3Cscript%3E"):
        page = site.get(path)
        assert "<script>alert" not in page
        assert '" onfocus="' not in page


def test_the_portals_own_links_lead_to_our_cards(site: Site) -> None:
    answer = site.http.get(f"{site.url}/crm/contact/details/7/", allow_redirects=False, timeout=10)

    assert answer.headers["Location"] == "/contact/7"


def test_lists_find_by_name_phone_and_number_and_take_signs_literally(site: Site) -> None:
    site.contact(
        lastName="Ёлкина", fm=[{"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"}]
    )
    site.contact(lastName="Белова")

    for wanted in ("ёлк", "анна ёлкина", "482-17", "#1"):
        page = site.read(f"/contacts?find={wanted.replace('#', '%23')}")
        assert "Ёлкина" in page
        assert "Белова" not in page
    for wanted in ("%25", "_", "\\"):
        assert "ничего не нашлось" in site.read(f"/contacts?find={wanted}")


def test_the_search_of_a_deal_suggests_numbers_with_names(site: Site) -> None:
    site.contact(lastName="Белова")
    site.lead(title="Заявка")

    assert site.http.get(f"{site.url}/suggest/contact?find=бел", timeout=10).json() == ["1 · Белова Анна"]
    assert site.http.get(f"{site.url}/suggest/lead?find=заяв", timeout=10).json() == ["1 · Заявка"]
