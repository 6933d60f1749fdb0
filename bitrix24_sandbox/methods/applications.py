"""What an incoming webhook is refused: methods that want an application."""

from __future__ import annotations

from typing import NoReturn

from bitrix24_sandbox.call import Call, Method
from bitrix24_sandbox.errors import ControllerError, wrong_auth_type

_WRONG_AUTH_TYPE = (
    *(("", f"event.{verb}") for verb in ("bind", "get", "unbind", "test")),
    ("", "events"),
    *(("", f"event.offline.{verb}") for verb in ("get", "list", "clear", "error")),
    *(("placement", f"placement.{verb}") for verb in ("bind", "get", "unbind", "list")),
    *(("telephony", f"telephony.externalcall.{verb}") for verb in ("register", "finish", "show", "hide")),
    *(("crm", f"crm.automation.trigger.{verb}") for verb in ("add", "execute", "list", "delete")),
    ("crm", "crm.deal.recurring.expose"),
)
_WRONG_CONTEXT = (
    *(f"crm.activity.configurable.{verb}" for verb in ("add", "update", "get")),
    *(f"crm.activity.type.{verb}" for verb in ("add", "list", "delete")),
    *(
        f"crm.{of}.layout.blocks.{verb}"
        for of in ("activity", "timeline")
        for verb in ("set", "get", "delete")
    ),
)


def _wrong_auth_type(_call: Call) -> NoReturn:
    raise wrong_auth_type()


def _wrong_context(_call: Call) -> NoReturn:
    raise ControllerError("ERROR_WRONG_CONTEXT", "Application context required")


METHODS = (
    *(Method(name, scope, _wrong_auth_type) for scope, name in _WRONG_AUTH_TYPE),
    *(Method(name, "crm", _wrong_context) for name in _WRONG_CONTEXT),
)
