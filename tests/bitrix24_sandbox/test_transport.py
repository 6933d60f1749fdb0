"""How a call may be sent, and in which order it is refused."""

from __future__ import annotations

import json
from http.client import HTTPConnection

import pytest
import requests

from bitrix24_sandbox.options import SandboxOptions
from bitrix24_sandbox.server import running_sandbox
from tests.bitrix24_sandbox.conftest import Client, open_portal


def raw(portal: Client, path: str, **more: object) -> requests.Response:
    return portal.http.post(f"{portal.sandbox.url}/rest/{path}", timeout=10, **more)  # type: ignore[arg-type]


def test_a_call_is_read_from_query_form_multipart_and_json_alike(portal: Client) -> None:
    deal = portal.deal(title="Один")
    url = portal.sandbox.webhook_url + "crm.item.get"
    as_query = portal.http.get(url, params={"entityTypeId": 2, "id": deal}, timeout=10)
    as_form = portal.http.post(url, data={"entityTypeId": 2, "id": deal}, timeout=10)
    as_multipart = portal.http.post(
        url, files={"entityTypeId": (None, "2"), "id": (None, str(deal))}, timeout=10
    )
    as_json = portal.http.post(url, json={"entityTypeId": 2, "id": deal}, timeout=10)
    titles = [each.json()["result"]["item"]["title"] for each in (as_query, as_form, as_multipart, as_json)]
    assert titles == ["Один"] * 4


def test_php_brackets_build_nested_fields_with_several_phones(portal: Client) -> None:
    form = {
        "fields[NAME]": "Анна",
        "fields[PHONE][0][VALUE]": "+7 903 1",
        "fields[PHONE][0][VALUE_TYPE]": "WORK",
        "fields[PHONE][1][VALUE]": "+7 903 2",
        "fields[PHONE][1][VALUE_TYPE]": "MOBILE",
    }
    added = portal.http.post(portal.sandbox.webhook_url + "crm.contact.add", data=form, timeout=10).json()
    contact = portal.item(3, added["result"])
    assert [(each["value"], each["valueType"]) for each in contact["fm"]] == [
        ("+7 903 1", "WORK"),
        ("+7 903 2", "MOBILE"),
    ]


def test_the_body_overrides_the_query(portal: Client) -> None:
    first, second = portal.deal(title="первая"), portal.deal(title="вторая")
    answer = raw(portal, f"1/sandbox/crm.item.get?entityTypeId=2&id={first}", json={"id": second})
    assert answer.json()["result"]["item"]["title"] == "вторая"


def test_malformed_json_is_no_parameters_rather_than_an_error_of_its_own(portal: Client) -> None:
    answer = raw(portal, "1/sandbox/crm.item.get", data="{oops", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, 100)
    fine = raw(portal, "1/sandbox/server.time", data="{oops", headers={"Content-Type": "application/json"})
    assert fine.status_code == 200


@pytest.mark.parametrize("name", ["CRM.Deal.Get", "crm.deal.get.json", "Crm.DEAL.get.JSON"])
def test_a_method_name_is_read_in_any_case_and_with_its_suffix(portal: Client, name: str) -> None:
    assert portal.call(name, {"id": portal.deal()})["ID"] == "1"


def test_xml_is_not_answered(portal: Client) -> None:
    assert portal.refused("server.time.xml") == (404, "ERROR_METHOD_NOT_FOUND")


def test_an_unknown_method_is_told_before_a_wrong_code(portal: Client) -> None:
    assert raw(portal, "1/wrong/crm.no.such").status_code == 404
    known = raw(portal, "1/wrong/crm.deal.get")
    assert (known.status_code, known.json()["error"]) == (401, "INVALID_CREDENTIALS")
    assert raw(portal, "2/sandbox/crm.deal.get").json()["error"] == "INVALID_CREDENTIALS"


def test_a_wrong_code_is_told_before_a_missing_scope() -> None:
    with open_portal() as portal:
        portal.control("faults", {"kind": "scope", "scope": "crm"})
        assert raw(portal, "1/wrong/crm.deal.get").json()["error"] == "INVALID_CREDENTIALS"
        assert portal.refused("crm.deal.get", {"id": 1}) == (401, "insufficient_scope")


def test_the_documented_statuses_can_be_had_instead_of_the_real_ones() -> None:
    with open_portal(error_statuses="documented") as portal:
        assert raw(portal, "1/wrong/crm.deal.get").status_code == 403


def test_a_webhook_url_without_its_user_reads_the_code_as_a_method(portal: Client) -> None:
    answer = raw(portal, "sandbox/")
    assert (answer.status_code, answer.json()["error"]) == (404, "ERROR_METHOD_NOT_FOUND")
    assert raw(portal, "profile").json()["error"] == "NO_AUTH_FOUND"


def test_answers_hide_nothing_from_a_parser_and_everything_from_a_regex(portal: Client) -> None:
    deal = portal.deal(title="<b>\"Курс\" & 'К°'/2</b>")
    answer = portal.post("crm.deal.get", {"id": deal})
    assert answer.json()["result"]["TITLE"] == "<b>\"Курс\" & 'К°'/2</b>"
    assert not set("<>&'") & set(answer.text)
    assert "\\u0022" in answer.text
    assert "\\/2" in answer.text
    assert answer.text.isascii()
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_the_time_block_and_all_times_carry_the_servers_offset() -> None:
    with open_portal(offset_minutes=-300) as portal:
        body = portal.body("server.time")
        assert body["result"].endswith("-05:00")
        assert body["time"]["date_start"].endswith("-05:00")
        assert {"start", "finish", "duration", "processing", "operating", "operating_reset_at"} <= set(
            body["time"]
        )


def test_controllers_tell_their_start_in_whole_seconds(portal: Client) -> None:
    portal.deal()
    time = portal.body("crm.item.get", {"entityTypeId": 2, "id": 1})["time"]
    assert (isinstance(time["start"], int), time["processing"]) == (True, 0)
    assert isinstance(portal.body("crm.deal.get", {"id": 1})["time"]["start"], float)


def test_a_connection_is_kept_between_calls(portal: Client) -> None:
    connection = HTTPConnection(portal.sandbox.url.removeprefix("http://"), timeout=10)
    connection.connect()
    connection.auto_open = 0
    for _ in range(5):
        connection.request("POST", "/rest/1/sandbox/server.time")
        assert connection.getresponse().read()
    connection.close()


def test_a_chunked_body_is_read(portal: Client) -> None:
    deal = portal.deal()
    body = iter([b'{"entityTypeId": 2,', f'"id": {deal}}}'.encode()])
    answer = raw(portal, "1/sandbox/crm.item.get", data=body, headers={"Content-Type": "application/json"})
    assert answer.json()["result"]["item"]["id"] == deal


def test_a_database_file_keeps_the_portal_between_runs(tmp_path: object) -> None:
    database = f"{tmp_path}/portal.db"
    with open_portal(database=database) as portal:
        deal = portal.deal(title="осталась")
    with open_portal(database=database) as portal:
        assert portal.item(2, deal)["title"] == "осталась"
        assert len(portal.call("user.get")) == 6


def test_the_fixed_defaults_are_those_that_scripts_rely_on() -> None:
    options = SandboxOptions()
    assert (options.port, options.token, options.offset_minutes) == (8025, "sandbox-application-token", 180)
    assert options.events_url == "http://127.0.0.1:8024/events"
    with running_sandbox(SandboxOptions(port=0)) as sandbox:
        assert sandbox.webhook_url == f"{sandbox.url}/rest/1/sandbox/"


def test_an_answer_is_json_even_when_it_is_a_refusal(portal: Client) -> None:
    assert json.loads(portal.post("crm.item.get", {"entityTypeId": 2, "id": 7}).text) == {
        "error": "NOT_FOUND",
        "error_description": "Элемент не найден",
    }
