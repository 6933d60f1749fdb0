"""The portal's events: what is marked, what is answered, and that the mark comes first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gatekeeper.config import WebConfig
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.inbox import Inbox, InboxSettings
from gatekeeper.web import create_app
from gatekeeper.web.health import Health
from tests.web.marking import marking

TOKENS = ("first-token", "second-token")
LARGEST = 2**63 - 1
NAMES = {"id": "data[FIELDS][ID]", "comment_id": "data[ID]", "token": "auth[application_token]"}
DEAL_41 = EntityRef(Kind.DEAL, 41)


class Marks(list[EntityRef]):
    """What was marked, in memory, and with which priority."""

    def __init__(self) -> None:
        super().__init__()
        self.priorities: list[Priority] = []

    def take(self, ref: EntityRef, priority: Priority) -> None:
        self.append(ref)
        self.priorities.append(priority)


@pytest.fixture
def marks() -> Marks:
    return Marks()


@pytest.fixture
def client(marks: Marks) -> FlaskClient:
    return an_app(marks.take).test_client()


def an_app(mark_dirty: Any, **changes: Any) -> Flask:
    return create_app(tokens=TOKENS, mark_dirty=marking(mark_dirty), health=Health(), **changes)


def into(inbox: Inbox) -> Any:
    return lambda ref, priority: inbox.mark_dirty(ref, priority=priority)


def a_form(**changes: str | None) -> dict[str, str]:
    form = {
        "event": "ONCRMDEALUPDATE",
        "event_handler_id": "975",
        "data[FIELDS][ID]": "41",
        "ts": "1786000000",
        "auth[domain]": "firma.bitrix24.example",
        "auth[member_id]": "d8970",
        "auth[application_token]": TOKENS[0],
    }
    for key, value in changes.items():
        name = NAMES.get(key, key)
        form.pop(name, None)
        form |= {} if value is None else {name: value}
    return form


def post(client: FlaskClient, body: str) -> TestResponse:
    return client.post("/events", data=body, content_type="application/x-www-form-urlencoded")


def test_an_event_marks_its_card(client: FlaskClient, marks: Marks) -> None:
    assert client.post("/events", data=a_form()).status_code == 200
    assert marks == [DEAL_41]


@pytest.mark.parametrize("token", ["wrong", "", " first-token", "first-toke", "FIRST-TOKEN", "токен", "\x00"])
def test_a_wrong_token_is_refused_and_nothing_is_marked(
    client: FlaskClient, marks: Marks, token: str
) -> None:
    answer = client.post("/events", data=a_form(token=token))
    assert (answer.status_code, marks) == (403, [])
    assert token.strip() in {"", "\x00"} or token not in answer.text


def test_without_a_token_nothing_is_marked(client: FlaskClient, marks: Marks) -> None:
    assert client.post("/events", data=a_form(token=None)).status_code == 403
    assert client.post("/events").status_code == 403
    assert client.post("/events", json={"auth": {"application_token": TOKENS[0]}}).status_code == 403
    assert marks == []


def test_every_configured_token_is_known_and_without_any_nobody_is(marks: Marks) -> None:
    for token in TOKENS:
        assert an_app(marks.take).test_client().post("/events", data=a_form(token=token)).status_code == 200
    nobody = create_app(tokens=(), mark_dirty=marking(marks.take), health=Health()).test_client()
    assert nobody.post("/events", data=a_form(token="")).status_code == 403
    assert len(marks) == len(TOKENS)


def test_a_token_in_the_address_is_no_token(client: FlaskClient, marks: Marks) -> None:
    """Addresses end up in logs; the portal sends it in the body."""
    query = urlencode({"auth[application_token]": TOKENS[0]})
    assert client.post(f"/events?{query}", data=a_form(token=None)).status_code == 403
    assert marks == []


@pytest.mark.parametrize("encoded", [True, False])
@pytest.mark.parametrize("backwards", [True, False])
def test_brackets_may_be_literal_or_encoded_and_keys_in_any_order(
    client: FlaskClient, marks: Marks, encoded: bool, backwards: bool
) -> None:
    pairs = sorted(a_form().items(), reverse=backwards)
    body = "&".join(f"{quote(name, safe='' if encoded else '[]')}={quote(value)}" for name, value in pairs)
    assert post(client, body).status_code == 200
    assert marks == [DEAL_41]


def test_only_three_keys_are_needed(client: FlaskClient, marks: Marks) -> None:
    body = f"event=ONCRMDEALADD&data[FIELDS][ID]=41&auth[application_token]={TOKENS[1]}"
    assert post(client, body).status_code == 200
    assert marks == [DEAL_41]


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("ONCRMDEALADD", Kind.DEAL),
        ("OnCrmDealUpdate", Kind.DEAL),
        ("oncrmdealdelete", Kind.DEAL),
        ("ONCRMDEALMOVETOCATEGORY", Kind.DEAL),
        ("ONCRMCONTACTADD", Kind.CONTACT),
        ("ONCRMLEADUPDATE", Kind.LEAD),
        ("ONCRMACTIVITYADD", Kind.ACTIVITY),
        ("ONCRMTIMELINECOMMENTADD", Kind.COMMENT),
    ],
)
def test_every_kind_of_event_in_any_case(client: FlaskClient, marks: Marks, event: str, kind: Kind) -> None:
    assert client.post("/events", data=a_form(event=event)).status_code == 200
    assert marks == [EntityRef(kind, 41)]


@pytest.mark.parametrize(
    "event",
    ["ONCRMCOMPANYADD", "ONCRMDEALUSERFIELDADD", "ADD", "ONTASKADD", "ONCRMDEALADDADD", "x"],
)
def test_other_events_are_heard_and_mark_nothing(client: FlaskClient, marks: Marks, event: str) -> None:
    assert client.post("/events", data=a_form(event=event)).status_code == 200
    assert marks == []


def test_a_comments_id_may_stand_elsewhere(client: FlaskClient, marks: Marks) -> None:
    form = a_form(event="OnCrmTimelineCommentAdd", id=None, comment_id="999")
    assert client.post("/events", data=form).status_code == 200
    assert marks == [EntityRef(Kind.COMMENT, 999)]


@pytest.mark.parametrize(
    "number", ["", "0", "-41", "41.5", "abc", "41;DROP", "1e3", "nan", str(LARGEST + 1), "9" * 5000, "[]"]
)
def test_what_is_no_id_is_refused(client: FlaskClient, marks: Marks, number: str) -> None:
    assert client.post("/events", data=a_form(id=number)).status_code == 400
    assert marks == []


def test_without_an_id_or_a_name_it_is_no_event(client: FlaskClient, marks: Marks) -> None:
    assert client.post("/events", data=a_form(id=None)).status_code == 400
    assert client.post("/events", data=a_form(event=None)).status_code == 400
    assert client.post("/events", data=a_form(event="")).status_code == 400
    assert client.post("/events", data=a_form(event="x" * 101)).status_code == 400
    assert marks == []


def test_a_refusal_does_not_repeat_what_was_sent(client: FlaskClient) -> None:
    assert "4111111111111111" not in client.post("/events", data=a_form(id="-4111111111111111")).text


@pytest.mark.parametrize(("length", "status"), [(4096, 200), (4097, 413)])
def test_a_body_may_be_that_long_and_no_longer(marks: Marks, length: int, status: int) -> None:
    client = an_app(marks.take, web=WebConfig(max_body_bytes=4096)).test_client()
    body = urlencode(a_form())
    answer = post(client, body + "&x=" + "y" * (length - len(body) - 3))
    assert answer.status_code == status
    assert len(marks) == (status == 200)


def test_a_body_too_long_is_refused_before_its_token_is_looked_at(marks: Marks) -> None:
    client = an_app(marks.take, web=WebConfig(max_body_bytes=100)).test_client()
    assert post(client, urlencode(a_form(token="wrong"))).status_code == 413


def test_garbage_is_no_event_and_no_error(client: FlaskClient, marks: Marks) -> None:
    for body in ("", "&&&===", "%ff%fe=%00", "event", "\x00" * 50, "[]=1&[[[=2"):
        assert post(client, body).status_code == 403
    assert marks == []


def test_a_mark_that_could_not_be_made_is_not_confirmed() -> None:
    def full(*_mark: object) -> None:
        raise OSError("no space left on device")

    client = an_app(full).test_client()
    answer = client.post("/events", data=a_form())
    assert answer.status_code == 503
    assert "space" not in answer.text


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    engine = open_engine(f"sqlite:///{tmp_path / 'inbox.db'}")
    migrate(engine)
    yield Inbox(engine, InboxSettings(settle_s=0))
    engine.dispose()


def test_the_mark_is_durable_when_200_is_answered(inbox: Inbox, tmp_path: Path) -> None:
    """Another process, opened after the answer, finds it."""
    assert an_app(into(inbox)).test_client().post("/events", data=a_form()).status_code == 200
    other = open_engine(f"sqlite:///{tmp_path / 'inbox.db'}")
    claims = Inbox(other, InboxSettings(settle_s=0)).claim(50, "another")
    other.dispose()
    assert [claim.ref for claim in claims] == [DEAL_41]


def test_a_hundred_events_of_one_card_are_one_mark(inbox: Inbox) -> None:
    client = an_app(into(inbox)).test_client()
    for _ in range(100):
        client.post("/events", data=a_form())
    assert inbox.depth().waiting == 1


def test_the_largest_id_there_can_be_is_kept(inbox: Inbox) -> None:
    client = an_app(into(inbox)).test_client()
    assert client.post("/events", data=a_form(id=str(LARGEST))).status_code == 200
    assert [claim.ref.id for claim in inbox.claim(50, "x")] == [LARGEST]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_events_are_posted(client: FlaskClient, method: str) -> None:
    assert client.open("/events", method=method).status_code == 405
