"""How a fault looks from outside: answers that are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from bitrix24_sandbox.errors import ConnectionDropped, RestError
from bitrix24_sandbox.faults import Fault, Faults
from bitrix24_sandbox.response import RestResponse

GIANT = 65 * 2**20
_HTML_500 = "<html><head><title>500 Internal Server Error</title></head><body>500</body></html>"
_HTML_302 = "<html><head><title>302 Found</title></head><body>Found</body></html>"
_REFUSALS = {
    "503": ("QUERY_LIMIT_EXCEEDED", "Too many requests", 503),
    "overload": ("OVERLOAD_LIMIT", "REST API is blocked due to overload.", 503),
    "portal_deleted": ("PORTAL_DELETED", "Portal was deleted", 410),
}


def break_hit(
    fault: Fault | None, faults: Faults, path: str, answer: Callable[[], RestResponse]
) -> RestResponse:
    """Answer as the fault has it; `answer` does the work, where it is done at all."""
    if fault is None:
        return answer()
    if fault.kind in _REFUSALS:
        code, description, status = _REFUSALS[fault.kind]
        raise RestError(code, description, status=status)
    if fault.kind == "500":
        return RestResponse(500, _HTML_500)
    if fault.kind == "redirect":
        base = fault.host if "://" in fault.host else f"https://{fault.host}"
        return RestResponse(302, _HTML_302, {"Location": f"{base}/rest/{path}"})
    if fault.kind == "timeout_before":
        faults.sleep(fault.seconds)
        raise ConnectionDropped
    done = answer()
    match fault.kind:
        case "truncated":
            return replace(done, cut=True)
        case "spoilt":
            return replace(done, body=_spoilt(done.body, faults.random))
        case "giant":
            return replace(done, padding=GIANT)
        case "endless":
            return replace(done, drip=partial(faults.sleep, fault.seconds))
    faults.sleep(fault.seconds)
    raise ConnectionDropped


def _spoilt(body: Any, dice: Random) -> Any:
    """Put an object in the place of one value below "result", which no method documents."""
    changed = deepcopy(body)
    places = list(_leaves(changed.get("result"))) if isinstance(changed, dict) else []
    if places:
        parent, key = dice.choice(places)
        parent[key] = {"spoilt": True}
    return changed


def _leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(item, dict | list):
            yield from _leaves(item)
        else:
            yield value, key
