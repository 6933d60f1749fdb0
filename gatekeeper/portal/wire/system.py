"""The portal's names for what it is asked about itself: its owner's rights, its clock, its plan, its methods.

Sources: the portal contract's sections 9 and 12. Every question here only reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.transport.client import Command
from gatekeeper.portal.wire.cards import ENTITY_TYPE, parse_text
from gatekeeper.portal.wire.interactions import chats_command

METHODS: Mapping[str, tuple[str, ...]] = {
    "crm": (
        "crm.activity.get",
        "crm.activity.list",
        "crm.category.list",
        "crm.deal.update",
        "crm.item.fields",
        "crm.item.get",
        "crm.item.list",
        "crm.item.productrow.list",
        "crm.item.update",
        "crm.settings.mode.get",
        "crm.stagehistory.list",
        "crm.status.list",
        "crm.timeline.comment.add",
        "crm.timeline.comment.get",
        "crm.timeline.comment.list",
        "crm.timeline.comment.update",
        "crm.timeline.item.pin",
        "crm.timeline.item.unpin",
    ),
    "telephony": ("voximplant.statistic.get",),
    "imopenlines": ("imopenlines.crm.chat.get", "imopenlines.session.history.get"),
    "user": ("user.get",),
    "department": ("department.get",),
    "im": ("im.notify.system.add",),
}
"""Scope -> the methods of it that the gatekeeper calls; tests compare with the code and with its calls."""

USER_SCOPES = frozenset({"user", "user_basic", "user_brief"})
WITH_ADDRESSES = frozenset({"user", "user_basic"})
ENTERPRISE = re.compile(r"[a-z]+_ent\d*")
SELF_HOSTED = "_selfhosted"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom the webhook acts as: what he may not see, the gatekeeper does not see."""

    id: int
    name: str
    is_admin: bool


@dataclass(frozen=True, slots=True)
class UserField:
    """A user field of the deal. `choices` is how many values its list has."""

    code: str
    type: str
    title: str
    is_multiple: bool
    choices: int


@dataclass(frozen=True, slots=True)
class License:
    """The plan by its code; without `limited` the portal is self-hosted and has no limits by default."""

    code: str
    is_enterprise: bool
    limited: bool


# Commands


def profile_command() -> Command:
    return Command("profile", {})


def scopes_command() -> Command:
    return Command("scope", {})


def license_command() -> Command:
    return Command("app.info", {})


def clock_command() -> Command:
    return Command("server.time", {})


def method_command(name: str) -> Command:
    return Command("method.get", {"name": name})


def any_card_command(kind: Kind) -> Command:
    return Command("crm.item.list", {"entityTypeId": ENTITY_TYPE[kind], "select": ["id"], "start": -1})


def any_call_command() -> Command:
    """Statistics of a call that there is not: nothing but the right to ask is asked for."""
    return Command("voximplant.statistic.get", {"FILTER": {"CRM_ACTIVITY_ID": 0}})


def any_chat_command() -> Command:
    return chats_command(EntityRef(Kind.DEAL, 1))


def user_command(user_id: int) -> Command:
    return Command("user.get", {"FILTER": {"ID": user_id}})


def department_command(number: int) -> Command:
    return Command("department.get", {"ID": number})


def sources_command() -> Command:
    return Command("crm.status.list", {"filter": {"ENTITY_ID": "SOURCE"}, "order": {"SORT": "ASC"}})


def departments_command() -> Command:
    return Command("department.get", {"START": 0})


# Answers


def parse_owner(result: Any) -> Owner | None:
    """None, on the wire an empty list, for an owner who is no active employee."""
    if not result:
        return None
    name = " ".join(filter(None, (parse_text(result.get(each)) for each in ("NAME", "LAST_NAME"))))
    return Owner(int(result["ID"]), name, result.get("ADMIN") in {True, "Y"})


def parse_scopes(result: Any) -> frozenset[str]:
    return frozenset(str(each) for each in result)


def parse_license(result: Any) -> License:
    """Codes are like ru_std and ru_ent250; renamed plans keep their old ones, so no name is made of them."""
    code = parse_text(result.get("LICENSE"))
    return License(code, bool(ENTERPRISE.fullmatch(code)), not code.endswith(SELF_HOSTED))


def parse_sources(result: Any) -> dict[str, str]:
    return {str(row["STATUS_ID"]): parse_text(row.get("NAME")) for row in result}


def parse_available(result: Any) -> bool:
    return bool(result["isExisting"]) and bool(result["isAvailable"])


def parse_user_fields(result: Any) -> tuple[UserField, ...]:
    """Of a deal's fields those that the portal's admin made, by their original codes."""
    rows = ((str(row.get("upperName") or name), row) for name, row in (result["fields"] or {}).items())
    return tuple(
        UserField(
            code,
            parse_text(row.get("type")),
            parse_text(row.get("title")),
            bool(row.get("isMultiple")),
            len(row.get("items") or ()),
        )
        for code, row in rows
        if code.startswith("UF_")
    )
