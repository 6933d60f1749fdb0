"""batch: encodings, references, halt, limits and PHP's five maps."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

from hypothesis import given, settings
from hypothesis import strategies as st

from bitrix24_sandbox.batch import parse_command
from tests.bitrix24_sandbox.conftest import Client, open_portal
from tests.soak import examples


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_value_survives_a_command_when_it_is_percent_encoded(value: str) -> None:
    _, params = parse_command(f"crm.contact.add?fields[NAME]={quote(value, safe='')}")
    assert params == {"fields": {"NAME": value}}
    assert parse_command(f"x?v={quote_plus(value)}")[1] == {"v": value}


def test_an_unencoded_phone_loses_its_plus(portal: Client) -> None:
    def phone_of(typed: str) -> str:
        phone = f"fields[PHONE][0][VALUE_TYPE]=WORK&fields[PHONE][0][VALUE]={typed}"
        command = f"crm.contact.add?fields[NAME]=И&{phone}"
        contact = portal.batch({"c": command})["result"]["c"]
        return str(portal.item(3, contact)["fm"][0]["value"])

    assert phone_of("%2B79031234567") == "+79031234567"
    assert phone_of("+79031234567") == " 79031234567"
    assert phone_of("8903%231") == "8903#1"
    assert phone_of("8903#1") == "8903"


def test_a_batch_answers_200_with_results_errors_totals_and_times_apart(portal: Client) -> None:
    deal = portal.deal()
    result = portal.batch(
        {"a": f"crm.item.get?entityTypeId=2&id={deal}", "b": "crm.deal.get?id=99", "c": "crm.deal.list"}
    )
    assert set(result["result"]) == {"a", "c"}
    assert result["result_error"] == {"b": {"error": "", "error_description": "Not found"}}
    assert result["result_total"] == {"c": 1}
    assert result["result_next"] == []
    assert set(result["result_time"]) == {"a", "c"}


def test_maps_with_counting_keys_become_lists_each_for_itself(portal: Client) -> None:
    portal.deal()
    fine = portal.batch(["crm.deal.get?id=1", "crm.deal.get?id=1"])
    assert [each["ID"] for each in fine["result"]] == ["1", "1"]
    assert fine["result_error"] == []
    mixed = portal.batch(["crm.deal.get?id=99", "crm.deal.get?id=1"])
    assert mixed["result_error"] == [{"error": "", "error_description": "Not found"}]
    assert set(mixed["result"]) == {"1"}


def test_a_reference_that_is_the_whole_value_keeps_its_type(portal: Client) -> None:
    contact = portal.contact(name="Пётр")
    portal.deal(contactIds=[contact])
    result = portal.batch(
        {
            "deal": "crm.item.get?entityTypeId=2&id=1",
            "contact": "crm.item.get?entityTypeId=3&id=$result[deal][item][contactId]",
            "contacts": "crm.item.list?entityTypeId=3&filter[@id]=$result[deal][item][contactIds]",
            "found": "crm.deal.list?filter[ID]=1",
            "again": "crm.deal.get?id=$RESULT[found][0][ID]",
        }
    )
    assert result["result_error"] == []
    assert result["result"]["contact"]["item"]["name"] == "Пётр"
    assert [each["id"] for each in result["result"]["contacts"]["items"]] == [contact]
    assert result["result"]["again"]["ID"] == "1"


def test_within_a_longer_text_only_strings_are_put_in(portal: Client) -> None:
    portal.deal(title="Курс")
    result = portal.batch(
        {
            "a": "crm.item.get?entityTypeId=2&id=1",
            "text": "crm.item.add?entityTypeId=2&fields[title]=%22$result[a][item][title] новый",
            "number": "crm.item.add?entityTypeId=2&fields[title]=№ $result[a][item][id] новый",
        }
    )
    assert result["result"]["text"]["item"]["title"] == '"Курс новый'
    assert result["result"]["number"]["item"]["title"] == "№ $result[a][item][id] новый"


def test_a_broken_path_yields_the_deepest_parent_and_no_error(portal: Client) -> None:
    result = portal.batch(
        {
            "missing": "crm.item.get?entityTypeId=2&id=99",
            "fed": "crm.item.add?entityTypeId=2&fields[title]=x&fields[sourceId]=$result[missing][item][id]",
        }
    )
    assert set(result["result_error"]) == {"missing"}
    assert result["result"]["fed"]["item"]["title"] == "x"


def test_halt_stops_at_the_first_error_and_the_word_false_is_true(portal: Client) -> None:
    cmd = {"a": "server.time", "b": "crm.deal.get?id=99", "c": "server.time"}
    assert set(portal.batch(cmd, halt=0)["result"]) == {"a", "c"}
    assert set(portal.batch(cmd, halt=1)["result"]) == {"a"}
    assert set(portal.batch(cmd, halt=False)["result"]) == {"a", "c"}
    assert set(portal.batch(cmd, halt="false")["result"]) == {"a"}


def test_fifty_commands_run_and_each_further_one_is_refused(portal: Client) -> None:
    result = portal.batch({f"c{n}": "server.time" for n in range(52)})
    assert len(result["result"]) == 50
    assert {key: error["error"] for key, error in result["result_error"].items()} == {
        "c50": "ERROR_BATCH_LENGTH_EXCEEDED",
        "c51": "ERROR_BATCH_LENGTH_EXCEEDED",
    }


def test_a_batch_within_a_batch_is_refused_and_objects_are_passed_over(portal: Client) -> None:
    result = portal.batch({"a": "batch?cmd[x]=server.time", "b": {"method": "server.time"}, "c": "no.such"})
    assert result["result"] == []
    assert {key: error["error"] for key, error in result["result_error"].items()} == {
        "a": "ERROR_BATCH_METHOD_NOT_ALLOWED",
        "c": "ERROR_METHOD_NOT_FOUND",
    }


def test_a_missing_scope_refuses_its_command_only_and_without_a_text(portal: Client) -> None:
    portal.control("faults", {"kind": "scope", "scope": "telephony"})
    result = portal.batch({"a": "voximplant.statistic.get", "b": "server.time"})
    assert result["result_error"] == {"a": {"error": "insufficient_scope", "error_description": ""}}
    assert set(result["result"]) == {"b"}


def test_a_batch_in_a_form_is_decoded_twice(portal: Client) -> None:
    form = {"halt": "0", "cmd[a]": "crm.contact.add?fields[NAME]=" + quote("А&Б+В")}
    answer = portal.http.post(portal.sandbox.webhook_url + "batch", data=form, timeout=10).json()
    assert portal.item(3, answer["result"]["result"]["a"])["name"] == "А&Б+В"


@settings(max_examples=examples(10), deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_every_command_appears_in_exactly_one_of_result_and_error(outcomes: list[bool]) -> None:
    with open_portal() as portal:
        portal.deal()
        cmd = {f"c{n}": f"crm.deal.get?id={1 if fine else 99}" for n, fine in enumerate(outcomes)}
        result = portal.batch(cmd)
    good = {f"c{n}" for n, fine in enumerate(outcomes) if fine}
    assert set(result["result"]) == good
    assert set(result["result_error"]) == set(cmd) - good
