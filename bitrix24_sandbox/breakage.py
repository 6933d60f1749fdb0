"""How a fault looks from outside: answers that are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bitrix24_sandbox.errors import ConnectionDropped, RestError
from bitrix24_sandbox.faults import Fault, Faults
from bitrix24_sandbox.response import RestResponse

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
    if fault.kind == "truncated":
        return replace(done, cut=True)
    faults.sleep(fault.seconds)
    raise ConnectionDropped
