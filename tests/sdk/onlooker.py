"""A sandbox over https for a client to work on, and eyes upon it that no client lends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any

import requests

from bitrix24_sandbox.server import Sandbox

AWKWARD = "1 + 1 = 2 & 100% #правда «ёлки» $result[x]"
_PAGE = 50
_BUCKET = 50


@dataclass(frozen=True, slots=True)
class Onlooker:
    """`authority` is the file of what the clients must trust."""

    sandbox: Sandbox
    authority: Path

    @property
    def webhook_url(self) -> str:
        return self.sandbox.webhook_url

    @property
    def domain(self) -> str:
        return self.sandbox.url.removeprefix("https://")

    def ask(self, method: str, **params: Any) -> Any:
        """Read by a bare request."""
        answer = self._post(f"{self.webhook_url}{method}", params)
        answer.raise_for_status()
        return answer.json()["result"]

    def item(self, type_id: int, card_id: int) -> dict[str, Any]:
        item: dict[str, Any] = self.ask("crm.item.get", entityTypeId=type_id, id=card_id)["item"]
        return item

    def every(self, method: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Walk a classic list to its end."""
        for page in count():
            rows = self.ask(method, start=page * _PAGE, order={"ID": "ASC"}, **params)
            yield from rows
            if len(rows) < _PAGE:
                return

    def comments(self, deal: int) -> list[str]:
        """Give the texts under a deal, in the order in which they were written."""
        rows = self.every("crm.timeline.comment.list", filter={"ENTITY_TYPE": "deal", "ENTITY_ID": deal})
        return [row["COMMENT"] for row in rows]

    def break_by(self, **fault: Any) -> None:
        self._post(f"{self.sandbox.url}/sandbox/faults", fault).raise_for_status()

    def fill_the_bucket(self) -> int:
        """Ask until the portal refuses, and give the mark of that moment. Half a second drains one hit."""
        with requests.Session() as session:
            session.trust_env, session.verify = False, str(self.authority)
            for _ in range(4 * _BUCKET):
                if session.post(f"{self.webhook_url}server.time").status_code != HTTPStatus.OK:
                    return self.sandbox.rest.log.since(0)[0]
        raise AssertionError("the bucket has no bottom")

    def empty_the_bucket(self) -> None:
        self.sandbox.rest.limiter.clear()

    def statuses(self, since: int = 0) -> list[int]:
        """Tell how each hit ended, oldest first."""
        return [hit.status for hit in self.sandbox.rest.log.since(since)[1]]

    def _post(self, url: str, body: dict[str, Any]) -> requests.Response:
        return requests.post(url, json=body, verify=str(self.authority), timeout=10)
