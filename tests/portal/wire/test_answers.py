"""The portal's answers in all the forms they come in; what is in none of them is never taken for empty."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from gatekeeper.model.cards import Multifield, Semantics, Unread
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.signature import Signer, sign
from gatekeeper.portal.wire.forms import Misread
from gatekeeper.portal.wire.items import (
    ContactItem,
    DealItem,
    LeadItem,
    deals_of_leads_parser,
    item_parser,
    items_parser,
    read_choice,
    read_text,
)
from gatekeeper.portal.wire.parts import (
    comments_parser,
    history_parser,
    pointer_parser,
    product_rows_parser,
)
from gatekeeper.portal.wire.setup import (
    parse_field,
    parse_leads_in_use,
    parse_pipeline,
    parse_pipelines,
)

DEAL = EntityRef(Kind.DEAL, 41)
MORNING = "2026-08-05T09:11:02+03:00"
AT = datetime(2026, 8, 5, 9, 11, 2, tzinfo=timezone(timedelta(hours=3)))
SIGNER = Signer(b"a key of sixteen", AT, owner_id=1)
NOTE = SIGNER.seal(sign("x", DEAL, "К"))


def a_deal_row(**changes: Any) -> dict[str, Any]:
    row = {
        "id": 41,
        "entityTypeId": 2,
        "title": "Сделка",
        "categoryId": 3,
        "stageId": "C3:NEW",
        "stageSemanticId": "P",
        "createdTime": MORNING,
        "movedTime": MORNING,
        "movedBy": 7,
        "assignedById": 7,
        "sourceId": "CALL",
        "contactId": 84,
        "contactIds": [84, 91],
        "leadId": 17,
        "opportunity": 10000.5,
        "comments": "",
        "UF_X": 45,
    }
    return row | changes


def a_contact_row(**changes: Any) -> dict[str, Any]:
    row = {
        "id": 84,
        "entityTypeId": 3,
        "name": "Иван",
        "lastName": "Петров",
        "secondName": None,
        "birthdate": "1990-05-17T03:00:00+03:00",
        "createdTime": MORNING,
        "updatedTime": MORNING,
        "assignedById": 7,
        "sourceId": None,
        "hasPhone": "Y",
        "hasEmail": "N",
        "fm": [{"id": 1, "typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903"}],
    }
    return row | changes


def a_lead_row(**changes: Any) -> dict[str, Any]:
    row = {
        "id": 17,
        "entityTypeId": 1,
        "title": "Лид",
        "stageId": "CONVERTED",
        "stageSemanticId": "S",
        "createdTime": MORNING,
        "movedTime": MORNING,
        "assignedById": 7,
        "sourceId": "CALL",
        "contactIds": [84],
        "comments": None,
    }
    return row | changes


ROWS = {Kind.DEAL: a_deal_row(), Kind.CONTACT: a_contact_row(), Kind.LEAD: a_lead_row()}
NEEDED = [
    *(
        (Kind.DEAL, name)
        for name in a_deal_row()
        if name not in {"UF_X", "contactId", "leadId", "opportunity"}
    ),
    *((Kind.CONTACT, name) for name in a_contact_row() if name not in {"hasPhone", "hasEmail"}),
    *((Kind.LEAD, name) for name in a_lead_row()),
]


def a_deal(**changes: Any) -> Any:
    return item_parser(Kind.DEAL, 41)({"item": a_deal_row(**changes)})


def a_contact(**changes: Any) -> Any:
    return item_parser(Kind.CONTACT, 84)({"item": a_contact_row(**changes)})


def a_lead(**changes: Any) -> Any:
    return item_parser(Kind.LEAD, 17)({"item": a_lead_row(**changes)})


def without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


# Cards


def test_a_deal_is_read_with_all_that_it_says() -> None:
    deal = a_deal()
    assert isinstance(deal, DealItem)
    assert (deal.pipeline_id, deal.stage_id, deal.semantics) == (3, "C3:NEW", Semantics.PROCESS)
    assert (deal.sum, deal.lead_id, deal.contact_ids) == (Decimal("10000.5"), 17, (84, 91))
    assert (deal.created_at, deal.moved_by, deal.responsible_id) == (AT, 7, 7)


@pytest.mark.parametrize(("kind", "name"), NEEDED)
def test_a_card_without_one_of_its_fields_is_unread_as_a_whole(kind: Kind, name: str) -> None:
    """Accused of an empty name or birth date would be a person whose card was merely not read."""
    row = without(ROWS[kind], name)
    with pytest.raises(Misread):
        item_parser(kind, ROWS[kind]["id"])({"item": row})


@pytest.mark.parametrize(("kind", "name"), NEEDED)
def test_a_card_with_a_field_in_no_documented_form_is_unread_as_a_whole(kind: Kind, name: str) -> None:
    with pytest.raises(Misread):
        item_parser(kind, ROWS[kind]["id"])({"item": ROWS[kind] | {name: {"nested": ROWS[kind][name]}}})


@pytest.mark.parametrize("changes", [{"opportunity": None}, {"opportunity": ""}, {"opportunity": True}])
def test_a_sum_in_no_documented_form_is_unread_alone(changes: Any) -> None:
    assert isinstance(a_deal(**changes).sum, Unread)


@pytest.mark.parametrize("name", ["opportunity", "leadId"])
def test_a_deal_that_lacks_its_sum_or_its_lead_is_read_without_it(name: str) -> None:
    found = item_parser(Kind.DEAL, 41)({"item": without(a_deal_row(), name)})
    assert isinstance(found, DealItem)
    assert isinstance(found.sum if name == "opportunity" else found.lead_id, Unread)


@pytest.mark.parametrize("empty", [None, 0, "0", ""])
def test_a_deal_may_have_no_lead(empty: Any) -> None:
    assert a_deal(leadId=empty).lead_id is None


@pytest.mark.parametrize("empty", [None, ""])
def test_a_contact_may_lack_its_second_name_and_its_birth_date(empty: Any) -> None:
    contact = a_contact(secondName=empty, birthdate=empty)
    assert isinstance(contact, ContactItem)
    assert (contact.second_name, contact.birthdate) == ("", None)


@pytest.mark.parametrize(
    "changes",
    [{"id": 42}, {"entityTypeId": 1}, {"contactIds": []}, {"contactIds": [91]}, {"id": 2**63}, {"id": 41.0}],
)
def test_a_deal_that_contradicts_itself_or_the_question_is_refused(changes: Any) -> None:
    with pytest.raises(Misread):
        a_deal(**changes)


def test_a_contact_that_has_a_phone_and_shows_none_is_refused() -> None:
    with pytest.raises(Misread, match="hasPhone"):
        a_contact(fm=[])


def test_a_converted_lead_and_no_other_is_a_success() -> None:
    assert isinstance(a_lead(), LeadItem)
    for changes in ({"stageSemanticId": "P"}, {"stageId": "NEW"}):
        with pytest.raises(Misread, match="stageId"):
            a_lead(**changes)


def test_phones_and_addresses_are_told_apart() -> None:
    fm = [
        {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903"},
        {"typeId": "EMAIL", "valueType": "HOME", "value": "a@b.ru"},
        {"typeId": "PHONE", "valueType": "WORK", "value": None},
        {"typeId": "WEB", "valueType": "FACEBOOK", "value": "example"},
    ]
    contact = a_contact(fm=fm)
    assert contact.of_type("PHONE") == (Multifield("MOBILE", "+7 903"), Multifield("WORK", ""))
    assert contact.of_type("EMAIL") == (Multifield("HOME", "a@b.ru"),)


@pytest.mark.parametrize(("type_id", "value_type"), [("FAX", "WORK"), ("PHONE", None), ("PHONE", "x")])
def test_a_phone_of_an_unknown_type_is_not_taken_for_none(type_id: str, value_type: str | None) -> None:
    with pytest.raises(Misread, match=r"typeId|valueType"):
        a_contact(fm=[{"typeId": type_id, "valueType": value_type, "value": "+7 903"}], hasPhone=None)


def test_a_deal_whose_stage_is_of_another_pipeline_contradicts_itself() -> None:
    with pytest.raises(Misread, match="stageId"):
        a_deal(stageId="C4:NEW")


def test_a_list_of_cards_tells_the_readable_from_the_others() -> None:
    rows = [a_deal_row(), a_deal_row(id=42, movedTime="вчера")]
    found = items_parser(Kind.DEAL, [41, 42, 43])({"items": rows})
    assert (set(found.items), set(found.misread)) == ({41}, {42})


@pytest.mark.parametrize(
    "items",
    [
        None,
        False,
        "",
        {"a": 1},
        [a_deal_row(id=99)],
        [a_deal_row(), a_deal_row()],
        [5],
        [without(a_deal_row(), "id")],
    ],
)
def test_a_list_that_answers_another_question_is_refused(items: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal
        items_parser(Kind.DEAL, [41])({"items": items})


@pytest.mark.parametrize("result", [True, None, [], {}, {"result": {}}])
def test_an_answer_of_another_shape_is_no_empty_list(result: Any) -> None:
    with pytest.raises(Misread):
        items_parser(Kind.DEAL, [41])(result)


def test_the_deals_of_leads_are_those_of_these_leads() -> None:
    parse = deals_of_leads_parser({17, 19})
    found = parse({"items": [{"id": 41, "leadId": 17}, {"id": 42, "leadId": 19}]})
    assert [(number, row.owner_id) for number, row in found] == [(41, 17), (42, 19)]
    with pytest.raises(Misread, match="leadId"):
        parse({"items": [{"id": 41, "leadId": 18}]})


# User fields


@pytest.mark.parametrize("value", [None, "", 0, "0", False, []])
def test_a_field_that_is_there_and_empty_is_empty(value: Any) -> None:
    assert read_choice({"UF_X": value}, ["UF_X"]) == ()


@pytest.mark.parametrize(
    ("value", "choice"),
    [(45, ("45",)), ("45", ("45",)), ([45, "47"], ("45", "47")), ({"0": 45, "2": 47}, ("45", "47"))],
)
def test_choices_are_compared_as_text(value: Any, choice: tuple[str, ...]) -> None:
    assert read_choice({"UF_X": value}, ["UF_X"]) == choice


@pytest.mark.parametrize("value", [45.0, True, {"value": 45}, [[45]], [None], {}, 0.0])
def test_a_choice_in_no_documented_form_is_unread(value: Any) -> None:
    assert isinstance(read_choice({"UF_X": value}, ["UF_X"]), Unread)


def test_a_field_that_is_not_there_is_unread_and_not_empty() -> None:
    assert isinstance(read_choice({"ufCrmY": 1}, ["UF_X", "ufX"]), Unread)
    assert read_choice({"ufX": 45}, ["UF_X", "ufX"]) == ("45",)


@pytest.mark.parametrize(
    ("row", "text"), [({"UF_S": " active "}, "active"), ({"UF_S": None}, ""), ({}, None), ({"UF_S": 5}, None)]
)
def test_a_status_that_cannot_be_read_is_none(row: Any, text: str | None) -> None:
    assert read_text(row, ["UF_S"]) == text


# What hangs on a card


def a_comment_row(**changes: Any) -> dict[str, Any]:
    row = {"ID": "999", "ENTITY_ID": "41", "ENTITY_TYPE": "deal", "CREATED": MORNING}
    return row | {"COMMENT": "НД", "AUTHOR_ID": "7"} | changes


def comments(value: Any) -> Any:
    return [comment for _, comment in comments_parser(DEAL, SIGNER)(value)]


@pytest.mark.parametrize("value", [None, False, True, {}, "", 0])
def test_what_is_no_list_is_not_taken_for_no_comments(value: Any) -> None:
    assert comments([]) == []
    with pytest.raises(ValueError, match="no list"):
        comments(value)


def test_a_comment_tells_whether_it_is_ours() -> None:
    theirs, ours = comments([a_comment_row(), a_comment_row(ID=1000, COMMENT=NOTE, AUTHOR_ID="1")])
    assert (theirs.id, theirs.author_id, theirs.signed_for) == (999, 7, None)
    assert ours.signed_for == DEAL


@pytest.mark.parametrize("name", ["ID", "ENTITY_ID", "ENTITY_TYPE", "CREATED", "COMMENT", "AUTHOR_ID"])
def test_a_comment_without_one_of_its_fields_is_unread(name: str) -> None:
    """Without its text or author our own note would be a stranger's, and be written a second time."""
    for row in (without(a_comment_row(), name), a_comment_row(**{name: None})):
        with pytest.raises(Misread, match=name):
            comments([row])


@pytest.mark.parametrize("changes", [{"ENTITY_ID": "42"}, {"ENTITY_TYPE": "lead"}])
def test_another_cards_comments_are_refused(changes: Any) -> None:
    with pytest.raises(Misread, match="ENTITY_ID"):
        comments([a_comment_row(**changes)])


@pytest.mark.parametrize(
    ("row", "owners"),
    [
        (a_comment_row(), (DEAL,)),
        (a_comment_row(ENTITY_TYPE="DEAL", ENTITY_ID=41), (DEAL,)),
        (a_comment_row(ENTITY_TYPE="company"), ()),
        (a_comment_row(ENTITY_TYPE="dynamic_1046"), ()),
        (a_comment_row(ENTITY_TYPE="comment"), ()),
        (a_comment_row(ENTITY_ID="0"), ()),
        (a_comment_row(COMMENT=NOTE, AUTHOR_ID="1"), ()),
        (a_comment_row(COMMENT=NOTE.replace("x", "y", 1), AUTHOR_ID="1"), (DEAL,)),
    ],
)
def test_where_a_comment_hangs(row: Any, owners: tuple[EntityRef, ...]) -> None:
    assert pointer_parser(EntityRef(Kind.COMMENT, 999), SIGNER)(row) == owners


@pytest.mark.parametrize(
    ("row", "owners"),
    [
        ({"OWNER_TYPE_ID": "3", "OWNER_ID": "84"}, (EntityRef(Kind.CONTACT, 84),)),
        ({"OWNER_TYPE_ID": "1", "OWNER_ID": "17"}, (EntityRef(Kind.LEAD, 17),)),
        ({"OWNER_TYPE_ID": "4", "OWNER_ID": "5"}, ()),
        ({"OWNER_TYPE_ID": None, "OWNER_ID": None}, ()),
    ],
)
def test_where_an_activity_hangs(row: Any, owners: tuple[EntityRef, ...]) -> None:
    assert pointer_parser(EntityRef(Kind.ACTIVITY, 7), SIGNER)(row) == owners


def test_a_product_row_comes_to_its_price_by_its_quantity() -> None:
    row = {"id": 1, "ownerId": 41, "ownerType": "D", "price": "899.10", "quantity": 3}
    assert product_rows_parser(DEAL)({"productRows": [row]}) == ((1, Decimal("2697.30")),)
    for changes in ({"ownerId": 42}, {"ownerType": "L"}, {"price": None}, {"quantity": ""}):
        with pytest.raises(Misread):
            product_rows_parser(DEAL)({"productRows": [row | changes]})


@pytest.mark.parametrize("kind", [int, str])
def test_the_stage_history_comes_oldest_first_as_numbers_or_as_texts(kind: type) -> None:
    rows = [
        {
            "ID": kind(each),
            "TYPE_ID": kind(1 if each == 9 else 2),
            "CATEGORY_ID": kind(0),
            "OWNER_ID": kind(41),
        }
        | {"STAGE_ID": f"S{each}", "CREATED_TIME": MORNING}
        for each in (10, 9, 11)
    ]
    entries = [row.entry() for _, row in history_parser({DEAL.id})({"items": rows})]
    assert [(each.stage_id, each.is_creation) for each in entries] == [
        ("S9", True),
        ("S10", False),
        ("S11", False),
    ]
    with pytest.raises(Misread, match="OWNER_ID"):
        history_parser({42})({"items": rows})


# What the portal's admin set up


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([], {0: ""}),
        ([{"id": 0, "name": "Общая"}, {"id": "1", "name": "Колледж"}], {0: "Общая", 1: "Колледж"}),
        ([{"id": 1, "name": None}], {0: "", 1: ""}),
    ],
)
def test_the_default_pipeline_is_always_there(rows: Any, names: dict[int, str]) -> None:
    assert parse_pipelines({"categories": rows}) == names


@pytest.mark.parametrize("categories", [None, False, [{"id": 0}], [{"id": 1, "name": ""}] * 2])
def test_pipelines_in_no_documented_form_are_refused(categories: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal
        parse_pipelines({"categories": categories})


def a_stage_row(status: str, **changes: Any) -> dict[str, Any]:
    row = {"ENTITY_ID": "DEAL_STAGE_3", "STATUS_ID": status, "NAME": "", "SORT": "10", "SEMANTICS": None}
    return row | changes


@pytest.mark.parametrize("status", ["NEW", "C3:NEW"])
def test_a_stages_id_is_its_full_code_whether_the_portal_prefixes_it_or_not(status: str) -> None:
    rows = [a_stage_row("C3:WON", NAME="Успех", SORT="20", SEMANTICS="S"), a_stage_row(status)]
    pipeline = parse_pipeline(3, "Колледж", rows)
    assert [each.id for each in pipeline.stages] == ["C3:NEW", "C3:WON"]
    assert [each.semantics for each in pipeline.stages] == [Semantics.PROCESS, Semantics.SUCCESS]
    assert pipeline.stages[0].name


@pytest.mark.parametrize(
    "rows",
    [
        [],
        None,
        [a_stage_row("NEW", SEMANTICS="X")],
        [without(a_stage_row("NEW"), "SEMANTICS")],
        [a_stage_row("NEW", EXTRA={"SEMANTICS": "success"})],
        [a_stage_row("NEW", ENTITY_ID="DEAL_STAGE")],
        [a_stage_row("NEW"), a_stage_row("C3:NEW")],
    ],
)
def test_stages_in_no_documented_form_are_refused(rows: Any) -> None:
    """By an empty list every deal would stand in a foreign stage."""
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal
        parse_pipeline(3, "Колледж", rows)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"UF_X": {"type": "enumeration", "items": [{"ID": "45", "VALUE": "ВО"}]}}, ("UF_X", {"45": "ВО"})),
        ({"ufX": {"type": "string", "upperName": "UF_X"}}, ("ufX", None)),
        ({"UF_Y": {"type": "string"}}, None),
    ],
)
def test_the_product_group_field_is_found_under_either_name(fields: Any, found: Any) -> None:
    assert parse_field({"fields": fields}, "UF_X") == found


@pytest.mark.parametrize(
    "items", [{}, {"items": None}, {"items": []}, {"items": [{"ID": "45"}]}, {"items": "x"}]
)
def test_a_list_without_its_values_condemns_nobody(items: Any) -> None:
    found = parse_field({"fields": {"UF_X": {"type": "enumeration", **items}}}, "UF_X")
    assert found is not None
    assert isinstance(found[1], Unread)


@pytest.mark.parametrize(("result", "in_use"), [(1, True), ("2", False)])
def test_the_mode_of_the_crm_is_one_of_two(result: Any, *, in_use: bool) -> None:
    assert parse_leads_in_use(result) is in_use


@pytest.mark.parametrize("result", [None, 0, 3, True, {}])
def test_any_other_mode_is_none(result: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal
        parse_leads_in_use(result)
