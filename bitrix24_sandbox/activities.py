"""Activities of a card: calls, mail, chats, tasks. `values` are columns of the table `activity`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bitrix24_sandbox import cards
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import KIND_OF_TYPE, Kind
from bitrix24_sandbox.store import Row

MEETING, CALL, TASK, EMAIL, PROVIDER = 1, 2, 3, 4, 6
NO_DIRECTION, INCOMING, OUTGOING = 0, 1, 2
WAITING, DONE = 1, 2
NO_DEADLINE = 253402203600

Binding = tuple[int, int]


def add(act: Act, owner: Binding, values: Mapping[str, Any], bindings: Sequence[Binding] = ()) -> int:
    """`owner` and `bindings` are (entity type id, id); the owner is bound in any case."""
    activity = {
        "responsible_id": act.user_id,
        "author_id": act.user_id,
        "editor_id": act.user_id,
        "created": act.now,
        "last_updated": act.now,
        "start_time": act.now,
        "end_time": act.now,
        "deadline": NO_DEADLINE,
    } | {key: value for key, value in values.items() if value is not None}
    activity |= {"owner_type_id": owner[0], "owner_id": owner[1]}
    activity.setdefault("status", DONE if activity.get("completed") == "Y" else WAITING)
    activity_id = act.store.insert("activity", activity)
    bind(act, activity_id, [owner, *bindings])
    act.announce("ONCRMACTIVITYADD", activity_id)
    return activity_id


def bind(act: Act, activity_id: int, bindings: Sequence[Binding]) -> None:
    for type_id, entity_id in dict.fromkeys(bindings):
        act.store.insert(
            "activity_binding", {"activity_id": activity_id, "owner_type_id": type_id, "owner_id": entity_id}
        )
        if type_id in KIND_OF_TYPE:
            cards.touch(act, KIND_OF_TYPE[type_id], entity_id)


def update(act: Act, row: Row, values: Mapping[str, Any]) -> None:
    changes = dict(values) | {"last_updated": act.now, "editor_id": act.user_id}
    if "completed" in values:
        changes["status"] = DONE if values["completed"] == "Y" else WAITING
    act.store.update("activity", row["id"], changes)
    act.announce("ONCRMACTIVITYUPDATE", row["id"])


def delete(act: Act, row: Row) -> None:
    act.store.execute("DELETE FROM activity_binding WHERE activity_id = ?", [row["id"]])
    act.store.execute("DELETE FROM activity WHERE id = ?", [row["id"]])
    act.announce("ONCRMACTIVITYDELETE", row["id"])


def find(act: Act, activity_id: int) -> Row | None:
    return act.store.row("SELECT * FROM activity WHERE id = ?", [activity_id])


def bindings_of(act: Act, activity_id: int) -> list[Binding]:
    rows = act.store.rows(
        "SELECT owner_type_id, owner_id FROM activity_binding WHERE activity_id = ? "
        "ORDER BY owner_type_id, owner_id",
        [activity_id],
    )
    return [(row["owner_type_id"], row["owner_id"]) for row in rows]


def of_card(act: Act, kind: Kind, card_id: int) -> list[Row]:
    """Oldest first."""
    return act.store.rows(
        "SELECT a.* FROM activity a JOIN activity_binding b ON b.activity_id = a.id "
        "WHERE b.owner_type_id = ? AND b.owner_id = ? ORDER BY a.start_time, a.id",
        [kind.type_id, card_id],
    )
