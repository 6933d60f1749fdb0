"""The sandbox's pages as a browser without script meets them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import requests

from bitrix24_sandbox.events import Announcement
from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.testing import running_portal

NOBODY_LISTENS = "http://127.0.0.1:1/events"


@dataclass(frozen=True)
class Site:
    url: str
    portal: Portal
    http: requests.Session
    sent: list[Announcement] = field(default_factory=list)

    def get(self, path: str) -> str:
        answer = self.http.get(self.url + path, timeout=10)
        assert answer.ok, f"{path}: {answer.status_code}"
        return answer.text

    def read(self, path: str) -> str:
        """The page's source with its entities resolved and its white space folded."""
        return " ".join(unescape(self.get(path)).split())

    def post(self, path: str, form: Any = None) -> str:
        """Where the browser is sent then."""
        answer = self.http.post(self.url + path, form, allow_redirects=False, timeout=10)
        assert answer.status_code == 303, f"{path}: {answer.status_code}"
        return answer.headers["Location"]

    def refused(self, path: str, form: Any = None) -> requests.Response:
        return self.http.post(self.url + path, form, allow_redirects=False, timeout=10)

    def rest(self, method: str, **params: Any) -> Any:
        body = self.http.post(f"{self.url}/rest/1/sandbox/{method}", json=params, timeout=10).json()
        assert "error" not in body, body
        return body["result"]

    def item(self, kind: int, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.rest("crm.item.get", entityTypeId=kind, id=number)["item"]
        return found

    def deal(self, **fields: Any) -> int:
        return int(
            self.rest("crm.item.add", entityTypeId=2, fields={"title": "Сделка"} | fields)["item"]["id"]
        )

    def contact(self, **fields: Any) -> int:
        names = {"lastName": "Смирнова", "name": "Анна"}
        return int(self.rest("crm.item.add", entityTypeId=3, fields=names | fields)["item"]["id"])

    def lead(self, **fields: Any) -> int:
        return int(self.rest("crm.item.add", entityTypeId=1, fields={"title": "Лид"} | fields)["item"]["id"])

    def comment(self, kind: str, number: int, text: str) -> int:
        fields = {"ENTITY_TYPE": kind, "ENTITY_ID": number, "COMMENT": text}
        return int(self.rest("crm.timeline.comment.add", fields=fields))

    def warn(self, kind: str, number: int, said: str = "☐ [b]Контакт[/b] — не привязан") -> int:
        """Write as the gatekeeper would."""
        return self.comment(kind, number, f"{said}\nКонтроль регламента · gk-{kind[0]}{number}-0a1b2c3d")

    def all_clear(self, note: int, kind: str, number: int) -> None:
        text = f"☑ [b]Всё устранено.[/b]\nКонтроль регламента · gk-{kind[0]}{number}-0a1b2c3e"
        self.rest("crm.timeline.comment.update", id=note, fields={"COMMENT": text})

    def announced(self) -> list[tuple[str, int]]:
        """Every event that left so far, and forget them."""
        while self.portal.dispatcher.pending:
            time.sleep(0.01)
        events = sorted((each.event, each.entity_id) for each in self.sent)
        self.sent.clear()
        return events


@contextmanager
def running_site(**options: Any) -> Iterator[Site]:
    with (
        running_portal(events_url=NOBODY_LISTENS, **options) as portal,
        requests.Session() as http,
    ):
        site = Site(portal.base_url, portal.sandbox.portal, http)
        site.portal.dispatcher.before_sending = site.sent.append
        yield site
