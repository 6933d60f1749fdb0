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
from gatekeeper.portal.wire.cards import ENTITY_TYPE
from gatekeeper.portal.wire.forms import (
    ABSENT,
    NO_TEXT,
    a_code,
    a_flag,
    a_list,
    a_text,
    an_id,
    read_map,
    read_row,
    read_rows,
    told,
)
from gatekeeper.portal.wire.interactions import chats_command
from gatekeeper.portal.wire.setup import field_rows

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


@dataclass(frozen=True, slots=True)
class ProfileRow:
    id: int = told("ID", an_id, "9")
    is_admin: bool = told("ADMIN", a_flag, "9")
    name: str = told("NAME", a_text, "9", empty=NO_TEXT, means="")
    last_name: str = told("LAST_NAME", a_text, "9", empty=(*NO_TEXT, ABSENT), means="")


@dataclass(frozen=True, slots=True)
class SourceRow:
    status_id: str = told("STATUS_ID", a_code, "3.8")
    name: str = told("NAME", a_text, "3.8", empty=NO_TEXT, means="")


@dataclass(frozen=True, slots=True)
class LicenseRow:
    code: str = told("LICENSE", a_text, "9", empty=(*NO_TEXT, ABSENT), means="")


@dataclass(frozen=True, slots=True)
class MethodRow:
    exists: bool = told("isExisting", a_flag, "9")
    available: bool = told("isAvailable", a_flag, "9")


@dataclass(frozen=True, slots=True)
class UserFieldRow:
    """A field of the deal; `items` are there for lists only."""

    upper_name: str = told("upperName", a_text, "3.6", empty=(*NO_TEXT, ABSENT), means="")
    type: str = told("type", a_text, "3.6", empty=NO_TEXT, means="")
    title: str = told("title", a_text, "3.6", empty=(*NO_TEXT, ABSENT), means="")
    is_multiple: bool = told("isMultiple", a_flag, "3.6", empty=(ABSENT,), means=False)
    items: list[Any] = told("items", a_list, "3.6", empty=(None, ABSENT), means=())


def parse_owner(result: Any) -> Owner | None:
    """None, on the wire an empty list, for an owner who is no active employee."""
    if not read_map(result):
        return None
    row = read_row(ProfileRow, result)
    return Owner(row.id, " ".join(filter(None, (row.name, row.last_name))), row.is_admin)


def parse_scopes(result: Any) -> frozenset[str]:
    return frozenset(a_code(each) for each in a_list(result))


def parse_license(result: Any) -> License:
    """Codes are like ru_std and ru_ent250; renamed plans keep their old ones, so no name is made of them."""
    code = read_row(LicenseRow, result).code
    return License(code, bool(ENTERPRISE.fullmatch(code)), not code.endswith(SELF_HOSTED))


def parse_sources(result: Any) -> dict[str, str]:
    return {row.status_id: row.name for row in read_rows(SourceRow, result)}


def parse_available(result: Any) -> bool:
    row = read_row(MethodRow, result)
    return row.exists and row.available


def parse_user_fields(result: Any) -> tuple[UserField, ...]:
    """Of a deal's fields those that the portal's admin made, by their original codes."""
    rows = [(name, read_row(UserFieldRow, row)) for name, row in field_rows(result).items()]
    coded = [(row.upper_name or name, row) for name, row in rows]
    return tuple(
        UserField(code, row.type, row.title, row.is_multiple, len(row.items))
        for code, row in coded
        if code.startswith("UF_")
    )
