"""The portal's required fields, by option: an administrator may have made some, and REST then refuses."""

from __future__ import annotations

from typing import Any

from bitrix24_sandbox.errors import ControllerError
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row


def check_required(act: Act, kind: Kind, row: Row, values: Row) -> None:
    """On creation and on a move to another stage of the same pipeline; other edits are let through."""
    stage = kind.stage_field
    moves = not row or (stage in values and values[stage] != row[stage] and "CATEGORY_ID" not in values)
    if not moves:
        return
    for code in act.options.required.get(kind, ()):
        if _is_empty((row | values).get(code)):
            raise ControllerError(
                "CRM_FIELD_ERROR_REQUIRED", f"Не заполнено обязательное поле «{_title(act, kind, code)}»"
            )


def _is_empty(value: Any) -> bool:
    return value in {None, 0, "", "[]"} if not isinstance(value, list) else not value


def _title(act: Act, kind: Kind, code: str) -> str:
    field = act.store.catalogue(kind).by_code(code)
    return field.title if field else code
