"""Making a user field: its code, its type, its choices."""

from __future__ import annotations

from typing import Any

from bitrix24_sandbox import php
from bitrix24_sandbox.errors import ClassicError
from bitrix24_sandbox.schema import Field, Kind, camel_user_field
from bitrix24_sandbox.store import Store

_TYPES = {"string", "integer", "double", "boolean", "date", "datetime", "enumeration"}


def create(store: Store, kind: Kind, given: dict[str, Any]) -> int:
    """Create it; its id. `ClassicError` for a code that is taken or a type that is not modelled."""
    code = str(given.get("FIELD_NAME") or "").upper()
    code = code if code.startswith("UF_CRM_") else f"UF_CRM_{code}"
    if not code.replace("_", "").isalnum() or not code.isascii() or store.catalogue(kind).by_code(code):
        raise ClassicError("Неверный или уже занятый код поля")
    if given.get("USER_TYPE_ID") not in _TYPES:
        raise ClassicError("Неизвестный тип пользовательского поля")
    label = given.get("EDIT_FORM_LABEL") or given.get("LABEL") or code
    title = str((php.values_of(label) or [code])[0])
    first = int(store.scalar("SELECT coalesce(max(id), 100) + 1000 FROM user_field"))
    items = tuple(
        (str(first + 2 * place), str(php.as_dict(each).get("VALUE")))
        for place, each in enumerate(php.values_of(given.get("LIST")))
    )
    field = Field(
        code,
        camel_user_field(code),
        str(given["USER_TYPE_ID"]),
        title,
        multiple=given.get("MULTIPLE") == "Y",
        items=items,
    )
    return store.add_user_field(kind, field)
