from __future__ import annotations

import pytest

from gatekeeper.model import errors
from gatekeeper.portal.transport.client import Command
from gatekeeper.portal.transport.refusal import refusal
from tests.portal.scripted_portal import SAMPLES, Reply, a_portal

MEANING: dict[str, type[errors.PortalError]] = {
    "classic_not_found": errors.NotFound,
    "classic_access_denied": errors.AccessDenied,
    "classic_activity_not_found": errors.NotFound,
    "classic_bad_id": errors.Refused,
    "error_with_status_200": errors.Refused,
    "controller_not_found": errors.NotFound,
    "controller_access_denied": errors.AccessDenied,
    "owner_right_missing": errors.AccessDenied,
    "plan_ended": errors.AccessLost,
    "int_code": errors.Refused,
    "int_zero": errors.AccessDenied,
    "phrase_for_code": errors.AccessDenied,
    "object_error": errors.Refused,
    "wrong_code_401": errors.AccessLost,
    "wrong_code_403": errors.AccessLost,
    "no_auth": errors.AccessLost,
    "webhook_expired": errors.AccessLost,
    "expired_token": errors.AccessLost,
    "owner_fired": errors.AccessLost,
    "owner_extranet": errors.AccessLost,
    "user_access": errors.AccessLost,
    "subscription_ended": errors.AccessLost,
    "portal_deleted_500": errors.AccessLost,
    "portal_deleted_410": errors.AccessLost,
    "blocked_by_hand": errors.AccessLost,
    "plain_http": errors.AccessLost,
    "scope_401": errors.ScopeMissing,
    "scope_403": errors.ScopeMissing,
    "bucket_full": errors.RateLimited,
    "bucket_full_html": errors.RateLimited,
    "method_blocked": errors.MethodBlocked,
    "portal_fault": errors.OutcomeUnknown,
    "unexpected_answer": errors.OutcomeUnknown,
    "fault_html": errors.OutcomeUnknown,
    "gateway_html": errors.OutcomeUnknown,
    "firewall_html": errors.AccessLost,
    "page_not_found_html": errors.Unavailable,
    "html_with_status_200": errors.OutcomeUnknown,
    "empty_body": errors.OutcomeUnknown,
    "half_a_json": errors.OutcomeUnknown,
    "json_list": errors.OutcomeUnknown,
    "no_result": errors.OutcomeUnknown,
    "result_with_status_500": errors.OutcomeUnknown,
    "no_such_method": errors.Refused,
    "app_only_method": errors.Refused,
    "value_not_valid": errors.Refused,
    "stage_permission": errors.Refused,
    "redirect_without_host": errors.OutcomeUnknown,
}


def test_every_sample_has_a_meaning() -> None:
    assert {path.stem for path in (SAMPLES / "refusal").glob("*.json")} == set(MEANING)


@pytest.mark.parametrize("sample", sorted(MEANING))
def test_a_refusal_of_one_method_means(sample: str) -> None:
    reply = Reply.sample("refusal", sample)
    with a_portal([reply]) as scene, pytest.raises(errors.PortalError) as refused:
        scene.client.call(Command("crm.item.get", {"id": 41}))
    error = refused.value
    assert type(error) is MEANING[sample]
    assert (error.method, error.status) == ("crm.item.get", reply.status)
    assert "+7903" not in str(error)


@pytest.mark.parametrize("sample", ["owner_right_missing", "scope_401", "no_such_method", "app_only_method"])
def test_who_is_refused_the_batch_itself_is_refused_everything(sample: str) -> None:
    with a_portal([Reply.sample("refusal", sample)]) as scene, pytest.raises(errors.AccessLost):
        scene.client.call(Command("batch", {"cmd": {}}))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"error": 5}, 200),
        ({"error": 5}, 400),
        ({"error": ""}, 400),
        ({"error": "NEW_CODE"}, 400),
        ({"error": "NOT_FOUND"}, 400),
        ({"error": "", "error_description": "Not found"}, 400),
        ({"error": "ACCESS_DENIED", "error_description": "Access denied!"}, 400),
    ],
)
def test_a_batch_refused_as_a_whole_says_nothing_of_its_items(body: object, status: int) -> None:
    assert type(refusal("batch", body, status)) is errors.HitRefused


@pytest.mark.parametrize("body", [{"error": 5}, {"error": ""}, {"error": None}])
def test_a_lone_command_refused_without_a_reason_may_be_asked_again(body: object) -> None:
    assert type(refusal("crm.item.get", body, 400)) is errors.Unexplained
    assert type(refusal("crm.item.get", body)) is errors.Refused  # in a batch, others were answered


def test_codes_are_kept_in_capitals_and_phrases_are_not_kept() -> None:
    assert refusal("scope", {"error": "insufficient_scope"}).code == "INSUFFICIENT_SCOPE"
    assert refusal("scope", {"error": 100}).code == "100"
    assert refusal("scope", {"error": "Иванов Иван is not allowed"}).code == ""


def test_inside_a_batch_a_code_alone_decides() -> None:
    denied = refusal(
        "voximplant.statistic.get", {"error": "ACCESS_DENIED", "error_description": "Access denied!"}
    )
    assert type(denied) is errors.AccessDenied
    assert denied.status is None
    assert str(denied) == "voximplant.statistic.get · ACCESS_DENIED"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Unexplained),
        (401, errors.AccessLost),
        (403, errors.Unexplained),
        (429, errors.MethodBlocked),
        (499, errors.Unexplained),
        (500, errors.OutcomeUnknown),
        (503, errors.RateLimited),
        (504, errors.OutcomeUnknown),
    ],
)
def test_where_the_code_is_new_the_status_decides(status: int, kind: type[errors.PortalError]) -> None:
    assert type(refusal("crm.item.get", {"error": "NEW_CODE"}, status)) is kind


def test_a_blocked_method_is_known_by_its_status_without_any_json() -> None:
    with a_portal([Reply(429, b"<h1>Too Many Requests</h1>")]) as scene, pytest.raises(errors.MethodBlocked):
        scene.client.call(Command("crm.item.get", {"id": 41}))
    assert list(scene.bucket.blocks) == ["crm.item.get"]
