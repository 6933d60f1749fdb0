"""Which mutants of an answer are in a form that the portal documents, told apart from the gate's own table.

They say something else, or the same in other words, and are judged as what they say. Sources: sections 3 to 9
of the portal contract. A name stands for the same thing in every answer, but for `id`, `ID`, `NAME` and
`type`; where it is read in one answer alone, no other method is named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from tests.portal.spoilings import Spoiling

TEXTS = frozenset(
    {
        *("title", "comments", "sourceId", "name", "lastName", "secondName", "value"),
        *("UF_CRM_GATEKEEPER_STATUS", "COMMENT", "NAME", "LAST_NAME", "VALUE", "externalAuthId"),
        *("EMAIL", "PERSONAL_MAILBOX", "WORK_MAILBOX", "ORIGIN_ID", "CALL_FAILED_CODE", "upperName"),
    }
)
"""Any text says something, "" that there is none (3.2, 3.6, 4.1, 7.1, 7.3, 7.5, 9)."""
CODES = frozenset({"stageId", "STATUS_ID", "STAGE_ID", "PROVIDER_ID", "type"})
"""Codes of open sets: admins make stages, applications make activities, portals make types of fields."""
CHOSEN: Mapping[str, frozenset[str | int]] = {
    "typeId": frozenset({"PHONE", "EMAIL", "WEB", "IM", "LINK"}),
    "valueType": frozenset({"WORK", "MOBILE", "HOME", "FAX", "PAGER", "MAILING", "OTHER"}),
    "TYPE_ID": frozenset({1, 2, 3, 5}),
    "DIRECTION": frozenset({0, 1, 2}),
    "CALL_TYPE": frozenset({1, 2, 3, 4, 5}),
}
"""Closed sets (4.1, 4.3, 5, 7.3, 7.5)."""
MAY_BE_NULL = frozenset(
    {
        *("title", "comments", "sourceId", "name", "lastName", "secondName", "value", "birthdate"),
        *("leadId", "contactId", "movedBy", "NAME", "LAST_NAME", "PERSONAL_MAILBOX", "WORK_MAILBOX"),
        *("PARENT", "UF_HEAD", "UF_DEPARTMENT", "UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS"),
        *("ORIGIN_ID", "START_TIME", "END_TIME", "externalAuthId", "hasPhone", "hasEmail", "total"),
    }
)
"""References, texts and dates that are not set (3.2, 4.1, 4.2, 7.3)."""
MAY_BE_EMPTY_TEXT = MAY_BE_NULL - {"externalAuthId", "total"}
MAY_BE_ZERO = frozenset({"leadId", "contactId", "movedBy", "PARENT", "UF_HEAD", "UF_CRM_PRODUCT_GROUP"})
MAY_BE_MISSING = frozenset(
    {
        *("contactId", "hasPhone", "hasEmail", "PARENT", "UF_HEAD", "NAME", "LAST_NAME"),
        *("EMAIL", "PERSONAL_MAILBOX", "WORK_MAILBOX", "EXTRA", "MISSED_CALL", "upperName", "total"),
        *("chatId", "chatid", "sessionId", "bot", "externalAuthId"),
    }
)
"""Keys that a scope hides, that some rows lack, or that newer portals send (1.7, 3.8, 4.1, 7.4, 9)."""
AMOUNTS = frozenset({"opportunity", "price", "quantity"})
NUMBERS = frozenset(
    {
        *("categoryId", "assignedById", "movedBy", "leadId", "contactId", "contactIds"),
        *("AUTHOR_ID", "CATEGORY_ID", "SORT", "UF_DEPARTMENT", "PARENT", "UF_HEAD"),
        *("CALL_DURATION", "ASSOCIATED_ENTITY_ID", "CHAT_ID", "senderid"),
        "UF_CRM_PRODUCT_GROUP",
    }
)
"""Another number of these is another fact, and no answer says of itself that it is the wrong one."""
TIMES = frozenset(
    {
        *("createdTime", "updatedTime", "movedTime", "CREATED", "CREATED_TIME"),
        *("START_TIME", "END_TIME", "CALL_START_DATE", "date"),
    }
)
"""Likewise another moment, in years that a portal can know; a birthday's year may be anybody's invention."""
NO_DAYS = frozenset({"0000-00-00", "-0001-11-30"})
"""MySQL's and PHP's words for no date: no other date could be meant."""
IDS = frozenset({"id", "ID"})
ASKED = ("crm.item.get?", "crm.timeline.comment.get?", "crm.activity.get?", '"@id"')
"""What stands in commands that ask for ids, which the answer repeats. Elsewhere ids are told."""
FLAGS = frozenset({"ACTIVE", "ADMIN", "connector", "bot", "hasPhone", "hasEmail"})
SHORTER = frozenset({"fm", "contactIds", "UF_DEPARTMENT", "message", "SETTINGS"})
"""Lists and maps that do not tell how long they are."""
OWNERLESS = frozenset({"crm.activity.list", "imopenlines.crm.chat.get", "imopenlines.session.history.get"})
"""Whose answers do not say which of several cards they are for."""

MODE = "crm.settings.mode.get"
"""1 with leads, 2 without (6)."""

_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_AMOUNT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9_:.|-]+", re.ASCII)


def is_documented(spoiling: Spoiling) -> bool:
    """Whether the mutant is as good an answer as the one that it was made of."""
    match spoiling.kind:
        case "swap":
            return spoiling.method in OWNERLESS
        case "drop" | "double":
            return _is_shorter(spoiling)
        case _:
            return _is_form(spoiling, spoiling.value) or _is_list(spoiling)


def _is_shorter(spoiling: Spoiling) -> bool:
    missing = (
        spoiling.kind == "drop" and not isinstance(spoiling.place[-1], int) and spoiling.key in MAY_BE_MISSING
    )
    unlisted = spoiling.method == "imopenlines.crm.chat.get"
    container = spoiling.place[-2] if len(spoiling.place) > 1 else ""
    return missing or unlisted or container in SHORTER or _of_choices(spoiling)


def _of_choices(spoiling: Spoiling) -> bool:
    """The list of a user field's values, of which an admin may take one away."""
    return spoiling.method == "crm.item.fields" and "items" in spoiling.place


def _is_list(spoiling: Spoiling) -> bool:
    whole = spoiling.kind == "contradict" and isinstance(spoiling.value, list)
    listed = whole or spoiling.value in ([], {})
    return listed and (
        spoiling.key in SHORTER or spoiling.method == "imopenlines.crm.chat.get" or _of_choices(spoiling)
    )


def _is_form(spoiling: Spoiling, value: Any) -> bool:
    key = spoiling.key
    match value:
        case None:
            return key in MAY_BE_NULL
        case bool():
            return key in FLAGS or (key in {"UF_CRM_PRODUCT_GROUP", "UF_DEPARTMENT"} and not value)
        case str():
            return _is_text(spoiling, value)
        case int() | float():
            return _is_number(spoiling, value)
        case [*values] | {**values}:
            return _is_choice(spoiling, values)
        case _:
            return False


def _is_text(spoiling: Spoiling, value: str) -> bool:
    key = spoiling.key
    forms = (
        _is_number_text(spoiling, value),
        key in TEXTS and "\ud800" not in value,
        key in CODES and bool(_CODE.fullmatch(value)),
        value in CHOSEN.get(key, ()),
        key in FLAGS and value in {"Y", "N"},
        key in TIMES and _is_moment(value, range(1900, 2200)),
        key == "birthdate" and (value in NO_DAYS or _is_moment(value, range(1, 9999))),
        key in MAY_BE_EMPTY_TEXT and value == "",
    )
    return any(forms)


def _is_number_text(spoiling: Spoiling, value: str) -> bool:
    if spoiling.key in AMOUNTS:
        return bool(_AMOUNT.fullmatch(value))
    return bool(_WHOLE.fullmatch(value)) and _is_number(spoiling, int(value))


def _is_number(spoiling: Spoiling, value: float) -> bool:
    key = spoiling.key
    if key in AMOUNTS:
        return math.isfinite(value) and abs(value) < 1e20
    if not isinstance(value, int) or abs(value) >= 2**63:
        return False
    told = key in IDS and value > 0 and not any(word in spoiling.command for word in ASKED)
    chosen = value in CHOSEN.get(key, ()) or (spoiling.method == MODE and value in {1, 2})
    return key in NUMBERS or told or chosen or (value == 0 and key in MAY_BE_ZERO)


def _is_choice(spoiling: Spoiling, values: Any) -> bool:
    """A user field with several values, each of them a number above 0; PHP sends gaps as an object."""
    several = spoiling.key in {"UF_CRM_PRODUCT_GROUP", "UF_DEPARTMENT", "contactIds"}
    if isinstance(values, Mapping):
        several = several and bool(values) and all(map(str.isdigit, values))
        values = values.values()
    return several and all(type(each) in (int, str) and bool(_ID.fullmatch(str(each))) for each in values)


def _is_moment(value: str, years: Container[int]) -> bool:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.year in years
