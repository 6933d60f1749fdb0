"""The sandbox as a client sees it: over HTTP only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import parse_qsl

import pytest
import requests

from bitrix24_sandbox.http import serving
from bitrix24_sandbox.server import Sandbox
from bitrix24_sandbox.testing import Bitrix24Portal, running_portal


class Client:
    """Calls methods as JSON; `call` wants success, `refused` wants a refusal."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.http = requests.Session()
        self.http.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def post(self, method: str, params: Any = None, **more: Any) -> requests.Response:
        return self.http.post(
            self.sandbox.webhook_url + method, json=params or {}, timeout=10, allow_redirects=False, **more
        )

    def body(self, method: str, params: Any = None, **more: Any) -> dict[str, Any]:
        response = self.post(method, params, **more)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def call(self, method: str, params: Any = None, *, user: int | None = None) -> Any:
        return self.body(method, params, headers={"X-Sandbox-User": str(user)} if user else {})["result"]

    def refused(self, method: str, params: Any = None) -> tuple[int, Any]:
        response = self.post(method, params)
        return response.status_code, response.json()["error"]

    def batch(self, cmd: Any, **params: Any) -> dict[str, Any]:
        result: dict[str, Any] = self.call("batch", {"cmd": cmd, **params})
        return result

    def deal(self, **fields: Any) -> int:
        return int(self.call("crm.item.add", {"entityTypeId": 2, "fields": fields})["item"]["id"])

    def contact(self, **fields: Any) -> int:
        fields.setdefault("name", "Иван")
        return int(self.call("crm.item.add", {"entityTypeId": 3, "fields": fields})["item"]["id"])

    def lead(self, **fields: Any) -> int:
        return int(self.call("crm.item.add", {"entityTypeId": 1, "fields": fields})["item"]["id"])

    def item(self, type_id: int, card_id: int) -> dict[str, Any]:
        result: dict[str, Any] = self.call("crm.item.get", {"entityTypeId": type_id, "id": card_id})["item"]
        return result

    def update(self, type_id: int, card_id: int, **fields: Any) -> dict[str, Any]:
        params = {"entityTypeId": type_id, "id": card_id, "fields": fields}
        result: dict[str, Any] = self.call("crm.item.update", params)["item"]
        return result

    def comment(self, deal_id: int, text: str, *, user: int | None = None) -> int:
        fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal_id, "COMMENT": text}
        return int(self.call("crm.timeline.comment.add", {"fields": fields}, user=user))

    def history(self, deal_id: int) -> list[dict[str, Any]]:
        params = {"entityTypeId": 2, "filter": {"OWNER_ID": deal_id}, "order": {"ID": "ASC"}}
        result: list[dict[str, Any]] = self.call("crm.stagehistory.list", params)["items"]
        return result

    def control(self, name: str, body: Any = None) -> dict[str, Any]:
        response = self.http.post(f"{self.sandbox.url}/sandbox/{name}", json=body or {}, timeout=10)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def log(self, **query: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.get(
            f"{self.sandbox.url}/sandbox/log", params=query, timeout=10
        ).json()
        return answer


class Listener:
    """A handler that may refuse or think long, and remembers what it was told, as pairs in order."""

    def __init__(self) -> None:
        self.heard_at: list[float] = []
        self.events: list[dict[str, str]] = []
        self.bodies: list[str] = []
        self.content_types: list[str] = []
        self.status = "200 OK"
        self.thinks_s = 0.0
        self.url = ""

    def app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        text = environ["wsgi.input"].read().decode()
        self.heard_at.append(time.monotonic())
        self.bodies.append(text)
        self.content_types.append(environ["CONTENT_TYPE"])
        self.events.append(dict(parse_qsl(text)))
        time.sleep(self.thinks_s)
        start_response(self.status, [("Content-Type", "text/plain")])
        return [b"ok"]

    def names(self) -> list[tuple[str, int]]:
        return [(event["event"], int(event["data[FIELDS][ID]"])) for event in self.events]

    def wait_for(self, count: int) -> list[tuple[str, int]]:
        wait_until(lambda: len(self.events) >= count)
        return self.names()


def wait_until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Fail loudly instead of hanging; returns as soon as it holds."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "this never happened"
        time.sleep(0.005)


@contextmanager
def open_portal(**options: Any) -> Iterator[Client]:
    """A client of a portal that limits nothing and tells nobody, unless told otherwise."""
    with running_portal(**options) as portal, Client(portal.sandbox) as client:
        yield client


@pytest.fixture
def portal(bitrix24_portal: Bitrix24Portal) -> Iterator[Client]:
    with Client(bitrix24_portal.sandbox) as client:
        yield client


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener()
    with serving(heard.app) as server:
        heard.url = f"http://127.0.0.1:{server.server_port}/events"
        yield heard
