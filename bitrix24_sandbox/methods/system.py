"""Methods of the basic scope: who am I, what may I, what time is it."""

from __future__ import annotations

from typing import Any

from bitrix24_sandbox import dictionaries
from bitrix24_sandbox.call import Call, Method, is_granted
from bitrix24_sandbox.errors import ControllerError
from bitrix24_sandbox.times import render_time


def profile(call: Call) -> Any:
    user = dictionaries.user(call.act.store, call.owner_id)
    if not user or not user["active"]:
        return []
    return {
        "ID": str(user["id"]),
        "ADMIN": bool(user["admin"]),
        "NAME": user["name"],
        "LAST_NAME": user["last_name"],
        "PERSONAL_GENDER": "",
        "TIME_ZONE": "",
        "TIME_ZONE_OFFSET": call.act.options.offset_minutes * 60,
    }


def scope(call: Call) -> list[str]:
    return list(call.scopes)


def server_time(call: Call) -> str:
    return render_time(call.act.now, call.act.offset)


def app_info(call: Call) -> dict[str, Any]:
    license_code = "ru_ent250" if call.act.options.limit == "enterprise" else "ru_sandbox"
    return {"SCOPE": list(call.scopes), "LICENSE": license_code}


def method_get(call: Call) -> dict[str, bool]:
    needed = call.known(str(call.params.get("name") or "").lower())
    return {
        "isExisting": needed is not None,
        "isAvailable": needed is not None and is_granted(needed, call.scopes),
    }


def feature_get(_call: Call) -> dict[str, str]:
    return {"value": "N"}


def application_option(_call: Call) -> Any:
    raise ControllerError("ACCESS_DENIED", "Application context required", status=403)


METHODS = (
    Method("profile", "", profile),
    Method("scope", "", scope),
    Method("server.time", "", server_time),
    Method("app.info", "", app_info),
    Method("method.get", "", method_get),
    Method("feature.get", "", feature_get),
    *(
        Method(f"{owner}.option.{verb}", "", application_option)
        for owner in ("app", "user")
        for verb in ("get", "set")
    ),
)
