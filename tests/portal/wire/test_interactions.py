from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from gatekeeper.model.cards import Message, Unread
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.transport.query import strings
from gatekeeper.portal.wire.interactions import (
    Call,
    CallFacts,
    Session,
    activities_command,
    chats_command,
    parse_chats,
    read_activities,
    session_parser,
    statistics_command,
    statistics_parser,
)

NOON = datetime(2026, 8, 1, 12, tzinfo=timezone(timedelta(hours=3)))
DEAL, LEAD = EntityRef(Kind.DEAL, 41), EntityRef(Kind.LEAD, 17)


def a_row(**fields: Any) -> dict[str, Any]:
    """An outgoing telephony call of 95 seconds, as the portal lists it."""
    return {
        "ID": "20",
        "PROVIDER_ID": "VOXIMPLANT_CALL",
        "DIRECTION": "2",
        "ORIGIN_ID": "VI_externalCall.abc.1773",
        "SETTINGS": [],
        "CREATED": "2026-08-01T12:00:00+03:00",
        "START_TIME": "2026-08-01T12:00:00+03:00",
        "END_TIME": "2026-08-01T12:01:35+03:00",
        "ASSOCIATED_ENTITY_ID": "0",
    } | fields


def the_exchange(**fields: Any) -> Any:
    ((_, activity),) = read_activities([a_row(**fields)])
    return activity and activity.exchange


def test_a_call_is_its_direction_and_its_own_times() -> None:
    assert the_exchange() == Call(20, incoming=False, missed=False, at=NOON, lasted=timedelta(seconds=95))


@pytest.mark.parametrize("settings", [[], {}, {"MISSED_CALL": False}, {"OTHER": True}])
def test_settings_that_do_not_say_missed_leave_a_call_not_missed(settings: Any) -> None:
    assert the_exchange(SETTINGS=settings).missed is False


@pytest.mark.parametrize("said", [True, "Y", "1", 1])
def test_a_missed_call_says_so_in_its_settings(said: Any) -> None:
    assert the_exchange(DIRECTION="1", SETTINGS={"MISSED_CALL": said}).missed is True


@pytest.mark.parametrize("origin", [None, "", "CRM_123", "externalCall.abc"])
def test_a_call_without_telephony_origin_is_no_exchange(origin: str | None) -> None:
    assert the_exchange(ORIGIN_ID=origin) is None


@pytest.mark.parametrize(
    "provider",
    [
        "CRM_MEETING",
        "CRM_TODO",
        "CRM_TASKS_TASK",
        "CRM_TASKS_TASK_COMMENT",
        "CRM_WEBFORM",
        "REST_APP",
    ],
)
def test_what_is_no_communication_is_no_exchange(provider: str) -> None:
    assert the_exchange(PROVIDER_ID=provider, DIRECTION="1") is None


@pytest.mark.parametrize(("direction", "by_client"), [("1", True), ("2", False)])
def test_a_mail_is_the_clients_when_it_comes_in(direction: str, *, by_client: bool) -> None:
    mail = the_exchange(PROVIDER_ID="CRM_EMAIL", DIRECTION=direction, ORIGIN_ID=None)
    assert mail == Message(NOON, by_client=by_client)


def test_a_mail_without_a_direction_is_no_exchange() -> None:
    assert the_exchange(PROVIDER_ID="CRM_EMAIL", DIRECTION="0") is None


@pytest.mark.parametrize("provider", ["CRM_SMS", "CRM_WHATSAPP", "CRM_NOTIFICATION"])
def test_a_sender_that_has_no_way_back_is_the_companys_and_never_the_clients(provider: str) -> None:
    assert the_exchange(PROVIDER_ID=provider, DIRECTION="2") == Message(NOON, by_client=False)
    assert the_exchange(PROVIDER_ID=provider, DIRECTION="1") is None


def test_an_open_line_is_its_session_whoever_opened_it() -> None:
    for direction in ("1", "2"):
        session = the_exchange(
            PROVIDER_ID="IMOPENLINES_SESSION", DIRECTION=direction, ASSOCIATED_ENTITY_ID="469"
        )
        assert session == Session(469)


def test_an_activity_without_a_start_took_place_when_it_was_made() -> None:
    assert the_exchange(PROVIDER_ID="CRM_EMAIL", START_TIME="") == Message(NOON, by_client=False)


def test_nothing_is_nothing() -> None:
    assert [*read_activities([]), *statistics_parser([20])([]), *parse_chats([])] == []


@pytest.mark.parametrize("parse", [read_activities, statistics_parser([20]), parse_chats])
@pytest.mark.parametrize("value", [None, False, True, "", {}])
def test_what_is_no_list_is_not_taken_for_silence(parse: Any, value: Any) -> None:
    with pytest.raises(ValueError, match="no list"):
        parse(value)


@pytest.mark.parametrize(
    "fields",
    [
        {"PROVIDER_ID": "CRM_EMAIL", "DIRECTION": None},
        {"PROVIDER_ID": "CRM_EMAIL", "START_TIME": "вчера"},
        {"DIRECTION": "7"},
        {"SETTINGS": None},
        {"SETTINGS": {"MISSED_CALL": "maybe"}},
        {"ORIGIN_ID": 5},
        {"PROVIDER_ID": "IMOPENLINES_SESSION", "ASSOCIATED_ENTITY_ID": "0"},
    ],
)
def test_an_exchange_in_no_documented_form_leaves_the_matter_open(fields: Any) -> None:
    assert isinstance(the_exchange(**fields), Unread)


@pytest.mark.parametrize(
    ("seconds", "code", "kind", "counts"),
    [
        (10, "200", 1, True),
        (9, "200", 1, False),
        (11, "200", 2, True),
        (60, "200", 3, True),
        (60, "200", 4, True),
        (60, "200", 5, False),
        (60, "304", 2, False),
        (60, "603-S", 1, False),
        (60, "", 1, False),
    ],
)
def test_a_conversation_is_answered_long_enough_and_not_an_announcement(
    seconds: int, code: str, kind: int, *, counts: bool
) -> None:
    facts = CallFacts(20, NOON, kind, code, seconds)
    assert facts.is_conversation(min_seconds=10) is counts


def test_statistics_are_read_from_strings() -> None:
    row = {
        "CRM_ACTIVITY_ID": "20",
        "CALL_START_DATE": "2026-08-01T12:00:00+03:00",
        "CALL_TYPE": "1",
        "CALL_FAILED_CODE": "200",
        "CALL_DURATION": "95",
    }
    assert statistics_parser([20])([row]) == (CallFacts(20, NOON, 1, "200", 95),)
    for changes in ({"CRM_ACTIVITY_ID": None}, {"CRM_ACTIVITY_ID": "21"}, {"CALL_DURATION": ""}):
        with pytest.raises(ValueError, match=r"CRM_ACTIVITY_ID|CALL_DURATION"):
            statistics_parser([20])([row | changes])


def a_session(**senders: str) -> dict[str, Any]:
    """`senders`: message id (m1=…) -> who wrote it; 7 is an employee, 450 the client, 9 and 8 are bots."""
    messages = {
        key[1:]: {"id": key[1:], "chatid": "1982", "senderid": sender, "date": "2026-08-01T12:00:00+03:00"}
        for key, sender in senders.items()
    }
    users = {
        "7": {"connector": False, "bot": False, "externalAuthId": "default"},
        "450": {"connector": True, "bot": False, "externalAuthId": "imconnector"},
        "8": {"connector": False, "externalAuthId": "bot"},
        "9": {"connector": False, "bot": True},
    }
    return {"chatId": 1982, "message": messages or [], "users": users}


def test_a_chat_knows_its_client_by_the_connector_and_leaves_out_system_and_bots() -> None:
    log = session_parser(469)(a_session(m1="0", m2="450", m3="7", m4="8", m5="9"))
    assert log.messages == {2: Message(NOON, by_client=True), 3: Message(NOON, by_client=False)}
    assert log.chat_ids == {1982}


def test_a_chat_in_which_nothing_was_said_has_lists_for_maps() -> None:
    log = session_parser(469)({"message": [], "users": []})
    assert (log.messages, log.chat_ids) == ({}, frozenset())


@pytest.mark.parametrize(
    "broken", [a_session(m1="451"), {"message": [{"id": "1"}], "users": []}, {"users": []}, []]
)
def test_a_chat_of_another_shape_is_not_taken_for_silence(broken: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal
        session_parser(469)(broken)


def test_chats_are_told_once() -> None:
    assert parse_chats([{"CHAT_ID": "1763"}, {"CHAT_ID": "1763"}, {"CHAT_ID": "1982"}]) == (1763, 1982)


def test_activities_are_asked_for_by_all_bindings_in_the_order_of_their_ids() -> None:
    params: Any = strings(activities_command([DEAL, LEAD], 50).params)
    bindings = [{"OWNER_TYPE_ID": "2", "OWNER_ID": "41"}, {"OWNER_TYPE_ID": "1", "OWNER_ID": "17"}]
    assert params["filter"] == {"BINDINGS": bindings}
    assert (params["order"], params["start"]) == ({"ID": "ASC"}, "50")


def test_activities_of_nothing_are_never_asked_for() -> None:
    with pytest.raises(ValueError, match="nothing in particular"):
        activities_command([])


def test_finished_chats_are_asked_for_too() -> None:
    assert chats_command(LEAD).params == {"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": 17, "ACTIVE_ONLY": "N"}


def test_one_call_is_asked_for_by_its_id_several_by_a_list() -> None:
    assert statistics_command([20]).params["FILTER"] == {"CRM_ACTIVITY_ID": 20}
    assert statistics_command([20, 21]).params["FILTER"] == {"CRM_ACTIVITY_ID": [20, 21]}
