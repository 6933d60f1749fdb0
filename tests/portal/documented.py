"""Which mutants of an answer are in a form that the portal documents, told apart from the gate's own table.

They say something else, or the same in other words, and are judged as what they say. Sources: sections 3 to 9
of the portal contract.
"""

from __future__ import annotations

import math
from typing import Any

from tests.portal.spoilings import Spoiling

TEXTS = frozenset(
    {
        *("title", "comments", "sourceId", "name", "lastName", "secondName", "valueType", "value"),
        *("typeId", "stageId", "UF_CRM_GATEKEEPER_STATUS", "upperName"),
        *("COMMENT", "NAME", "LAST_NAME", "EMAIL", "PERSONAL_MAILBOX", "WORK_MAILBOX", "VALUE", "ID"),
        *("PROVIDER_ID", "ORIGIN_ID", "CALL_FAILED_CODE", "externalAuthId", "STATUS_ID", "STAGE_ID", "type"),
    }
)
"""Any text says something, "" that there is none."""
MAY_BE_NULL = frozenset(
    {
        *(
            "title",
            "comments",
            "sourceId",
            "name",
            "lastName",
            "secondName",
            "valueType",
            "value",
            "birthdate",
        ),
        *(
            "leadId",
            "contactId",
            "movedBy",
            "NAME",
            "LAST_NAME",
            "PERSONAL_MAILBOX",
            "WORK_MAILBOX",
            "PARENT",
        ),
        *("UF_HEAD", "UF_DEPARTMENT", "UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS", "ORIGIN_ID"),
        *("START_TIME", "END_TIME", "externalAuthId", "hasPhone", "hasEmail"),
    }
)
MAY_BE_EMPTY_TEXT = MAY_BE_NULL - {"externalAuthId"}
MAY_BE_ZERO = frozenset({"leadId", "contactId", "movedBy", "PARENT", "UF_HEAD", "UF_CRM_PRODUCT_GROUP"})
MAY_BE_MISSING = frozenset(
    {
        *(
            "contactId",
            "hasPhone",
            "hasEmail",
            "PARENT",
            "UF_HEAD",
            "EMAIL",
            "PERSONAL_MAILBOX",
            "WORK_MAILBOX",
        ),
        *(
            "NAME",
            "LAST_NAME",
            "EXTRA",
            "MISSED_CALL",
            "chatId",
            "chatid",
            "sessionId",
            "bot",
            "externalAuthId",
        ),
        *("upperName", "total", "next"),
    }
)
AMOUNTS = frozenset({"opportunity", "price", "quantity"})
NUMBERS = frozenset(
    {
        *("categoryId", "assignedById", "movedBy", "leadId", "contactId", "contactIds", "companyId"),
        *("AUTHOR_ID", "TYPE_ID", "CATEGORY_ID", "SORT", "UF_DEPARTMENT", "PARENT", "UF_HEAD", "DIRECTION"),
        *("CALL_TYPE", "CALL_DURATION", "ASSOCIATED_ENTITY_ID", "CHAT_ID", "senderid", "chatid", "chatId"),
        *("UF_CRM_PRODUCT_GROUP", "id", "ID", "total", "next"),
    }
)
"""Another number of these is another fact, and no answer says of itself that it is the wrong one."""
FLAGS = frozenset({"ACTIVE", "ADMIN", "connector", "bot", "hasPhone", "hasEmail"})
SHORTER = frozenset({"fm", "contactIds", "UF_DEPARTMENT", "message", "SETTINGS", "fields"})
"""Lists and maps that do not tell how long they are."""
OWNERLESS = frozenset(
    {"crm.activity.list", "imopenlines.crm.chat.get", "imopenlines.session.history.get", "crm.item.list"}
)
"""Whose answers do not say which of several cards they are for."""


def is_documented(spoiling: Spoiling) -> bool:
    """Whether the mutant is as good an answer as the one that it was made of."""
    match spoiling.kind:
        case "swap":
            return spoiling.method in OWNERLESS
        case "drop" | "double":
            return _is_shorter(spoiling)
        case _:
            return _is_form(spoiling.key, spoiling.value) or _is_list(spoiling)


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


def _is_form(key: str, value: Any) -> bool:
    match value:
        case None:
            return key in MAY_BE_NULL
        case bool():
            return key in FLAGS or (key in {"UF_CRM_PRODUCT_GROUP", "UF_DEPARTMENT"} and not value)
        case str():
            return _is_text(key, value)
        case int() | float():
            return _is_number(key, value) or (value == 0 and key in MAY_BE_ZERO)
        case _:
            return key == "UF_CRM_PRODUCT_GROUP" and value == []


def _is_text(key: str, value: str) -> bool:
    plain = value.isprintable() and "\ud800" not in value
    number = value.isdigit() and (_is_number(key, int(value)) or (value == "0" and key in MAY_BE_ZERO))
    return number or (plain and key in TEXTS) or (value == "" and key in MAY_BE_EMPTY_TEXT)


def _is_number(key: str, value: float) -> bool:
    if key in AMOUNTS:
        return math.isfinite(value) and abs(value) < 1e20
    return key in NUMBERS and isinstance(value, int) and abs(value) < 2**63
