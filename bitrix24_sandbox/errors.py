"""Refusals, in the portal's own codes.

RestError
├── ControllerError  code and text, HTTP 400 unless said otherwise
└── ClassicError     empty code, the reason only in the description
GatewayTimeoutError  60 seconds were over: 504 with HTML
ConnectionDropped    the socket closes without an answer
"""

from __future__ import annotations

from collections.abc import Iterable


class RestError(Exception):
    """`code` may be a string, an empty string or an int, as on the portal."""

    def __init__(self, code: str | int, description: str = "", status: int = 400, **extra: str) -> None:
        self.code = code
        self.description = description
        self.status = status
        self.extra = extra
        super().__init__(f"{code} {description}")

    def body(self) -> dict[str, str | int]:
        return {"error": self.code, "error_description": self.description, **self.extra}


class ControllerError(RestError):
    """Dialect of crm.item.* and the other controllers."""


class ClassicError(RestError):
    """Dialect of crm.deal.* and its kind: test for the key, not for its value."""

    def __init__(self, description: str) -> None:
        super().__init__("", description)


class GatewayTimeoutError(Exception):
    """The request took longer than the portal's front lets any request take."""


class ConnectionDropped(BaseException):
    """The server sends these bytes, which are no answer, and closes the connection."""

    def __init__(self, pieces: Iterable[bytes] = ()) -> None:
        self.pieces = pieces
        super().__init__()


def not_found() -> ControllerError:
    return ControllerError("NOT_FOUND", "Элемент не найден")


def access_denied() -> ControllerError:
    return ControllerError("ACCESS_DENIED", "Доступ запрещен")


def missing_argument(name: str) -> ControllerError:
    return ControllerError(100, f"Could not find value for parameter {{{name}}}")


def invalid(description: str) -> ControllerError:
    return ControllerError("INVALID_ARG_VALUE", description)


def wrong_auth_type() -> ControllerError:
    text = "Current authorization type is denied for this method"
    return ControllerError("WRONG_AUTH_TYPE", text, status=403)


def no_such_method() -> RestError:
    return RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", status=404)


def unauthorized() -> RestError:
    return RestError("authorization_error", "Unable to authorize user", status=401)
