"""b24pysdk, the vendor's SDK for Python, on the sandbox."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from b24pysdk import BitrixWebhook, Client, errors

from tests.sdk.onlooker import AWKWARD, Onlooker

pytestmark = pytest.mark.slow


def client_of(portal: Onlooker, monkeypatch: pytest.MonkeyPatch, code: str = "sandbox") -> Any:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(portal.authority))
    return Client(BitrixWebhook(domain=portal.domain, webhook_token=f"1/{code}"))


@pytest.fixture
def client(portal: Onlooker, monkeypatch: pytest.MonkeyPatch) -> Any:
    return client_of(portal, monkeypatch)


def done(request: Any) -> Any:
    """Send it: a request of this SDK travels when its result is looked at."""
    return request.result


def comment_on(client: Any, deal: int, text: str) -> Any:
    return client.crm.timeline.comment.add(fields={"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": text})


def test_cards_and_a_comment_are_made_changed_and_read(portal: Onlooker, client: Any) -> None:
    phone = {"VALUE": "+7 903 123-45-67", "VALUE_TYPE": "MOBILE"}
    contact_id = client.crm.contact.add(fields={"NAME": "Иван", "PHONE": [phone]}).result
    deal_id = client.crm.deal.add(fields={"TITLE": AWKWARD, "CONTACT_ID": contact_id}).result
    comment_id = comment_on(client, deal_id, "Перезвоню").result
    assert client.crm.contact.update(contact_id, fields={"BIRTHDATE": "1990-05-17"}).result is True
    assert client.crm.deal.update(deal_id, fields={"STAGE_ID": "PREPARATION"}).result is True
    assert client.crm.timeline.comment.update(comment_id, fields={"COMMENT": AWKWARD}).result == comment_id

    contact = client.crm.contact.get(contact_id).result
    assert (contact["PHONE"][0]["VALUE"], contact["BIRTHDATE"][:10]) == (phone["VALUE"], "1990-05-17")
    deal = client.crm.deal.get(deal_id).result
    assert (deal["TITLE"], deal["STAGE_ID"]) == (AWKWARD, "PREPARATION")
    assert client.crm.timeline.comment.get(comment_id).result["COMMENT"] == AWKWARD
    seen = portal.item(2, deal_id)
    assert (seen["title"], seen["stageId"], seen["contactIds"]) == (AWKWARD, "PREPARATION", [contact_id])
    assert portal.item(3, contact_id)["phoneMobile"] == phone["VALUE"]
    assert portal.comments(deal_id) == [AWKWARD]


def test_cards_are_made_changed_and_read_by_the_universal_methods(portal: Onlooker, client: Any) -> None:
    contact = client.crm.item.add(3, fields={"name": "Иван", "birthdate": "1990-05-17"}).result["item"]
    deal = client.crm.item.add(2, fields={"title": AWKWARD, "contactIds": [contact["id"]]}).result["item"]
    moved = client.crm.item.update(2, deal["id"], fields={"stageId": "PREPARATION"}).result["item"]
    read = client.crm.item.get(2, deal["id"]).result["item"]
    assert read == moved
    assert (read["title"], read["stageId"], read["contactId"]) == (AWKWARD, "PREPARATION", contact["id"])
    seen = portal.ask("crm.deal.get", id=deal["id"])
    assert (seen["TITLE"], seen["STAGE_ID"], seen["CONTACT_ID"]) == (
        AWKWARD,
        "PREPARATION",
        str(contact["id"]),
    )
    assert portal.ask("crm.contact.get", id=contact["id"])["BIRTHDATE"] == "1990-05-17T03:00:00+03:00"


def test_the_time_of_a_call_is_understood(client: Any) -> None:
    response = client.crm.deal.add(fields={"TITLE": "Сделка"}).response
    assert response.time.date_start.utcoffset().total_seconds() == 3 * 3600
    assert response.time.operating_reset_at > response.time.date_start


def test_lists_of_many_pages_come_whole_by_pages_and_by_ids(portal: Onlooker, client: Any) -> None:
    deals, names = [f"Сделка {n}" for n in range(120)], [f"Имя {n}" for n in range(101)]
    texts = [f"Разговор {n}" for n in range(51)]
    done(client.call_batches([client.crm.deal.add(fields={"TITLE": each}) for each in deals]))
    done(client.call_batches([client.crm.contact.add(fields={"NAME": each}) for each in names]))
    done(client.call_batches([comment_on(client, 1, each) for each in texts]))

    listed = client.crm.deal.list(select=["ID", "TITLE"])
    assert [row["TITLE"] for row in listed.as_list().result] == deals
    assert [row["TITLE"] for row in listed.as_list_fast().result] == deals
    listed = client.crm.item.list(3, select=["id", "name"])
    assert [row["name"] for row in listed.as_list().result] == names
    assert [row["name"] for row in listed.as_list_fast().result] == names
    listed = client.crm.timeline.comment.list(filter={"ENTITY_TYPE": "deal", "ENTITY_ID": 1})
    assert [row["COMMENT"] for row in listed.as_list().result] == texts
    assert [row["TITLE"] for row in portal.every("crm.deal.list")] == deals


def test_a_batch_reads_by_reference_and_keeps_a_failed_command_apart(portal: Onlooker, client: Any) -> None:
    contact = portal.ask("crm.contact.add", fields={"NAME": "Иван"})
    deal = portal.ask("crm.deal.add", fields={"TITLE": AWKWARD, "CONTACT_ID": contact})
    batch = client.call_batch(
        {
            "deal": client.crm.item.get(2, deal),
            "gone": client.crm.deal.get(deal + 1),
            "contact": client.crm.contact.list(filter={"ID": "$result[deal][item][contactId]"}),
        }
    ).result
    assert batch.result["deal"]["item"]["title"] == AWKWARD
    assert [row["ID"] for row in batch.result["contact"]] == [str(contact)]
    assert batch.result_total == {"contact": 1}
    assert batch.result_error == {"gone": {"error": "", "error_description": "Not found"}}


def test_a_halting_batch_stops_at_the_first_error(portal: Onlooker, client: Any) -> None:
    calls = [client.crm.deal.get(1), client.crm.deal.add(fields={"TITLE": "Сделка"})]
    assert not client.call_batch(calls, halt=True).result.result
    assert not list(portal.every("crm.deal.list"))


def test_a_batch_of_positions_is_answered_by_position(client: Any) -> None:
    calls = [client.crm.deal.add(fields={"TITLE": "Сделка"}), client.crm.deal.get(99)]
    batch = client.call_batch(calls).result
    assert batch.result == [1]
    assert batch.result_error == {"1": {"error": "", "error_description": "Not found"}}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "429", "method": "crm.deal.list"}, errors.BitrixAPIOperationTimeLimit),
        ({"kind": "500"}, errors.BitrixResponse500JSONDecodeError),
        ({"kind": "overload"}, errors.BitrixAPIOverloadLimit),
        ({"kind": "portal_deleted"}, errors.BitrixAPIPortalDeleted),
        ({"kind": "revoked"}, errors.BitrixAPIInvalidCredentials),
        ({"kind": "scope", "scope": "crm"}, errors.BitrixAPIInsufficientScope),
        ({"kind": "owner_fired"}, errors.BitrixAPIAuthorizationError),
        ({"kind": "truncated"}, errors.BitrixRequestError),
    ],
)
def test_every_refusal_is_one_that_the_vendor_knows(
    portal: Onlooker, client: Any, fault: dict[str, str], error: type[Exception]
) -> None:
    portal.break_by(**fault)
    with pytest.raises(error):
        done(client.crm.deal.list())


def test_a_wrong_code_an_unknown_card_and_an_unknown_method_are_told_apart(
    portal: Onlooker, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(errors.BitrixAPIInvalidCredentials):
        done(client_of(portal, monkeypatch, "wrong").crm.deal.list())
    with pytest.raises(errors.BitrixAPINotFound) as unknown:
        done(client.crm.item.get(2, 1))
    assert unknown.value.status_code == HTTPStatus.BAD_REQUEST
    with pytest.raises(errors.BitrixAPINotFound) as unknown:
        done(client.landing.site.get_list())
    assert unknown.value.status_code == HTTPStatus.NOT_FOUND


def test_a_full_bucket_delays_its_comments_and_neither_loses_nor_doubles_them(
    strict_portal: Onlooker, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(strict_portal, monkeypatch)
    deal = strict_portal.ask("crm.deal.add", fields={"TITLE": "Сделка"})
    mark = strict_portal.fill_the_bucket()
    for n in range(4):
        done(comment_on(client, deal, f"Разговор {n}"))
    statuses = strict_portal.statuses(mark)
    assert HTTPStatus.SERVICE_UNAVAILABLE in statuses
    assert statuses.count(HTTPStatus.OK) == 4
    strict_portal.empty_the_bucket()
    assert strict_portal.comments(deal) == [f"Разговор {n}" for n in range(4)]


def test_a_list_comes_whole_though_the_portal_refused_its_pages(portal: Onlooker, client: Any) -> None:
    for n in range(60):
        portal.ask("crm.deal.add", fields={"TITLE": f"Сделка {n}"})
    portal.break_by(kind="503", method="batch", count=1)
    deals = client.crm.deal.list(select=["ID", "TITLE"]).as_list().result
    assert portal.statuses()[-3:] == [200, 503, 200]
    assert [deal["TITLE"] for deal in deals] == [f"Сделка {n}" for n in range(60)]


def test_a_portal_that_goes_on_refusing_is_given_up(portal: Onlooker, client: Any) -> None:
    portal.break_by(kind="503")
    with pytest.raises(errors.BitrixAPIQueryLimitExceeded):
        done(client.crm.deal.add(fields={"TITLE": "Сделка"}))
    assert portal.statuses() == [503, 503, 503]
