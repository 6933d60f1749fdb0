from __future__ import annotations

import json
import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version

import pytest

from gatekeeper.model import errors
from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.client import Answer, Command, PortalClient
from tests.portal.scripted_portal import NOW, SECRET, Asked, Bucket, Reply, Scene, a_portal

GET = Command("crm.item.get", {"entityTypeId": 2, "id": 41})
LIST = Command("crm.item.list", {"entityTypeId": 2})
RESET_AT = datetime.fromtimestamp(1_786_000_600, UTC)


def refused(client: PortalClient, command: Command = GET) -> errors.PortalError:
    with pytest.raises(errors.PortalError) as caught:
        client.call(command)
    return caught.value


@pytest.mark.parametrize(
    ("sample", "answer"),
    [
        ("item", Answer({"item": {"id": 41}}, None, None)),
        ("page", Answer({"items": [{"id": 1}]}, 120, 50)),
        ("empty_list", Answer([], 0, None)),
        ("false", Answer(False, None, None)),
        ("null", Answer(None, None, None)),
    ],
)
def test_an_answer_is_handed_on_as_it_came(sample: str, answer: Answer) -> None:
    with a_portal([Reply.sample("answer", sample)]) as scene:
        assert scene.client.call(GET) == answer


def test_a_hit_is_a_json_post_to_the_webhook() -> None:
    with a_portal([Reply()]) as scene:
        scene.client.call(Command("crm.item.list", {"filter": {">id": 0}, "select": ["id"], "flag": True}))
        (asked,) = scene.portal.asked
    assert asked.path == f"/rest/1/{SECRET}/crm.item.list"
    assert asked.body == {"filter": {">id": 0}, "select": ["id"], "flag": True}
    assert asked.headers["Content-Type"] == asked.headers["Accept"] == "application/json"
    assert asked.headers["User-Agent"] == f"gatekeeper/{version('gatekeeper')}"


@pytest.mark.parametrize("form", ["{}", " {} ", "{}/", "{}?utm=1#x"])
def test_a_url_may_be_pasted_with_what_clings_to_it(form: str) -> None:
    with a_portal([Reply()]) as scene:
        with PortalClient(form.format(scene.portal.url.rstrip("/")), Bucket()) as client:
            client.call(GET)
        assert scene.portal.asked[0].path == f"/rest/1/{SECRET}/crm.item.get"


@pytest.mark.parametrize(
    "url", ["", "portal.example/rest/1/x/", "ftp://a/x/", "https://[x/x/", "https://a:x/x/"]
)
def test_what_is_no_url_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(ValueError, match="not of the form") as caught:
        PortalClient(url, Bucket())
    assert caught.value.__context__ is None


def test_connections_are_kept_alive_and_cookies_are_not() -> None:
    reply = Reply(headers={"Set-Cookie": "PHPSESSID=1; path=/"})
    with a_portal([reply] * 3) as scene:
        for _ in range(3):
            scene.client.call(GET)
        assert len({asked.peer for asked in scene.portal.asked}) == 1
        assert not any("Cookie" in asked.headers for asked in scene.portal.asked)


def test_threads_share_a_client_and_each_gets_its_own_answer() -> None:
    def echo(asked: Asked) -> Reply:
        return Reply.json({"result": asked.body["id"]})

    with a_portal(echo) as scene, ThreadPoolExecutor(8) as pool:
        calls = pool.map(lambda number: scene.client.call(Command("crm.item.get", {"id": number})), range(64))
        assert [answer.result for answer in calls] == list(range(64))
        assert len({asked.peer for asked in scene.portal.asked}) <= 8


def test_a_hit_waits_for_its_turn_in_the_bucket() -> None:
    with a_portal([Reply(), Reply()]) as scene:
        scene.client.call(GET, priority=Priority.SWEEP)
        scene.client.call(GET)
        assert scene.bucket.acquired == [Priority.SWEEP, Priority.LIVE]


def test_a_renamed_portal_is_not_followed() -> None:
    location = f"https://new.example/rest/1/{SECRET}/crm.item.get"
    with a_portal([Reply(302, b"<html>", {"Location": location})]) as scene:
        error = refused(scene.client)
        assert len(scene.portal.asked) == 1
    assert isinstance(error, errors.Moved)
    assert error.host == "new.example"
    assert str(error) == "crm.item.get · MOVED · HTTP 302 · now_at new.example"


def test_a_portal_that_may_know_the_webhook_is_followed_once_and_then_asked_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with a_portal([Reply.json({"result": number}) for number in (1, 2)]) as new:
        location = new.portal.url + GET.method
        with a_portal([Reply(302, b"<html>", {"Location": location})]) as old:
            answers = [old.client.call(GET).result, old.client.call(GET).result]
            assert old.client.host == f"127.0.0.1:{new.portal.server_port}"
            assert (len(old.portal.asked), len(old.bucket.acquired)) == (1, 3)
    assert answers == [1, 2]
    assert [each.body for each in new.portal.asked] == [dict(GET.params)] * 2
    assert f"portal.moved host=127.0.0.1:{new.portal.server_port}" in caplog.text
    assert SECRET not in caplog.text


def test_a_portal_that_sends_on_and_on_is_followed_one_step() -> None:
    with a_portal(lambda asked: Reply(302, b"", {"Location": f"http://127.0.0.2:1{asked.path}"})) as third:
        with a_portal([Reply(302, b"", {"Location": third.portal.url + GET.method})]) as first:
            assert isinstance(refused(first.client), errors.Moved)
        assert len(third.portal.asked) == 1


@pytest.mark.parametrize("location", ["/auth/", "https://[x/", "//"])
def test_a_redirect_to_nowhere_else_is_no_move(location: str) -> None:
    with a_portal([Reply(302, b"<html>", {"Location": location})]) as scene:
        assert isinstance(refused(scene.client), errors.Unavailable)


def test_a_move_tells_the_host_without_the_name_and_password_before_it() -> None:
    with a_portal([Reply(307, b"", {"Location": f"https://user:{SECRET}@new.example:8443/"})]) as scene:
        error = refused(scene.client)
    assert isinstance(error, errors.Moved)
    assert error.host == "new.example:8443"


def test_a_full_bucket_is_told_to_the_limiter() -> None:
    with a_portal([Reply.sample("refusal", "bucket_full")]) as scene:
        assert isinstance(refused(scene.client), errors.RateLimited)
        assert (scene.bucket.penalties, scene.bucket.blocks) == (1, {})


def test_other_refusals_are_not() -> None:
    with a_portal(
        [Reply.sample("refusal", name) for name in ("controller_not_found", "fault_html")]
    ) as scene:
        refused(scene.client)
        refused(scene.client)
        assert (scene.bucket.penalties, scene.bucket.blocks) == (0, {})


def test_a_blocked_method_is_free_when_its_last_good_answer_said() -> None:
    replies = [Reply.sample("answer", "item"), Reply.sample("refusal", "method_blocked")]
    with a_portal(replies) as scene:
        scene.client.call(GET)
        error = refused(scene.client)
        assert isinstance(error, errors.MethodBlocked)
        assert error.free_at == RESET_AT
        assert scene.bucket.blocks == {"crm.item.get": RESET_AT}


@pytest.mark.parametrize(
    "reset_at", [None, "soon", True, 0, 1_786_000_000, 1_786_086_400, 1e300, [1], float("nan")]
)
def test_without_a_credible_reset_a_block_lasts_a_minute(reset_at: object) -> None:
    good = Reply.json({"result": 1, "time": {"operating_reset_at": reset_at}})
    with a_portal([good, Reply.sample("refusal", "method_blocked")]) as scene:
        scene.client.call(GET)
        refused(scene.client)
        assert scene.bucket.blocks == {"crm.item.get": NOW + timedelta(minutes=1)}


def test_a_method_known_to_be_blocked_is_not_sent_and_others_are() -> None:
    with a_portal([Reply()]) as scene:
        scene.bucket.block("crm.item.get", NOW + timedelta(seconds=1))
        error = refused(scene.client)
        scene.client.call(LIST)
        assert [asked.method for asked in scene.portal.asked] == ["crm.item.list"]
        assert scene.bucket.acquired == [Priority.LIVE]
    assert isinstance(error, errors.MethodBlocked)
    assert error.free_at == NOW + timedelta(seconds=1)


def test_without_an_answer_in_time_nobody_knows_what_happened() -> None:
    done = threading.Event()

    def late(_: Asked) -> Reply:
        done.wait(10)
        return Reply(silent=True)

    with a_portal(late, timeout_s=0.1) as scene:
        assert type(refused(scene.client)) is errors.OutcomeUnknown
        assert len(scene.portal.asked) == 1
        done.set()


BROKEN = {
    "silence": Reply(silent=True),
    "cut body": Reply(cut=5),
    "cut chunks": Reply(content=b"1f\r\n{", headers={"Transfer-Encoding": "chunked"}, cut=5),
    "not gzip": Reply(headers={"Content-Encoding": "gzip"}),
    "header that is none": Reply(500, b"<h1>", {"X-Odd": "1\r\n : broken header\r\nnonsense"}),
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_no_answer_and_is_not_asked_for_twice(reply: Reply) -> None:
    with a_portal([reply]) as scene:
        assert type(refused(scene.client)) is errors.OutcomeUnknown
        assert len(scene.portal.asked) == 1


def test_after_a_break_the_next_call_goes_through() -> None:
    with a_portal([Reply(cut=5), Reply()]) as scene:
        refused(scene.client)
        assert scene.client.call(GET).result is True


def test_where_nobody_listens_nothing_was_sent() -> None:
    with nobody_listening() as scene:
        assert type(refused(scene.client)) is errors.Unavailable


def test_a_deeply_nested_answer_is_no_answer() -> None:
    with a_portal([Reply(content=b"[" * 200_000)]) as scene:
        assert type(refused(scene.client)) is errors.OutcomeUnknown


@contextmanager
def nobody_listening() -> Iterator[Scene]:
    with a_portal([]) as scene, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        taken.close()
        with PortalClient(f"http://127.0.0.1:{port}/rest/1/{SECRET}/", Bucket()) as client:
            yield replace(scene, client=client)


@contextmanager
def no_tls() -> Iterator[Scene]:
    url = "https://127.0.0.1:{}/rest/1/" + SECRET
    with a_portal([]) as scene, PortalClient(url.format(scene.portal.server_port), Bucket()) as client:
        yield replace(scene, client=client)


TELLTALE = {
    "moved": Reply(302, b"", {"Location": f"https://new.example/rest/1/{SECRET}/"}),
    "HTML": Reply(200, f"<a href='/rest/1/{SECRET}/'>".encode()),
    "quoted": Reply.json({"error": "X", "error_description": f"/rest/1/{SECRET}/"}, 400),
    "phrase": Reply.json({"error": f"no /rest/1/{SECRET}/"}, 404),
}
MISHAPS: dict[str, Callable[[], AbstractContextManager[Scene]]] = {
    "nobody listening": nobody_listening,
    "no TLS": no_tls,
    **{name: partial(a_portal, [reply]) for name, reply in (BROKEN | TELLTALE).items()},
}


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_no_mishap_tells_the_webhook(
    mishap: Callable[[], AbstractContextManager[Scene]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("urllib3", "requests")):
            caplog.set_level(logging.DEBUG, name)
    with mishap() as scene:
        error = refused(scene.client)
        told = [repr(scene.client), str(scene.client), repr(error), str(vars(error)), caplog.text]
    told += [*traceback.format_exception(error), *(repr(vars(record)) for record in caplog.records)]
    assert SECRET not in json.dumps(told)
    assert error.__context__ is None
    assert error.__cause__ is None
