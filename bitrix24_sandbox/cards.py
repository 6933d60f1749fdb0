"""What happens to a deal, a contact or a lead: stages and their history, contacts, times, who did it.

`values` are stored values by classic field code, with two keys more: CONTACT_IDS, a list of ids with the
primary contact first, and FM, a list of `MultifieldChange`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bitrix24_sandbox import dictionaries
from bitrix24_sandbox.communications import apply_multifields
from bitrix24_sandbox.errors import ControllerError
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import day_of

CREATED, INTERMEDIATE, FINAL, PIPELINE_CHANGED = 1, 2, 3, 5
_TITLES = {Kind.DEAL: "Сделка #{}", Kind.LEAD: "Лид #{}"}
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Change:
    """What an update did: the fields that really changed, and whether the deal left its pipeline."""

    fields: frozenset[str]
    new_pipeline: bool


def find(act: Act, kind: Kind, card_id: int) -> Row | None:
    return act.store.row(f"SELECT * FROM {kind} WHERE ID = ?", [card_id])  # noqa: S608


def add(act: Act, kind: Kind, values: Mapping[str, Any]) -> int:
    """Create a card; its id. `ControllerError` for a stage that its pipeline does not have."""
    card = {field.code: field.initial for field in act.store.catalogue(kind).fields}
    card |= {code: value for code, value in values.items() if value is not None and code in card}
    del card["ID"]
    card |= {
        "CREATED_BY_ID": act.user_id,
        "MODIFY_BY_ID": act.user_id,
        "DATE_CREATE": act.now,
        "DATE_MODIFY": act.now,
        "LAST_ACTIVITY_BY": act.user_id,
        "LAST_ACTIVITY_TIME": act.now,
    }
    card["ASSIGNED_BY_ID"] = card["ASSIGNED_BY_ID"] or act.user_id
    _set_first_stage(act, kind, card)
    _set_dates(kind, card, act)
    card_id = act.store.insert(kind, card)
    if kind in _TITLES and not card["TITLE"]:
        act.store.update(kind, card_id, {"TITLE": _TITLES[kind].format(card_id)})
    _bind_given(act, kind, card_id, values)
    apply_multifields(act.store, kind, card_id, values.get("FM") or [])
    if kind.stage_field:
        _record_stage(act, kind, card_id, card, CREATED)
    act.announce(f"ONCRM{kind.upper()}ADD", card_id)
    return card_id


def update(
    act: Act, kind: Kind, row: Row, values: Mapping[str, Any], *, save_unchanged: bool = False
) -> Change:
    """Save what really differs and tell of it; without a difference nothing happens, unless asked to."""
    card_id = row["ID"]
    known = {field.code for field in act.store.catalogue(kind).fields}
    changes = {code: value for code, value in values.items() if code in known and _differs(row[code], value)}
    contacts = contact_ids(act, kind, card_id)
    wanted = _wanted_contacts(kind, values, contacts)
    if kind.has_contacts:
        changes.pop("CONTACT_ID", None)
    new_pipeline = kind is Kind.DEAL and "CATEGORY_ID" in changes
    _follow_stage(act, kind, row, changes, new_pipeline=new_pipeline)
    changed = set(changes)
    if wanted != contacts:
        bind_contacts(act, kind, card_id, wanted)
        changed.add("CONTACT_ID")
    if apply_multifields(act.store, kind, card_id, values.get("FM") or []):
        changed.add("FM")
    if changed or save_unchanged:
        changes |= {"DATE_MODIFY": act.now, "MODIFY_BY_ID": act.user_id}
        act.store.update(kind, card_id, changes)
        if kind.stage_field in changes or new_pipeline:
            _record_move(act, kind, card_id, row | changes, new_pipeline=new_pipeline)
        # A webhook hears nothing of a deal that changes its pipeline: that event is for applications only.
        if not new_pipeline:
            act.announce(f"ONCRM{kind.upper()}UPDATE", card_id)
        if kind.stage_field in changes:
            _run_robot(act, kind, card_id)
    return Change(frozenset(changed), new_pipeline)


def _run_robot(act: Act, kind: Kind, card_id: int) -> None:
    """Let the robot of the stage just entered move the card on; its next one may follow."""
    row = find(act, kind, card_id)
    onward = act.options.robots.get(row[kind.stage_field or ""]) if row else None
    if row and onward and act.robots_left:
        act.robots_left -= 1
        update(act, kind, row, {kind.stage_field or "": onward})


def delete(act: Act, kind: Kind, card_id: int, *, silently: bool = False) -> None:
    """Remove a card and what hangs on it.

    A contact leaves its deals; a lead leaves `leadId` pointing nowhere.
    """
    store = act.store
    if kind is Kind.CONTACT:
        bound = store.rows("SELECT kind, owner_id FROM binding WHERE contact_id = ?", [card_id])
        for each in bound:
            owner = Kind(each["kind"])
            rest = [one for one in contact_ids(act, owner, each["owner_id"]) if one != card_id]
            bind_contacts(act, owner, each["owner_id"], rest)
    for table in ("binding", "multifield", "product_row", "stage_history", "timeline"):
        store.execute(f"DELETE FROM {table} WHERE kind = ? AND owner_id = ?", [kind, card_id])  # noqa: S608
    store.execute(
        "DELETE FROM activity_binding WHERE owner_type_id = ? AND owner_id = ?", [kind.type_id, card_id]
    )
    store.execute(
        "DELETE FROM activity WHERE owner_type_id = ? AND owner_id = ? AND id NOT IN "
        "(SELECT activity_id FROM activity_binding)",
        [kind.type_id, card_id],
    )
    store.execute(f"DELETE FROM {kind} WHERE ID = ?", [card_id])  # noqa: S608
    if not silently:
        act.announce(f"ONCRM{kind.upper()}DELETE", card_id)


def contact_ids(act: Act, kind: Kind, card_id: int) -> list[int]:
    """List the primary contact first."""
    rows = act.store.rows(
        "SELECT contact_id FROM binding WHERE kind = ? AND owner_id = ? ORDER BY sort", [kind, card_id]
    )
    return [row["contact_id"] for row in rows]


def bind_contacts(act: Act, kind: Kind, card_id: int, contacts: list[int]) -> None:
    """Write the binding table only: the card is not saved, nobody is told."""
    contacts = list(dict.fromkeys(contacts))
    act.store.execute("DELETE FROM binding WHERE kind = ? AND owner_id = ?", [kind, card_id])
    act.store.insert_many(
        "binding",
        ("kind", "owner_id", "contact_id", "sort"),
        [(kind, card_id, contact, 10 * place) for place, contact in enumerate(contacts, start=1)],
    )
    act.store.update(kind, card_id, {"CONTACT_ID": contacts[0] if contacts else 0})


def touch(act: Act, kind: Kind, card_id: int) -> None:
    """Move the last activity, not the time of change: a comment or an activity came."""
    act.store.update(kind, card_id, {"LAST_ACTIVITY_TIME": act.now, "LAST_ACTIVITY_BY": act.user_id})


def backdate(act: Act, kind: Kind, row: Row, created: int | None, moved: int | None) -> None:
    """Pretend that the card was created and moved earlier; its stage history tells the same story."""
    if not kind.stage_field:
        act.store.update(kind, row["ID"], {"DATE_CREATE": created} if created is not None else {})
        return
    ids = [
        each["id"]
        for each in act.store.rows(
            "SELECT id FROM stage_history WHERE kind = ? AND owner_id = ? ORDER BY id", [kind, row["ID"]]
        )
    ]
    if created is not None:
        act.store.update(kind, row["ID"], {"DATE_CREATE": created})
        act.store.update("stage_history", ids[0], {"created": created})
        moved = created if moved is None and len(ids) == 1 else moved
    if moved is not None:
        act.store.update(kind, row["ID"], {"MOVED_TIME": moved})
        if len(ids) > 1:
            act.store.update("stage_history", ids[-1], {"created": moved})


def put(act: Act, kind: Kind, row: Row, values: Mapping[str, Any]) -> None:
    """Write past all checks; only what belongs to a known stage follows it."""
    known = {field.code for field in act.store.catalogue(kind).fields}
    changes = {code: value for code, value in values.items() if code in known - {"CONTACT_ID"}}
    stage = changes.get(kind.stage_field or "")
    if stage is not None:
        semantics = act.store.scalar("SELECT semantics FROM status WHERE status_id = ?", [stage]) or "P"
        changes.setdefault(kind.semantics_field, semantics)
    act.store.update(kind, row["ID"], changes)
    if kind.has_contacts and ({"CONTACT_ID", "CONTACT_IDS"} & set(values)):
        bind_contacts(act, kind, row["ID"], _wanted_contacts(kind, values, []))
    apply_multifields(act.store, kind, row["ID"], values.get("FM") or [])


def stage_exists(act: Act, kind: Kind, category_id: int, stage_id: str) -> bool:
    return stage_id in dictionaries.stages(act.store, kind, category_id)


def _differs(before: Any, after: Any) -> bool:
    return before != after and not (before in {None, 0, ""} and after in {None, 0, ""})


def _set_first_stage(act: Act, kind: Kind, card: Row) -> None:
    if not kind.stage_field:
        return
    stages = dictionaries.stages(act.store, kind, card.get("CATEGORY_ID") or 0)
    if not stages:
        raise _not_valid("CATEGORY_ID")
    stage = stages.get(card[kind.stage_field] or next(iter(stages)))
    if not stage:
        raise _not_valid(kind.stage_field)
    card |= {
        kind.stage_field: stage.id,
        kind.semantics_field: stage.semantics,
        "MOVED_BY_ID": act.user_id,
        "MOVED_TIME": act.now,
    }
    card |= _closing(act, kind, stage.semantics)


def _closing(act: Act, kind: Kind, semantics: str) -> Row:
    final = semantics != "P"
    if kind is Kind.LEAD:
        return {"DATE_CLOSED": act.now if final else None}
    return {"CLOSED": "Y" if final else "N"} | ({"CLOSEDATE": day_of(act.now, act.offset)} if final else {})


def _set_dates(kind: Kind, card: Row, act: Act) -> None:
    if kind is Kind.DEAL:
        card["BEGINDATE"] = card["BEGINDATE"] or day_of(act.now, act.offset)
        card["CLOSEDATE"] = card["CLOSEDATE"] or day_of(act.now + 7 * _DAY_S, act.offset)


def _follow_stage(act: Act, kind: Kind, row: Row, changes: Row, *, new_pipeline: bool) -> None:
    """Complete `changes` with all that a stage or pipeline change drags along."""
    field = kind.stage_field
    if not field or not (new_pipeline or field in changes):
        return
    category = changes["CATEGORY_ID"] if new_pipeline else row.get("CATEGORY_ID")
    stages = dictionaries.stages(act.store, kind, category or 0)
    if not stages:
        raise _not_valid("CATEGORY_ID")
    stage = stages.get(changes.get(field) or next(iter(stages)))
    if not stage:
        raise _not_valid(field)
    if new_pipeline:
        changes["CATEGORY_ID"] = category or 0
    changes |= {
        field: stage.id,
        kind.semantics_field: stage.semantics,
        "MOVED_BY_ID": act.user_id,
        "MOVED_TIME": act.now,
    }
    if stage.semantics != row[kind.semantics_field]:
        changes |= _closing(act, kind, stage.semantics)


def _record_move(act: Act, kind: Kind, card_id: int, card: Row, *, new_pipeline: bool) -> None:
    final = card[kind.semantics_field] != "P"
    _record_stage(
        act, kind, card_id, card, PIPELINE_CHANGED if new_pipeline else FINAL if final else INTERMEDIATE
    )


def _record_stage(act: Act, kind: Kind, card_id: int, card: Row, type_id: int) -> None:
    act.store.insert(
        "stage_history",
        {
            "kind": kind,
            "owner_id": card_id,
            "type_id": type_id,
            "created": act.now,
            "category_id": card.get("CATEGORY_ID") or 0,
            "semantic": card[kind.semantics_field],
            "stage_id": card[kind.stage_field or ""],
        },
    )


def _bind_given(act: Act, kind: Kind, card_id: int, values: Mapping[str, Any]) -> None:
    wanted = _wanted_contacts(kind, values, [])
    if wanted:
        bind_contacts(act, kind, card_id, wanted)


def _wanted_contacts(kind: Kind, values: Mapping[str, Any], now: list[int]) -> list[int]:
    if not kind.has_contacts:
        return now
    if values.get("CONTACT_IDS") is not None:
        return [each for each in dict.fromkeys(values["CONTACT_IDS"]) if each > 0]
    if "CONTACT_ID" in values:
        primary = values["CONTACT_ID"] or 0
        if primary == (now[0] if now else 0):
            return now
        return [primary] if primary > 0 else []
    return now


def _not_valid(code: str) -> ControllerError:
    return ControllerError("CRM_FIELD_ERROR_VALUE_NOT_VALID", f"Недопустимое значение поля {code}")
