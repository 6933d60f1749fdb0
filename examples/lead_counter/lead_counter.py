"""Count a portal's leads by stage: a small client of Bitrix24, on requests alone."""

from __future__ import annotations

import hmac
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import requests

ATTEMPTS = 6


class BitrixError(Exception):
    """The portal answered with an error; `args[0]` is its code."""


class Portal:
    """A portal behind the URL of an incoming webhook. `pause_s` doubles with every refusal."""

    def __init__(self, webhook_url: str, pause_s: float = 0.5) -> None:
        self.webhook_url = webhook_url
        self.pause_s = pause_s
        self.http = requests.Session()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the whole answer; wait and try again while the portal says that we call too often."""
        for attempt in range(ATTEMPTS):
            answer = self.http.post(self.webhook_url + method, json=params, timeout=10)
            body: dict[str, Any] = answer.json()
            if body.get("error") != "QUERY_LIMIT_EXCEEDED":
                break
            time.sleep(self.pause_s * 2**attempt)
        if "error" in body:
            raise BitrixError(body["error"], body["error_description"])
        return body

    def rows(self, method: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Walk a list to its end, page by page."""
        start: int | None = 0
        while start is not None:
            page = self.call(method, start=start, **params)
            yield from page["result"]
            start = page.get("next")


def count_by_stage(portal: Portal) -> Counter[str]:
    leads = portal.rows("crm.lead.list", order={"ID": "ASC"}, select=["ID", "STATUS_ID"])
    return Counter(lead["STATUS_ID"] for lead in leads)


def lead_of(form: Mapping[str, str], application_token: str) -> int:
    """Return the id of the lead that an event tells of. Raises PermissionError for a wrong token."""
    if not hmac.compare_digest(form["auth[application_token]"], application_token):
        raise PermissionError("not sent by our portal")
    return int(form["data[FIELDS][ID]"])
