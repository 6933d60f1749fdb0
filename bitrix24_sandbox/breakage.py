"""How a fault looks from outside: answers that are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from bitrix24_sandbox.errors import ConnectionDropped, RestError
from bitrix24_sandbox.faults import Fault, Faults
from bitrix24_sandbox.response import RestResponse
from bitrix24_sandbox.spoiling import lead_astray, spoil

GIANT = 65 * 2**20
_HTML_500 = "<html><head><title>500 Internal Server Error</title></head><body>500</body></html>"
_HTML_302 = "<html><head><title>302 Found</title></head><body>Found</body></html>"
_REFUSALS = {
    "503": ("QUERY_LIMIT_EXCEEDED", "Too many requests", 503),
    "overload": ("OVERLOAD_LIMIT", "REST API is blocked due to overload.", 503),
    "portal_deleted": ("PORTAL_DELETED", "Portal was deleted", 410),
}


def break_hit(
    fault: Fault | None,
    faults: Faults,
    path: str,
    methods: Mapping[str, str],
    answer: Callable[[], RestResponse],
) -> RestResponse:
    """Answer as the fault has it; `answer` does the work, where it is done at all.

    `methods` are those that a batch calls, by the names of its commands.
    """
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
    return _spoil(fault, faults, methods, answer())


def _spoil(fault: Fault, faults: Faults, methods: Mapping[str, str], done: RestResponse) -> RestResponse:
    """What was done is done; only its answer suffers."""
    match fault.kind:
        case "truncated":
            return replace(done, cut=True)
        case "spoilt":
            return replace(done, body=spoil(done.body, fault.how, fault.method, methods, faults.random))
        case "astray":
            return replace(done, body=lead_astray(done.body))
        case "giant":
            return replace(done, padding=GIANT, zipped=fault.how == "zipped")
        case "endless" if fault.how == "body":
            return replace(done, drip=partial(faults.sleep, fault.seconds))
        case "endless":
            raise ConnectionDropped(_endless_head(fault.how, faults, fault.seconds))
    faults.sleep(fault.seconds)
    raise ConnectionDropped


def _endless_head(how: str, faults: Faults, seconds: float) -> Iterator[bytes]:
    """Yield a header that never ends, or one "100 Continue" after the other."""
    piece = b"x" if how == "head" else b"HTTP/1.1 100 Continue\r\n\r\n"
    if how == "head":
        yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while not faults.stopping.is_set():
        yield piece
        faults.sleep(seconds)
