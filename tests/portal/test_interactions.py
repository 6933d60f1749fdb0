"""What passed with a client, read from a sandbox portal over HTTP; odd portals are played from a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import requests

from bitrix24_sandbox.server import Sandbox
from bitrix24_sandbox.testing import running_portal
from gatekeeper.judge.policy import Interaction
from gatekeeper.model.cards import Interactions, Message, Unread, Why
from gatekeeper.model.errors import (
    AccessLost,
    MethodBlocked,
    PortalError,
    Unavailable,
)
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.interactions import InteractionReader
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.transport.rounds import carry_out
from tests.portal.php import read_command
from tests.portal.scripted_portal import Asked, Bucket, Reply, a_portal

NOON = datetime(2026, 8, 1, 12, tzinfo=timezone(timedelta(hours=3)))
HELLO = [{"from": "manager", "text": "Здравствуйте"}, {"from": "client", "text": "Добрый день"}]
TYPES = {Kind.LEAD: 1, Kind.DEAL: 2, Kind.CONTACT: 3}
DEAL = EntityRef(Kind.DEAL, 41)


def look(
    client: PortalClient,
    bindings: dict[EntityRef, list[EntityRef]],
    *,
    min_seconds: int = Interaction().call_min_seconds,
    priority: Priority = Priority.LIVE,
) -> dict[EntityRef, Interactions | PortalError]:
    reader = InteractionReader(Interaction(call_min_seconds=min_seconds))
    return carry_out(client, reader.read(bindings), priority)


@dataclass
class Site:
    """A sandbox, driven as its users and its telephony would, and a reader of it."""

    sandbox: Sandbox
    http: requests.Session
    client: PortalClient
    bucket: Bucket

    def rest(self, method: str, **params: Any) -> Any:
        body = self.http.post(self.sandbox.webhook_url + method, json=params, timeout=10).json()
        assert "error" not in body, body
        return body["result"]

    def control(self, path: str, **body: Any) -> Any:
        answer = self.http.post(f"{self.sandbox.url}/sandbox/{path}", json=body, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def add(self, kind: Kind, **fields: Any) -> EntityRef:
        item = self.rest("crm.item.add", entityTypeId=TYPES[kind], fields={"title": "Клиент", **fields})
        return EntityRef(kind, item["item"]["id"])

    def exchange(self, owner: EntityRef, kind: str, **body: Any) -> int:
        number: int = self.control(
            "activity", owner=str(owner), kind=kind, **{"at": NOON.isoformat(), **body}
        )["id"]
        return number

    def read(self, card: EntityRef, *others: EntityRef) -> Interactions:
        found = look(self.client, {card: [card, *others]})[card]
        assert isinstance(found, Interactions), found
        return found

    def error(self, card: EntityRef) -> Interactions | PortalError:
        return look(self.client, {card: [card]})[card]

    def hits(self) -> int:
        return len(self.bucket.acquired)


@pytest.fixture(scope="module")
def portal() -> Iterator[Sandbox]:
    with running_portal() as portal:
        yield portal.sandbox


@pytest.fixture
def site(portal: Sandbox) -> Iterator[Site]:
    bucket = Bucket()
    with requests.Session() as http, PortalClient(portal.webhook_url, bucket) as client:
        yield Site(portal, http, client, bucket)
        http.delete(f"{portal.url}/sandbox/faults", timeout=10)


@pytest.fixture
def deal(site: Site) -> EntityRef:
    return site.add(Kind.DEAL)


def a_message(*, by_client: bool, minutes: int = 0) -> Message:
    return Message(NOON + timedelta(minutes=minutes), by_client=by_client)


# Calls


def test_a_card_without_activities_has_no_interaction_and_nothing_is_left_open(
    site: Site, deal: EntityRef
) -> None:
    assert site.read(deal) == Interactions((), ())


@pytest.mark.parametrize("kind", ["call_in", "call_out"])
@pytest.mark.parametrize(("seconds", "counts"), [(9, False), (10, True), (11, True)])
def test_an_answered_call_counts_from_ten_seconds_on(
    site: Site, deal: EntityRef, kind: str, seconds: int, *, counts: bool
) -> None:
    site.exchange(deal, kind, seconds=seconds)
    assert site.read(deal) == Interactions((NOON,) if counts else (), ())


@pytest.mark.parametrize("kind", ["call_in", "call_out"])
@pytest.mark.parametrize("code", ["304", "603", "603-S", "486", "480", "404", "403", "503", "OTHER"])
def test_a_call_that_was_not_answered_does_not_count(
    site: Site, deal: EntityRef, kind: str, code: str
) -> None:
    site.exchange(deal, kind, seconds=60, failed_code=code)
    assert site.read(deal) == Interactions((), ())


def test_a_call_typed_in_by_hand_proves_nothing(site: Site, deal: EntityRef) -> None:
    call = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal.id, "TYPE_ID": 2, "SUBJECT": "Звонок", "DIRECTION": 2}
    times = {"START_TIME": "2026-08-01T12:00:00+03:00", "END_TIME": "2026-08-01T12:30:00+03:00"}
    site.rest("crm.activity.add", fields={**call, **times, "COMPLETED": "Y"})
    assert site.read(deal) == Interactions((), ())


def test_tasks_and_meetings_are_no_interaction(site: Site, deal: EntityRef) -> None:
    site.rest("crm.activity.todo.add", ownerTypeId=2, ownerId=deal.id, deadline="2026-08-02T12:00:00+03:00")
    meeting = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal.id, "TYPE_ID": 1, "SUBJECT": "Встреча"}
    site.rest("crm.activity.add", fields=meeting)
    assert site.read(deal) == Interactions((), ())


def test_the_length_that_counts_is_the_policys(site: Site, deal: EntityRef) -> None:
    site.exchange(deal, "call_in", seconds=30)
    with PortalClient(site.sandbox.webhook_url, Bucket()) as client:
        strict = look(client, {deal: [deal]}, min_seconds=31)
    assert strict[deal] == Interactions((), ())
    assert site.read(deal).calls == (NOON,)


# Correspondence


@pytest.mark.parametrize(("kind", "by_client"), [("mail_in", True), ("mail_out", False), ("sms_out", False)])
def test_mail_has_two_directions_and_a_text_message_one(
    site: Site, deal: EntityRef, kind: str, *, by_client: bool
) -> None:
    site.exchange(deal, kind, text="Добрый день")
    assert site.read(deal) == Interactions((), (a_message(by_client=by_client),))


def test_a_chat_is_what_each_side_wrote_when_it_was_written(site: Site, deal: EntityRef) -> None:
    site.exchange(deal, "chat", messages=HELLO)
    both = (a_message(by_client=False, minutes=1), a_message(by_client=True, minutes=2))
    assert site.read(deal) == Interactions((), both)


@pytest.mark.parametrize("side", ["client", "manager"])
def test_a_chat_of_one_side_has_no_other(site: Site, deal: EntityRef, side: str) -> None:
    site.exchange(deal, "chat", messages=[{"from": side, "text": "Алло"}])
    assert [each.by_client for each in site.read(deal).messages] == [side == "client"]


def test_a_chat_in_which_only_the_system_spoke_is_no_correspondence(site: Site, deal: EntityRef) -> None:
    site.exchange(deal, "chat", messages=[])
    assert site.read(deal) == Interactions((), ())


# Which cards


def test_only_what_hangs_on_the_named_cards_counts(site: Site) -> None:
    lead, contact = site.add(Kind.LEAD), site.add(Kind.CONTACT, name="Иван")
    deal = site.add(Kind.DEAL, leadId=lead.id, contactId=contact.id)
    site.exchange(lead, "call_in", at="2026-08-01T10:00:00+03:00")
    site.exchange(contact, "call_in", at="2026-08-01T11:00:00+03:00")
    site.exchange(deal, "call_in")
    hours = [
        [each.hour for each in site.read(deal, *others).calls] for others in ([], [lead], [lead, contact])
    ]
    assert hours == [[12], [10, 12], [10, 11, 12]]


def test_an_activity_bound_twice_is_one(site: Site) -> None:
    contact = site.add(Kind.CONTACT, name="Иван")
    deal = site.add(Kind.DEAL, contactId=contact.id)
    site.exchange(deal, "call_in")
    site.exchange(deal, "mail_in", text="Да")
    site.exchange(deal, "chat", messages=HELLO)
    found = site.read(deal, contact, contact)
    assert (len(found.calls), len(found.messages)) == (1, 3)


def test_a_card_on_which_nothing_hangs_is_not_asked_about(site: Site, deal: EntityRef) -> None:
    assert look(site.client, {deal: []}) == {deal: Interactions((), ())}
    assert look(site.client, {}) == {}
    assert site.hits() == 0


def test_long_lists_are_read_to_their_end(site: Site, deal: EntityRef) -> None:
    for minute in range(60):
        site.exchange(deal, "call_in", at=(NOON + timedelta(minutes=minute)).isoformat())
    assert site.read(deal).calls == tuple(NOON + timedelta(minutes=each) for each in range(60))


def test_a_wave_of_fifty_cards_costs_few_hits(site: Site) -> None:
    deals = [site.add(Kind.DEAL) for _ in range(50)]
    for each in deals:
        site.exchange(each, "call_in")
        site.exchange(each, "chat", messages=HELLO)
    before = site.hits()
    found = look(site.client, {each: [each] for each in deals}, priority=Priority.SWEEP)
    wanted = (a_message(by_client=False, minutes=1), a_message(by_client=True, minutes=2))
    assert found == dict.fromkeys(deals, Interactions((NOON,), wanted))
    assert site.hits() - before <= 4
    assert set(site.bucket.acquired[before:]) == {Priority.SWEEP}


# What could not be read


def test_without_telephony_an_incoming_call_that_was_not_missed_counts(site: Site, deal: EntityRef) -> None:
    site.exchange(deal, "call_in", seconds=3)
    site.exchange(deal, "call_in", at="2026-08-01T13:00:00+03:00", answered=False)
    site.control("faults", kind="scope", scope="telephony")
    assert site.read(deal) == Interactions((NOON,), ())


@pytest.mark.parametrize(("seconds", "counts"), [(9, False), (10, True)])
def test_without_telephony_an_outgoing_call_counts_by_its_own_times(
    site: Site, deal: EntityRef, seconds: int, *, counts: bool
) -> None:
    site.exchange(deal, "call_out", seconds=seconds)
    site.control("faults", kind="scope", scope="telephony")
    assert site.read(deal) == Interactions((NOON,) if counts else (), ())


def test_whoever_may_not_see_the_statistics_is_as_without_them(site: Site, deal: EntityRef) -> None:
    site.exchange(deal, "call_in", seconds=3)
    denied = {"kind": "error", "method": "voximplant.statistic.get", "code": "ACCESS_DENIED", "status": 403}
    site.control("faults", **denied)
    assert site.read(deal) == Interactions((NOON,), ())


def test_without_open_lines_the_rest_stands_and_the_missing_scope_is_named(
    site: Site, deal: EntityRef
) -> None:
    site.exchange(deal, "chat", messages=HELLO)
    site.exchange(deal, "call_in")
    site.control("faults", kind="scope", scope="imopenlines")
    found = site.read(deal)
    assert (found.calls, found.messages) == ((NOON,), ())
    assert found.unread
    assert {(each.code, dict(each.facts)["scope"]) for each in found.unread} == {
        (Why.NO_SCOPE, "imopenlines")
    }


def test_a_chat_that_is_hidden_leaves_the_matter_open(site: Site, deal: EntityRef) -> None:
    site.exchange(deal, "chat", messages=HELLO)
    method = "imopenlines.session.history.get"
    site.control("faults", kind="error", method=method, code="ACCESS_DENIED", status=400)
    found = site.read(deal)
    assert found.messages == ()
    assert found.unread == (Unread.of(Why.DENIED, method=method),)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "503"}, Unavailable),
        ({"kind": "500"}, Unavailable),
        ({"kind": "429", "method": "voximplant.statistic.get"}, MethodBlocked),
        ({"kind": "429", "method": "crm.activity.list"}, MethodBlocked),
        ({"kind": "429", "method": "imopenlines.session.history.get"}, MethodBlocked),
        ({"kind": "429", "method": "imopenlines.crm.chat.get"}, MethodBlocked),
        ({"kind": "revoked"}, AccessLost),
    ],
)
def test_a_fault_that_may_mend_fails_the_card(
    site: Site, deal: EntityRef, fault: Mapping[str, Any], error: type[PortalError]
) -> None:
    site.exchange(deal, "call_in")
    site.exchange(deal, "chat", messages=HELLO)
    site.control("faults", **fault)
    assert isinstance(site.error(deal), error)


def test_a_fault_of_one_cards_call_is_no_fault_of_another_card(site: Site, deal: EntityRef) -> None:
    quiet = site.add(Kind.DEAL)
    site.exchange(deal, "call_in")
    site.control("faults", kind="429", method="voximplant.statistic.get")
    found = look(site.client, {deal: [deal], quiet: [quiet]})
    assert isinstance(found[deal], MethodBlocked)
    assert found[quiet] == Interactions((), ())


# Portals that answer in other ways

Answers = Callable[[str, Mapping[str, Any]], Any]


def a_call(number: int) -> dict[str, Any]:
    return {
        "ID": str(number),
        "PROVIDER_ID": "VOXIMPLANT_CALL",
        "DIRECTION": "2",
        "ORIGIN_ID": f"VI_{number}",
        "SETTINGS": [],
        "CREATED": NOON.isoformat(),
        "START_TIME": NOON.isoformat(),
        "END_TIME": NOON.isoformat(),
    }


def facts(
    number: int, *, seconds: int = 60, kind: int = 1, code: str = "200", hour: int = 12
) -> dict[str, Any]:
    return {
        "CRM_ACTIVITY_ID": str(number),
        "CALL_START_DATE": NOON.replace(hour=hour).isoformat(),
        "CALL_TYPE": str(kind),
        "CALL_FAILED_CODE": code,
        "CALL_DURATION": str(seconds),
    }


def a_log(chat: int, *messages: tuple[int, str]) -> dict[str, Any]:
    rows = {
        str(number): {"id": str(number), "chatid": str(chat), "senderid": sender, "date": NOON.isoformat()}
        for number, sender in messages
    }
    return {"message": rows, "users": {"7": {"connector": False}, "450": {"connector": True}}}


def read_from(answers: Answers) -> Interactions:
    """Read DEAL from a portal that answers each command as told; an exception's text is an error's code."""

    def script(asked: Asked) -> Reply:
        if asked.method != "batch":
            commands = {"": (asked.method, asked.body)}
        else:
            commands = {key: read_command(line) for key, line in asked.body["cmd"].items()}
        results: dict[str, Any] = {}
        refused: dict[str, Any] = {}
        for key, (method, params) in commands.items():
            try:
                results[key] = answers(method, params)
            except LookupError as code:
                refused[key] = {"error": str(code.args[0]), "error_description": ""}
        if asked.method != "batch":
            return Reply.json(refused[""], 400) if refused else Reply.json({"result": results[""]})
        return Reply.json({"result": {"result": results or [], "result_error": refused or []}})

    with a_portal(script) as scene:
        found = look(scene.client, {DEAL: [DEAL]})[DEAL]
    assert isinstance(found, Interactions), found
    return found


def a_telephony(calls: Sequence[int], statistics: Callable[[list[str]], Any]) -> Answers:
    """`statistics` is told the ids asked for."""

    def answers(method: str, params: Mapping[str, Any]) -> Any:
        if method == "voximplant.statistic.get":
            asked = params["FILTER"]["CRM_ACTIVITY_ID"]
            several = asked.values() if isinstance(asked, dict) else asked
            return statistics(
                [str(asked)] if isinstance(asked, str | int) else [str(each) for each in several]
            )
        return [a_call(each) for each in calls] if method == "crm.activity.list" else []

    return answers


def test_a_call_that_was_passed_on_counts_once_by_the_part_that_was_a_conversation() -> None:
    parts = [facts(20, seconds=2, hour=10), facts(20, kind=3, hour=11), facts(20, kind=3, hour=13)]
    found = read_from(a_telephony([20], lambda _: parts))
    assert found == Interactions((NOON.replace(hour=11),), ())


def test_a_recorded_announcement_is_no_conversation() -> None:
    assert read_from(a_telephony([20], lambda _: [facts(20, kind=5)])) == Interactions((), ())


def test_a_portal_that_filters_by_one_call_only_is_asked_for_each() -> None:
    def one_only(ids: list[str]) -> Any:
        return [facts(int(ids[0]))] if len(ids) == 1 else []

    assert read_from(a_telephony([20, 21, 22], one_only)).calls == (NOON,) * 3


def test_a_portal_that_refuses_lists_is_asked_for_each() -> None:
    def refusing(ids: list[str]) -> Any:
        if len(ids) > 1:
            raise LookupError("INVALID_ARG_VALUE")
        return [facts(int(ids[0]))]

    assert read_from(a_telephony([20, 21], refusing)).calls == (NOON,) * 2


def test_a_portal_that_filters_by_lists_is_asked_once() -> None:
    """The owner may see some employees' calls only: the others would be asked for at every look."""
    asked: list[list[str]] = []

    def seeing_two(ids: list[str]) -> Any:
        asked.append(ids)
        return [facts(int(each)) for each in ids if each in {"20", "21"}]

    found = read_from(a_telephony([20, 21, 22, 23], seeing_two))
    assert asked == [["20", "21", "22", "23"]]
    assert (len(found.calls), len(found.unread)) == (2, 2)


def test_other_calls_statistics_prove_nothing_of_this_one() -> None:
    found = read_from(a_telephony([20], lambda _: [facts(99)]))
    assert found.calls == ()
    assert len(found.unread) == 1


def test_a_group_with_more_than_a_page_of_statistics_is_asked_for_call_by_call() -> None:
    def script(asked: Asked) -> Reply:
        if asked.method == "crm.activity.list":
            return Reply.json({"result": [a_call(20), a_call(21)]})
        if asked.method == "voximplant.statistic.get":
            return Reply.json({"result": [facts(20), facts(20)], "next": 50})
        if asked.method == "imopenlines.crm.chat.get":
            return Reply.json({"result": []})
        calls = [read_command(line)[1]["FILTER"]["CRM_ACTIVITY_ID"] for line in asked.body["cmd"].values()]
        results = {f"c{place}": [facts(int(call))] for place, call in enumerate(calls)}
        return Reply.json({"result": {"result": results}})

    with a_portal(script) as scene:
        found = look(scene.client, {DEAL: [DEAL]})[DEAL]
    assert found == Interactions((NOON, NOON), ())


def test_statistics_that_cannot_be_understood_leave_the_matter_open() -> None:
    found = read_from(a_telephony([20], lambda _: [{"CRM_ACTIVITY_ID": "20"}]))
    assert (found.calls, len(found.unread)) == ((), 1)


def test_activities_that_cannot_be_seen_leave_the_matter_open() -> None:
    def answers(method: str, _: Mapping[str, Any]) -> Any:
        if method == "crm.activity.list":
            raise LookupError("ACCESS_DENIED")
        return []

    denied = Unread.of(Why.DENIED, method="crm.activity.list")
    assert read_from(answers) == Interactions((), (), (denied,))


def a_messenger(chats: Sequence[int], sessions: Mapping[int, Any], last: Mapping[int, Any]) -> Answers:
    """`sessions` stand among the deal's activities; `last` is the last session of each of its chats."""

    def answers(method: str, params: Mapping[str, Any]) -> Any:
        if method == "imopenlines.crm.chat.get":
            return [{"CHAT_ID": str(each)} for each in chats]
        if method == "crm.activity.list":
            return [
                {"ID": str(place), "PROVIDER_ID": "IMOPENLINES_SESSION", "ASSOCIATED_ENTITY_ID": str(each)}
                for place, each in enumerate(sessions, 1)
            ]
        found = sessions if "SESSION_ID" in params else last
        answer = found[int(params.get("SESSION_ID") or params["CHAT_ID"])]
        if answer is None:
            raise LookupError("ACCESS_DENIED")
        return answer

    return answers


def test_a_chat_without_a_session_among_the_activities_is_read_by_its_last_one() -> None:
    found = read_from(a_messenger([1982], {}, {1982: a_log(1982, (1, "450"), (2, "7"))}))
    assert sorted(each.by_client for each in found.messages) == [False, True]


def test_a_chat_that_went_on_with_another_deal_brings_only_this_deals_session() -> None:
    """The client wrote back in a later session, about something else."""
    found = read_from(a_messenger([1982], {469: a_log(1982, (1, "7"))}, {1982: a_log(1982, (9, "450"))}))
    assert [each.by_client for each in found.messages] == [False]


def test_several_sessions_are_one_correspondence() -> None:
    sessions = {469: a_log(1982, (1, "7")), 470: a_log(1982, (1, "7"), (2, "450"))}
    found = read_from(a_messenger([1982], sessions, {}))
    assert sorted(each.by_client for each in found.messages) == [False, True]


def test_one_hidden_session_leaves_the_others_readable() -> None:
    found = read_from(a_messenger([], {469: None, 470: a_log(1982, (2, "450"))}, {}))
    assert [each.by_client for each in found.messages] == [True]
    assert len(found.unread) == 1
