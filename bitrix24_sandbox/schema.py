"""The fields of a deal, a contact and a lead: one catalogue for both dialects and for the tables.

A field is stored under its classic name in its own type: ints and floats, texts, "Y"/"N", a day as
YYYY-MM-DD, a time as UTC seconds, several values as JSON. The dialects render from that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any


class Kind(StrEnum):
    DEAL = "deal"
    CONTACT = "contact"
    LEAD = "lead"

    @property
    def type_id(self) -> int:
        return {"lead": 1, "deal": 2, "contact": 3}[self.value]

    @property
    def short(self) -> str:
        return {"lead": "L", "deal": "D", "contact": "C"}[self.value]

    @property
    def stage_field(self) -> str | None:
        return {"deal": "STAGE_ID", "lead": "STATUS_ID"}.get(self.value)

    @property
    def semantics_field(self) -> str:
        return "STAGE_SEMANTIC_ID" if self is Kind.DEAL else "STATUS_SEMANTIC_ID"

    @property
    def has_multifields(self) -> bool:
        return self is not Kind.DEAL

    @property
    def has_contacts(self) -> bool:
        return self is not Kind.CONTACT


KIND_OF_TYPE: Mapping[int, Kind] = {kind.type_id: kind for kind in Kind}
KIND_OF_SHORT: Mapping[str, Kind] = {kind.short: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Field:
    """`initial` is what a new card holds when nothing was given. `items` are an enumeration's (id, label)."""

    code: str
    name: str
    type: str
    title: str
    initial: Any = None
    read_only: bool = False
    required: bool = False
    multiple: bool = False
    items: tuple[tuple[str, str], ...] = ()
    user_field_id: int = 0

    @property
    def is_user_field(self) -> bool:
        return self.code.startswith("UF_")

    @property
    def sql_type(self) -> str:
        if self.multiple:
            return "TEXT"
        if self.type in _INTEGERS:
            return "INTEGER"
        return "REAL" if self.type == "double" else "TEXT"


_INTEGERS = {
    "integer",
    "user",
    "datetime",
    "crm_lead",
    "crm_company",
    "crm_contact",
    "crm_category",
    "enumeration",
    "boolean",
}
_RENAMED = {
    "CREATED_BY_ID": "createdBy",
    "MODIFY_BY_ID": "updatedBy",
    "MOVED_BY_ID": "movedBy",
    "DATE_CREATE": "createdTime",
    "DATE_MODIFY": "updatedTime",
    "STATUS_ID": "stageId",
    "STATUS_SEMANTIC_ID": "stageSemanticId",
    "DATE_CLOSED": "dateClosed",
}


def camel(code: str) -> str:
    """Name a classic field as the controllers do.

    >>> camel("ASSIGNED_BY_ID"), camel("STATUS_ID")
    ('assignedById', 'stageId')
    """
    head, *tail = code.lower().split("_")
    return _RENAMED.get(code, head + "".join(part.capitalize() for part in tail))


def camel_user_field(code: str) -> str:
    """Name a user field as the controllers do, unless original names are asked for.

    >>> camel_user_field("UF_CRM_1721244707107"), camel_user_field("UF_CRM_3_DIGIT")
    ('ufCrm_1721244707107', 'ufCrm3Digit')
    >>> camel_user_field("UF_CRM_3_DIGIT10"), camel_user_field("UF_CRM_PRODUCT_GROUP")
    ('ufCrm_3_DIGIT10', 'ufCrmProductGroup')
    """
    tail = code.removeprefix("UF_CRM_")
    parts = tail.split("_")
    if tail.isdecimal() or any(re.search(r"[A-Za-z]", part) and re.search(r"\d", part) for part in parts):
        return f"ufCrm_{tail}"
    return "ufCrm" + "".join(part.capitalize() for part in parts)


def _field(code: str, kind: str, title: str, initial: Any = None, **more: Any) -> Field:
    return Field(code, camel(code), kind, title, initial, **more)


def _origin() -> tuple[Field, ...]:
    return (
        _field("SOURCE_ID", "crm_status", "Источник"),
        _field("SOURCE_DESCRIPTION", "string", "Дополнительно об источнике"),
        _field("ORIGINATOR_ID", "string", "Внешний источник"),
        _field("ORIGIN_ID", "string", "Идентификатор элемента во внешнем источнике"),
        *(
            _field(f"UTM_{part}", "string", f"UTM {part.lower()}")
            for part in ("SOURCE", "MEDIUM", "CAMPAIGN", "CONTENT", "TERM")
        ),
    )


def _life() -> tuple[Field, ...]:
    return (
        _field("OPENED", "char", "Доступна для всех", "Y"),
        _field("COMMENTS", "string", "Комментарий"),
        _field("ASSIGNED_BY_ID", "user", "Ответственный"),
        _field("CREATED_BY_ID", "user", "Кем создана", read_only=True),
        _field("MODIFY_BY_ID", "user", "Кем изменена", read_only=True),
        _field("DATE_CREATE", "datetime", "Когда создана", read_only=True),
        _field("DATE_MODIFY", "datetime", "Когда изменена", read_only=True),
        _field("LAST_ACTIVITY_BY", "user", "Кем последняя активность", read_only=True),
        _field("LAST_ACTIVITY_TIME", "datetime", "Последняя активность", read_only=True),
        _field("OBSERVERS", "user", "Наблюдатели", multiple=True),
    )


def _money() -> tuple[Field, ...]:
    return (
        _field("CURRENCY_ID", "string", "Валюта", "RUB"),
        _field("OPPORTUNITY", "double", "Сумма", 0),
        _field("IS_MANUAL_OPPORTUNITY", "char", "Сумма вручную", "N"),
    )


def _moved() -> tuple[Field, ...]:
    return (
        _field("MOVED_BY_ID", "user", "Кем изменена стадия", read_only=True),
        _field("MOVED_TIME", "datetime", "Когда изменена стадия", read_only=True),
    )


def _client() -> tuple[Field, ...]:
    return (
        _field("COMPANY_ID", "crm_company", "Компания", 0),
        _field("CONTACT_ID", "crm_contact", "Контакт", 0),
    )


def _person() -> tuple[Field, ...]:
    return (
        _field("HONORIFIC", "crm_status", "Обращение"),
        _field("NAME", "string", "Имя"),
        _field("SECOND_NAME", "string", "Отчество"),
        _field("LAST_NAME", "string", "Фамилия"),
        _field("BIRTHDATE", "date", "Дата рождения"),
        _field("POST", "string", "Должность"),
        _field("HAS_PHONE", "char", "Задан телефон", "N", read_only=True),
        _field("HAS_EMAIL", "char", "Задан e-mail", "N", read_only=True),
        _field("HAS_IMOL", "char", "Задана открытая линия", "N", read_only=True),
    )


_ID = Field("ID", "id", "integer", "ID", read_only=True)

DEAL_FIELDS = (
    _ID,
    _field("TITLE", "string", "Название"),
    _field("TYPE_ID", "crm_status", "Тип", "SALE"),
    _field("CATEGORY_ID", "crm_category", "Воронка", 0),
    _field("STAGE_ID", "crm_status", "Стадия сделки"),
    _field("STAGE_SEMANTIC_ID", "string", "Группа стадии", "P", read_only=True),
    _field("IS_NEW", "char", "Новая сделка", "N", read_only=True),
    _field("IS_RETURN_CUSTOMER", "char", "Повторная сделка", "N", read_only=True),
    _field("PROBABILITY", "integer", "Вероятность"),
    *_money(),
    _field("TAX_VALUE", "double", "Ставка налога", 0),
    *_client(),
    _field("QUOTE_ID", "integer", "Предложение", read_only=True),
    _field("BEGINDATE", "date", "Дата начала"),
    _field("CLOSEDATE", "date", "Дата завершения"),
    _field("CLOSED", "char", "Сделка закрыта", "N", read_only=True),
    _field("ADDITIONAL_INFO", "string", "Дополнительная информация"),
    _field("LEAD_ID", "crm_lead", "Лид"),
    *_life(),
    *_moved(),
    *_origin(),
)

CONTACT_FIELDS = (
    _ID,
    *_person(),
    _field("TYPE_ID", "crm_status", "Тип контакта", "CLIENT"),
    _field("COMPANY_ID", "crm_company", "Компания", 0),
    _field("LEAD_ID", "crm_lead", "Лид"),
    _field("EXPORT", "char", "Участвует в экспорте", "Y"),
    *_life(),
    *_origin(),
)

LEAD_FIELDS = (
    _ID,
    _field("TITLE", "string", "Название лида"),
    *_person(),
    _field("COMPANY_TITLE", "string", "Название компании"),
    _field("STATUS_ID", "crm_status", "Стадия"),
    _field("STATUS_DESCRIPTION", "string", "Дополнительно о стадии"),
    _field("STATUS_SEMANTIC_ID", "string", "Состояние стадии", "P", read_only=True),
    _field("IS_RETURN_CUSTOMER", "char", "Повторный лид", "N", read_only=True),
    *_money(),
    *_client(),
    _field("DATE_CLOSED", "datetime", "Дата завершения", read_only=True),
    *_life(),
    *_moved(),
    *_origin(),
)

SYSTEM_FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.DEAL: DEAL_FIELDS,
    Kind.CONTACT: CONTACT_FIELDS,
    Kind.LEAD: LEAD_FIELDS,
}

DEFAULT_USER_FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.DEAL: (
        Field(
            "UF_CRM_PRODUCT_GROUP",
            camel_user_field("UF_CRM_PRODUCT_GROUP"),
            "enumeration",
            "Группа продуктов",
            items=(("45", "ВО/СПО"), ("47", "ДПО"), ("49", "Курсы")),
            user_field_id=101,
        ),
        Field(
            "UF_CRM_GATEKEEPER_STATUS",
            camel_user_field("UF_CRM_GATEKEEPER_STATUS"),
            "string",
            "Статус по регламенту",
            user_field_id=102,
        ),
    ),
    Kind.CONTACT: (),
    Kind.LEAD: (),
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All fields of one kind, by either name."""

    kind: Kind
    fields: tuple[Field, ...]

    def by_code(self, code: str) -> Field | None:
        return _by_code(self.fields).get(code.upper())

    def by_name(self, name: str, *, original_uf: bool) -> Field | None:
        """Find the field that a controller means by `name`."""
        return _by_name(self.fields, original_uf).get(name)


@cache
def _by_code(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {field.code: field for field in fields}


@cache
def _by_name(fields: tuple[Field, ...], original_uf: bool) -> dict[str, Field]:
    # Controllers turn every name into capitals, and one that comes in capitals they take as it is.
    names = {_upper_name(field): field for field in fields}
    return names | {field_name(field, original_uf=original_uf): field for field in fields}


def _upper_name(field: Field) -> str:
    return field.code if field.is_user_field else re.sub(r"(?=[A-Z])", "_", field.name).upper()


def field_name(field: Field, *, original_uf: bool) -> str:
    return field.code if field.is_user_field and original_uf else field.name
