"""What the portal's "no" means: its many dialects -> one error of `gatekeeper.model.errors`. Pure.

The dialects (portal contract, section 1.3): `error` is a code in either case, an empty string, an int, a
phrase, or an object with `code` and `message`. Codes and statuses decide; the description, which may be in
any language, is looked at only where there is nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from gatekeeper.model import errors

BATCH = "batch"

_LOST = frozenset({
    "ALLOWED_ONLY_INTRANET_USER",
    "AUTHORIZATION_ERROR",
    "EXPIRED_TOKEN",
    "INVALID_CREDENTIALS",
    "INVALID_REQUEST",  # "Https required."
    "NO_AUTH_FOUND",
    "OVERLOAD_LIMIT",  # a block by hand: it does not heal by waiting
    "PAYMENT_REQUIRED",
    "PORTAL_DELETED",  # seen with 500, 403 and 410
    "USER_ACCESS_ERROR",
})  # fmt: skip
_BY_CODE: dict[str, type[errors.PortalError]] = {
    **dict.fromkeys(_LOST, errors.AccessLost),
    "INSUFFICIENT_SCOPE": errors.ScopeMissing,
    "OPERATION_TIME_LIMIT": errors.MethodBlocked,
    "QUERY_LIMIT_EXCEEDED": errors.RateLimited,
    "NOT_FOUND": errors.NotFound,
    "OWNER_NOT_FOUND": errors.NotFound,
    "ACCESS_DENIED": errors.AccessDenied,
    "ACCESS_ERROR": errors.AccessDenied,
    "INTERNAL_SERVER_ERROR": errors.OutcomeUnknown,
    "ERROR_UNEXPECTED_ANSWER": errors.OutcomeUnknown,
}
_OF_THE_COMMAND = re.compile(
    r"-|100|ERROR_\w+|WRONG_AUTH_TYPE|INVALID_ARG_VALUE|CRM_FIELD_ERROR_\w+|BITRIX_REST_V3_EXCEPTION_\w+"
)
"""Codes that the portal documents as an answer to what was asked; `-` and 100 are among them."""
_GATE = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.GONE})
_DOOR = _GATE | {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
_CODE = re.compile(r"[A-Z0-9_.-]{1,80}")


def refusal(method: str, body: Any, status: int | None = None) -> errors.PortalError:
    """Return the error that `body` tells of: an answer with its `status`, or one entry of `result_error`.

    >>> refusal("crm.deal.get", {"error": "", "error_description": "Not found"}, 400)
    NotFound('crm.deal.get · HTTP 400 · no code')
    """
    code, description = _said(body)
    kind = (
        _hit_kind(method, code, description, status)
        or _BY_CODE.get(code)
        or _late_kind(code, description, status)
    )
    if status is not None:
        kind = _of_a_hit(kind, method, code, description)
    return _made(kind, method, code, status, "" if code else "no code")


def unreadable(method: str, status: int) -> errors.PortalError:
    """Return the error for an answer that is no REST answer: HTML, a cut body, JSON of another shape.

    A firewall, or REST switched off, answers 403 in HTML, so the gate's statuses count without a code too.
    """
    if status in _GATE | {HTTPStatus.FORBIDDEN}:
        kind: type[errors.PortalError] = errors.AccessLost
    elif HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = _busy(status) or errors.Unavailable
    else:
        kind = _busy(status) or errors.OutcomeUnknown
    return _made(kind, method, "", status, "not an answer of REST")


def _said(body: Any) -> tuple[str, str]:
    """Return the code, upper-cased, and the description; a phrase in place of a code is a description."""
    fields: dict[str, Any] = body if isinstance(body, dict) else {"error": body}
    error: Any = fields.get("error")
    description = fields.get("error_description")
    if isinstance(error, dict):
        error, description = error.get("code"), error.get("message")
    text = "" if error is None else str(error).strip()
    if _CODE.fullmatch(text.upper()):
        return text.upper(), str(description or "")
    return "", str(description or text)


def _hit_kind(
    method: str, code: str, description: str, status: int | None
) -> type[errors.PortalError] | None:
    """Return AccessLost where the whole webhook is turned away by a code that else speaks of one method.

    `batch` needs no right of its own and is there on every portal: whoever is refused it is refused
    everything, or knocks at a wrong URL. ACCESS_DENIED of another method is a right that the owner lacks,
    unless it names the plan.
    """
    if method == BATCH and (status in _DOOR or code == "INSUFFICIENT_SCOPE"):
        return errors.AccessLost
    plan_ended = code == "ACCESS_DENIED" and "commercial plan" in description.lower()
    return errors.AccessLost if plan_ended else None


def _of_a_hit(
    kind: type[errors.PortalError], method: str, code: str, description: str
) -> type[errors.PortalError]:
    """Tell a refusal of a whole hit from one of what was asked in it.

    A batch that is refused as a whole says nothing of the items that it names: not that they are gone.
    """
    if method == BATCH and issubclass(kind, errors.NotFound | errors.AccessDenied | errors.Refused):
        return errors.HitRefused
    is_known = _OF_THE_COMMAND.fullmatch(code) if code else description
    return errors.Unexplained if kind is errors.Refused and not is_known else kind


def _late_kind(code: str, description: str, status: int | None) -> type[errors.PortalError]:
    if status is not None and (busy := _busy(status)):
        return busy
    if status in _GATE:
        return errors.AccessLost
    if status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.OutcomeUnknown
    return _by_words(description) if code in {"", "0"} else errors.Refused


def _by_words(description: str) -> type[errors.PortalError]:
    """Classic CRM methods send no code: their fixed English sentences are all there is."""
    words = description.strip(" .!").lower()
    if words.endswith("not found"):
        return errors.NotFound
    return errors.AccessDenied if words.endswith("access denied") else errors.Refused


def _busy(status: int) -> type[errors.PortalError] | None:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.MethodBlocked
    return errors.RateLimited if status == HTTPStatus.SERVICE_UNAVAILABLE else None


def _made(
    kind: type[errors.PortalError], method: str, code: str, status: int | None, detail: str
) -> errors.PortalError:
    if kind is errors.MethodBlocked:
        return errors.MethodBlocked(method, code, status, None)
    make: Callable[..., errors.PortalError] = kind
    return make(method, code, status, detail)
