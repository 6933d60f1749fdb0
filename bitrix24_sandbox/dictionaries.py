"""Users, departments, pipelines and stages: what a portal has before the first client calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row, Store

_DEAL_STAGES = (
    ("NEW", "Новая", None),
    ("PREPARATION", "Подготовка документов", None),
    ("PREPAYMENT_INVOICE", "Счёт на предоплату", None),
    ("EXECUTING", "В работе", None),
    ("FINAL_INVOICE", "Финальный счёт", None),
    ("WON", "Сделка успешна", "S"),
    ("LOSE", "Сделка провалена", "F"),
    ("APOLOGY", "Анализ причины провала", "F"),
)
_LEAD_STAGES = (
    ("NEW", "Не обработан", None),
    ("IN_PROCESS", "В работе", None),
    ("PROCESSED", "Обработан", None),
    ("CONVERTED", "Качественный лид", "S"),
    ("JUNK", "Некачественный лид", "F"),
)
_LISTS = {
    "SOURCE": (
        ("CALL", "Звонок"),
        ("EMAIL", "Электронная почта"),
        ("WEB", "Веб-сайт"),
        ("RECOMMENDATION", "По рекомендации"),
        ("OTHER", "Другое"),
    ),
    "DEAL_TYPE": (("SALE", "Продажа"), ("SERVICES", "Услуги")),
    "CONTACT_TYPE": (("CLIENT", "Клиенты"), ("PARTNER", "Партнёры"), ("OTHER", "Другое")),
    "HONORIFIC": (("HNR_RU_1", "г-н"), ("HNR_RU_2", "г-жа")),
}
_USERS = (
    ("Администратор", "", "", "Администратор портала"),
    ("Анна", "Соколова", "Игоревна", "Менеджер"),
    ("Борис", "Ковалёв", "Петрович", "Менеджер"),
    ("Вера", "Лебедева", "Андреевна", "Менеджер"),
    ("Глеб", "Морозов", "Олегович", "Менеджер"),
    ("Дарья", "Новикова", "Сергеевна", "Старший менеджер"),
)
_FIRST_OF_COLLEGE = 5
_TEXTS_OF_USER = (
    "name",
    "last_name",
    "second_name",
    "email",
    "personal_mailbox",
    "personal_mobile",
    "work_phone",
    "work_position",
)
_DEPARTMENTS = ((1, "Приёмная комиссия", 500, None, 1), (2, "Отдел колледжа", 600, 1, 6))
_PIPELINES = ((0, "Общая"), (1, "Колледж"))


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    name: str
    sort: int
    semantics: str


def furnish(store: Store) -> None:
    """Fill an empty portal's dictionaries; one that was furnished before is left alone."""
    if store.scalar("SELECT count(*) FROM user"):
        return
    with store.changes():
        for row in _DEPARTMENTS:
            store.insert("department", dict(zip(("id", "name", "sort", "parent", "head"), row, strict=True)))
        for number, (name, last_name, second_name, position) in enumerate(_USERS, start=1):
            department = 2 if number >= _FIRST_OF_COLLEGE else 1
            names = {"name": name, "last_name": last_name, "second_name": second_name}
            add_user(store, department, **names, work_position=position, admin=int(number == 1))
        for category_id, name in _PIPELINES:
            _add_pipeline(store, category_id, name)
        _add_stages(store, "STATUS", _LEAD_STAGES, None, "")
        for entity_id, entries in _LISTS.items():
            _add_stages(store, entity_id, tuple((code, name, None) for code, name in entries), None, "")


def add_user(store: Store, department: int, **values: Any) -> int:
    """Hire an active employee, who is no administrator and has an address unless `values` say otherwise."""
    number = store.next_id("user")
    texts = dict.fromkeys(_TEXTS_OF_USER, "") | {"email": f"user{number}@synergy.example"}
    row = {"active": 1, "admin": 0, "department": f"[{department}]", **texts}
    return store.insert("user", row | values)


def add_pipeline(store: Store, name: str, sort: int) -> int:
    """Open one more pipeline with the usual stages; its id."""
    category_id = int(store.scalar("SELECT max(id) + 1 FROM category"))
    _add_pipeline(store, category_id, name)
    store.update("category", category_id, {"sort": sort})
    return category_id


def _add_pipeline(store: Store, category_id: int, name: str) -> None:
    store.insert("category", {"id": category_id, "name": name, "sort": 100 * (category_id + 1)})
    entity_id = f"DEAL_STAGE_{category_id}" if category_id else "DEAL_STAGE"
    _add_stages(store, entity_id, _DEAL_STAGES, category_id, f"C{category_id}:" if category_id else "")


def _add_stages(
    store: Store,
    entity_id: str,
    entries: tuple[tuple[str, str, str | None], ...],
    category_id: int | None,
    prefix: str,
) -> None:
    for place, (code, name, semantics) in enumerate(entries, start=1):
        store.insert(
            "status",
            {
                "entity_id": entity_id,
                "status_id": prefix + code,
                "name": name,
                "sort": 10 * place,
                "semantics": semantics,
                "category_id": category_id or None,
                "color": None,
            },
        )


def stages(store: Store, kind: Kind, category_id: int) -> dict[str, Stage]:
    """List a pipeline's stages by id, in their order; none for a pipeline that does not exist."""
    entity_id = "STATUS"
    if kind is Kind.DEAL:
        entity_id = f"DEAL_STAGE_{category_id}" if category_id else "DEAL_STAGE"
    rows = store.rows("SELECT * FROM status WHERE entity_id = ? ORDER BY sort, id", [entity_id])
    return {
        row["status_id"]: Stage(row["status_id"], row["name"], row["sort"], row["semantics"] or "P")
        for row in rows
    }


def categories(store: Store) -> list[Row]:
    return store.rows("SELECT * FROM category ORDER BY sort, id")


def user(store: Store, user_id: int) -> Row | None:
    return store.row("SELECT * FROM user WHERE id = ?", [user_id])
