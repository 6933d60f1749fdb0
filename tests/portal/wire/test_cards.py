"""The portal's answers in all the forms they come in, and our commands as it wants them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.cards import Multifield, Semantics, Unread
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.signature import sign
from gatekeeper.portal.transport.query import encode, strings
from gatekeeper.portal.wire import cards as wire

DEAL = EntityRef(Kind.DEAL, 41)
EMPTY = [None, "", 0]


@pytest.mark.parametrize(
    ("value", "number"), [(None, 0), ("", 0), (0, 0), ("0", 0), ("41", 41), (41, 41), (False, 0)]
)
def test_an_id_is_a_number_and_everything_empty_is_zero(value: Any, number: int) -> None:
    assert wire.parse_number(value) == number


@pytest.mark.parametrize("value", ["abc", "4 1", [1]])
def test_what_is_no_number_is_not_taken_for_zero(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        wire.parse_number(value)


@pytest.mark.parametrize(
    ("value", "ids"),
    [(None, ()), ([], ()), ([84, 91], (84, 91)), (["84", "84"], (84,)), ([91, 84], (91, 84))],
)
def test_ids_keep_their_order_and_lose_their_doubles(value: Any, ids: tuple[int, ...]) -> None:
    assert wire.parse_ids(value) == ids


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (None, "0"),
        ("", "0"),
        (0, "0"),
        ("0.00", "0"),
        (10000.5, "10000.5"),
        ("899.10", "899.1"),
        (0.1, "0.1"),
        (-5, "-5"),
    ],
)
def test_money_is_exact(value: Any, amount: str) -> None:
    assert wire.parse_money(value) == Decimal(amount)


@pytest.mark.parametrize("value", ["дорого", "1 000", "10,5", [1]])
def test_what_is_no_money_is_not_taken_for_nothing(value: Any) -> None:
    with pytest.raises(ValueError, match="no amount"):
        wire.parse_money(value)


def test_a_time_keeps_its_offset() -> None:
    parsed = wire.parse_time("2026-08-05T09:11:02+03:00")
    assert parsed == datetime(2026, 8, 5, 6, 11, 2, tzinfo=UTC)
    assert parsed.utcoffset() == timedelta(hours=3)


@pytest.mark.parametrize("value", ["2026-08-05T09:11:02", "2026-08-05", "", None, "завтра", {}])
def test_a_time_without_an_offset_is_no_time(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own words differ by what is wrong
        wire.parse_time(value)


@given(
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.integers(-11, 11).map(lambda hours: timezone(timedelta(hours=hours))),
    st.booleans(),
)
def test_a_day_is_that_day_whatever_the_servers_offset(day: date, zone: timezone, own_midnight: bool) -> None:
    """Midnight UTC in the server's offset, as documented; or the server's own midnight, as some print it."""
    if own_midnight:
        moment = datetime(day.year, day.month, day.day, tzinfo=zone)
    else:
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC).astimezone(zone)
    assert wire.parse_date(moment.isoformat()) == day


@pytest.mark.parametrize("value", [*EMPTY, "0000-00-00", "-0001-11-30T00:00:00+02:30"])
def test_no_day_is_none(value: Any) -> None:
    assert wire.parse_date(value) is None


@pytest.mark.parametrize(
    "value", ["1990-13-45", "вчера", "0001-01-01T00:00:00+03:00", "9999-12-31T23:00:00-05:00"]
)
def test_what_is_no_day_is_an_error_and_not_an_empty_field(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own words differ by what is wrong
        wire.parse_date(value)


@pytest.mark.parametrize("value", [*EMPTY, "0", False, []])
def test_a_field_that_is_there_and_empty_is_empty(value: Any) -> None:
    assert wire.parse_choice({"UF_X": value}, ["UF_X"]) == ()


@pytest.mark.parametrize(("value", "choice"), [(45, ("45",)), ("45", ("45",)), ([45, "47"], ("45", "47"))])
def test_choices_are_compared_as_text(value: Any, choice: tuple[str, ...]) -> None:
    assert wire.parse_choice({"UF_X": value}, ["UF_X"]) == choice


def test_a_field_that_is_not_there_is_unread_and_not_empty() -> None:
    assert isinstance(wire.parse_choice({"ufCrmY": 1}, ["UF_X", "ufX"]), Unread)
    assert wire.parse_choice({"ufX": 45}, ["UF_X", "ufX"]) == ("45",)


def test_phones_and_addresses_are_told_apart() -> None:
    item = {
        "fm": [
            {"id": 1, "typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903"},
            {"id": 2, "typeId": "EMAIL", "valueType": "HOME", "value": "a@b.ru"},
            {"id": 3, "typeId": "PHONE"},
        ]
    }
    assert wire.parse_multifields(item, "PHONE") == (Multifield("MOBILE", "+7 903"), Multifield("", ""))
    assert wire.parse_multifields(item, "EMAIL") == (Multifield("HOME", "a@b.ru"),)
    assert wire.parse_multifields({"fm": []}, "PHONE") == wire.parse_multifields({"fm": None}, "PHONE") == ()


def test_an_item_without_its_multifields_was_not_read_whole() -> None:
    with pytest.raises(KeyError):
        wire.parse_multifields({"id": 84, "phone": "+7 903"}, "PHONE")


def a_comment_row(**changes: Any) -> dict[str, Any]:
    row = {"ID": "999", "ENTITY_ID": "41", "ENTITY_TYPE": "deal", "CREATED": "2026-08-05T09:11:02+03:00"}
    return row | {"COMMENT": "НД", "AUTHOR_ID": "7"} | changes


@pytest.mark.parametrize("empty", [[], None, {}])
def test_no_comments_are_none_in_every_form_of_php(empty: Any) -> None:
    assert wire.parse_comments(empty, 1) == ()


def test_a_comment_tells_whether_it_is_ours() -> None:
    theirs, ours = (
        wire.parse_comment(a_comment_row(COMMENT=text), 1) for text in ("НД", sign("x", DEAL, "К"))
    )
    assert (theirs.id, theirs.author_id, theirs.signed_for) == (999, 7, None)
    assert ours.signed_for == DEAL


@pytest.mark.parametrize("value", [None, ""])
def test_a_comment_may_be_without_words_or_author(value: Any) -> None:
    comment = wire.parse_comment(a_comment_row(COMMENT=value, AUTHOR_ID=value), 1)
    assert (comment.text, comment.author_id, comment.signed_for) == ("", 0, None)


@pytest.mark.parametrize(
    ("kind", "row", "owners"),
    [
        (Kind.COMMENT, {"ENTITY_TYPE": "deal", "ENTITY_ID": "41"}, (DEAL,)),
        (Kind.COMMENT, {"ENTITY_TYPE": "DEAL", "ENTITY_ID": 41}, (DEAL,)),
        (Kind.COMMENT, {"ENTITY_TYPE": "company", "ENTITY_ID": "5"}, ()),
        (Kind.COMMENT, {"ENTITY_TYPE": "dynamic_1046", "ENTITY_ID": "5"}, ()),
        (Kind.COMMENT, {"ENTITY_TYPE": "comment", "ENTITY_ID": "5"}, ()),
        (Kind.COMMENT, {"ENTITY_TYPE": "deal", "ENTITY_ID": "0"}, ()),
        (Kind.COMMENT, {}, ()),
        (Kind.ACTIVITY, {"OWNER_TYPE_ID": "3", "OWNER_ID": "84"}, (EntityRef(Kind.CONTACT, 84),)),
        (Kind.ACTIVITY, {"OWNER_TYPE_ID": "1", "OWNER_ID": "17"}, (EntityRef(Kind.LEAD, 17),)),
        (Kind.ACTIVITY, {"OWNER_TYPE_ID": "4", "OWNER_ID": "5"}, ()),
        (Kind.ACTIVITY, {"OWNER_TYPE_ID": None, "OWNER_ID": None}, ()),
    ],
)
def test_where_a_comment_or_an_activity_hangs(kind: Kind, row: Any, owners: tuple[EntityRef, ...]) -> None:
    assert wire.parse_pointer(kind, row) == owners


@pytest.mark.parametrize("kind", [int, str])
def test_the_stage_history_comes_oldest_first_as_numbers_or_as_texts(kind: type) -> None:
    rows = [
        {
            "ID": kind(each),
            "TYPE_ID": kind(1 if each == 9 else 2),
            "CATEGORY_ID": kind(0),
            "STAGE_ID": f"S{each}",
        }
        | {"CREATED_TIME": "2026-08-05T09:11:02+03:00"}
        for each in (10, 9, 11)
    ]
    entries = wire.parse_stage_history({"items": rows})
    assert [(each.stage_id, each.is_creation) for each in entries] == [
        ("S9", True),
        ("S10", False),
        ("S11", False),
    ]


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([], {0: ""}),
        ([{"id": 0, "name": "Общая"}, {"id": "1", "name": "Колледж"}], {0: "Общая", 1: "Колледж"}),
        ([{"id": 1, "name": None}], {0: "", 1: ""}),
    ],
)
def test_the_default_pipeline_is_always_there(rows: Any, names: dict[int, str]) -> None:
    assert wire.parse_pipelines({"categories": rows}) == names


@pytest.mark.parametrize("status", ["NEW", "C3:NEW"])
def test_a_stages_id_is_its_full_code_whether_the_portal_prefixes_it_or_not(status: str) -> None:
    rows = [
        {"STATUS_ID": "C3:WON", "NAME": "Успех", "SORT": "20", "SEMANTICS": "S"},
        {"STATUS_ID": status, "NAME": "", "SORT": "10", "SEMANTICS": None},
    ]
    pipeline = wire.parse_pipeline(3, "Колледж", rows)
    assert [each.id for each in pipeline.stages] == ["C3:NEW", "C3:WON"]
    assert [each.semantics for each in pipeline.stages] == [Semantics.PROCESS, Semantics.SUCCESS]
    assert pipeline.stages[0].name


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"UF_X": {"type": "enumeration", "items": [{"ID": "45", "VALUE": "ВО"}]}}, ("UF_X", {"45": "ВО"})),
        ({"ufX": {"type": "enumeration", "upperName": "UF_X", "items": []}}, ("ufX", {})),
        ({"UF_X": {"type": "string"}}, ("UF_X", None)),
        ({"UF_Y": {"type": "string"}}, None),
        ([], None),
    ],
)
def test_the_product_group_field_is_found_under_either_name(fields: Any, found: Any) -> None:
    assert wire.parse_field({"fields": fields}, "UF_X") == found


COMMANDS = [
    wire.items_command(Kind.CONTACT, list(range(1, 51))),
    wire.item_command(DEAL),
    wire.client_leads_command([84, 91], 50),
    wire.comments_command(DEAL),
    wire.rows_command(DEAL),
    wire.stage_history_command(DEAL, 50),
    wire.pointer_command(EntityRef(Kind.COMMENT, 7)),
    wire.pointer_command(EntityRef(Kind.ACTIVITY, 7)),
    wire.pipelines_command(),
    wire.stages_command(0),
    wire.stages_command(3),
    wire.deal_fields_command(),
    wire.add_comment_command(DEAL, "НД +7 & 100% [b]"),
    wire.update_comment_command(7, "НД"),
    wire.move_command(DEAL, "C3:NEW"),
    wire.newest_contact_command(),
    wire.contact_window_command(0, 50),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.method)
def test_every_command_can_be_said_inside_a_batch(command: Any) -> None:
    assert encode(strings(command.params))


def test_no_list_of_contacts_names_its_fields() -> None:
    """The portal drops phones and addresses from a list that does."""
    for command in (wire.items_command(Kind.CONTACT, [1]), wire.contact_window_command(0, 50)):
        assert "select" not in command.params


def test_the_default_pipelines_stages_have_a_name_of_their_own() -> None:
    names = [wire.stages_command(each).params["filter"] for each in (0, 3)]
    assert names == [{"ENTITY_ID": "DEAL_STAGE"}, {"ENTITY_ID": "DEAL_STAGE_3"}]
