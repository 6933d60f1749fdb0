"""The commands that ask for cards and what hangs on them, and those that write into them.

How the answers are read stands in `items`, `parts` and `setup`. Sources: sections 3 to 8 of the contract.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.transport.client import Command

ENTITY_TYPE = {Kind.LEAD: 1, Kind.DEAL: 2, Kind.CONTACT: 3}
CLIENT_ID = "gatekeeper"
SET_FIELD = "crm.deal.update"
CREATED, MOVED_AWAY = 1, 5  # TYPE_ID in the stage history: its first entry, a change of the pipeline
_PREFIX = re.compile(r"C([0-9]{1,18}):")
LISTED: dict[str, Any] = {
    "useOriginalUfNames": "Y",
    "start": -1,
}  # -1: do not count, one page is all there can be


def items_command(kind: Kind, ids: Sequence[int]) -> Command:
    """Up to 50 items whole; `select` is left out, since it would drop a contact's phones."""
    return Command(
        "crm.item.list", {"entityTypeId": ENTITY_TYPE[kind], "filter": {"@id": list(ids)}, **LISTED}
    )


def item_command(ref: EntityRef) -> Command:
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[ref.kind], "id": ref.id}
    return Command("crm.item.get", {**params, "useOriginalUfNames": "Y"})


def client_leads_command(contact_ids: Sequence[int], start: int = 0) -> Command:
    params: dict[str, Any] = {
        "entityTypeId": ENTITY_TYPE[Kind.LEAD],
        "filter": {"@contactId": list(contact_ids)},
        "select": ["id", "contactId", "assignedById"],
        "order": {"id": "ASC"},
        "start": start,
    }
    return Command("crm.item.list", params)


def client_deals_command(contact_ids: Sequence[int], start: int = 0) -> Command:
    """Deals whose client is one of these contacts; whole, since a `select` may lose the user fields."""
    params: dict[str, Any] = {
        "entityTypeId": ENTITY_TYPE[Kind.DEAL],
        "filter": {"@contactId": list(contact_ids)},
        "order": {"id": "ASC"},
        "useOriginalUfNames": "Y",
        "start": start,
    }
    return Command("crm.item.list", params)


def deals_of_leads_command(lead_ids: Sequence[int], start: int = 0) -> Command:
    """Counted, so that an answer which lost its rows is no answer that there are none."""
    params: dict[str, Any] = {
        "entityTypeId": ENTITY_TYPE[Kind.DEAL],
        "filter": {"@leadId": list(lead_ids)},
        "select": ["id", "leadId"],
        "order": {"id": "ASC"},
        "start": start,
    }
    return Command("crm.item.list", params)


def comments_command(ref: EntityRef, start: int = 0) -> Command:
    owner: dict[str, Any] = {"ENTITY_TYPE": ref.kind.value, "ENTITY_ID": ref.id}
    return Command("crm.timeline.comment.list", {"filter": owner, "order": {"ID": "ASC"}, "start": start})


def notify_command(user_id: int, text: str, tag: str) -> Command:
    """From the system, not from the webhook's owner. A tag replaces only with a CLIENT_ID (contract 9)."""
    named: dict[str, Any] = {"TAG": f"{CLIENT_ID}|{tag}", "CLIENT_ID": CLIENT_ID}
    return Command("im.notify.system.add", {"USER_ID": user_id, "MESSAGE": text, **named})


def rows_command(ref: EntityRef, start: int = 0) -> Command:
    owner: dict[str, Any] = {"=ownerType": "D", "=ownerId": ref.id}
    return Command("crm.item.productrow.list", {"filter": owner, "order": {"id": "ASC"}, "start": start})


def stage_history_command(deal_ids: Sequence[int], start: int = 0) -> Command:
    """A single id goes as it is: that a list is understood is not documented."""
    params: dict[str, Any] = {
        "entityTypeId": ENTITY_TYPE[Kind.DEAL],
        "filter": {"OWNER_ID": list(deal_ids) if len(deal_ids) > 1 else deal_ids[0]},
        "order": {"ID": "ASC"},
        "start": start,
    }
    return Command("crm.stagehistory.list", params)


def pointer_command(ref: EntityRef) -> Command:
    """Ask for a comment or an activity by its own id."""
    method = "crm.timeline.comment.get" if ref.kind is Kind.COMMENT else "crm.activity.get"
    return Command(method, {"id": ref.id})


def pipelines_command() -> Command:
    return Command("crm.category.list", {"entityTypeId": ENTITY_TYPE[Kind.DEAL]})


def stages_of(pipeline_id: int) -> str:
    """The name of a pipeline's list of stages."""
    return f"DEAL_STAGE_{pipeline_id}" if pipeline_id else "DEAL_STAGE"


def is_stage_of(pipeline_id: int, stage_id: str) -> bool:
    """Tell whether a stage's id agrees with the pipeline: "C3:NEW" is of the third, "NEW" of the default.

    >>> is_stage_of(3, "C3:NEW"), is_stage_of(3, "NEW"), is_stage_of(0, "NEW"), is_stage_of(0, "C3:NEW")
    (True, False, True, False)
    """
    prefix = _PREFIX.match(stage_id)
    return (int(prefix.group(1)) if prefix else 0) == pipeline_id


def stages_command(pipeline_id: int) -> Command:
    listed = {"filter": {"ENTITY_ID": stages_of(pipeline_id)}, "order": {"SORT": "ASC"}}
    return Command("crm.status.list", listed)


def crm_mode_command() -> Command:
    return Command("crm.settings.mode.get", {})


def deal_fields_command() -> Command:
    return Command("crm.item.fields", {"entityTypeId": ENTITY_TYPE[Kind.DEAL], "useOriginalUfNames": "Y"})


def add_comment_command(ref: EntityRef, text: str) -> Command:
    fields: dict[str, Any] = {"ENTITY_TYPE": ref.kind.value, "ENTITY_ID": ref.id, "COMMENT": text}
    return Command("crm.timeline.comment.add", {"fields": fields})


def update_comment_command(comment_id: int, text: str) -> Command:
    return Command("crm.timeline.comment.update", {"id": comment_id, "fields": {"COMMENT": text}})


def set_field_command(ref: EntityRef, field: str, value: str) -> Command:
    """By the classic method, which takes a user field's own code on portals of every age."""
    return Command(SET_FIELD, {"id": ref.id, "fields": {field: value}})


def pin_command(ref: EntityRef, comment_id: int, *, pin: bool) -> Command:
    owner = {"ownerTypeId": ENTITY_TYPE[ref.kind], "ownerId": ref.id}
    return Command(f"crm.timeline.item.{'pin' if pin else 'unpin'}", {"id": comment_id, **owner})


def pin_new_command(ref: EntityRef) -> Command:
    """Pin the comment that the command before adds."""
    owner = {"ownerTypeId": ENTITY_TYPE[ref.kind], "ownerId": ref.id}
    return Command("crm.timeline.item.pin", owner, takes="id")


def move_command(ref: EntityRef, stage_id: str) -> Command:
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[ref.kind], "id": ref.id}
    return Command("crm.item.update", {**params, "fields": {"stageId": stage_id}})


def newest_contact_command() -> Command:
    """Without useOriginalUfNames, with which a `select` loses every field (vendor's issues 263 and 368)."""
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[Kind.CONTACT], "select": ["id"]}
    return Command("crm.item.list", {**params, "order": {"id": "DESC"}, "start": -1})


def contact_window_command(after_id: int, last_id: int) -> Command:
    """Contacts of a window of at most 50 ids, whole."""
    window: dict[str, Any] = {">id": after_id, "<=id": last_id}
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[Kind.CONTACT], "filter": window}
    return Command("crm.item.list", {**params, "order": {"id": "ASC"}, **LISTED})


def server_time_command() -> Command:
    return Command("server.time", {})


def changed_command(kind: Kind, field: str, since: datetime, after_id: int) -> Command:
    """A page of the items whose `field` is not before `since`, by id; their times in the server's offset."""
    bounds: dict[str, Any] = {f">={field}": since.isoformat(timespec="seconds"), ">id": after_id}
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[kind], "filter": bounds, "select": ["id", field]}
    return Command("crm.item.list", {**params, "order": {"id": "ASC"}, "start": -1})


def pipeline_moves_command(since: datetime, after_id: int) -> Command:
    bounds = {">=CREATED_TIME": since.isoformat(timespec="seconds"), ">ID": after_id, "TYPE_ID": MOVED_AWAY}
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[Kind.DEAL], "filter": bounds}
    return Command("crm.stagehistory.list", {**params, "order": {"ID": "ASC"}, "start": -1})


def present_command(kind: Kind, ids: Sequence[int]) -> Command:
    """Which of up to 50 ids there are."""
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[kind], "filter": {"@id": list(ids)}}
    return Command("crm.item.list", {**params, "select": ["id"], "start": -1})


def ids_command(kind: Kind, after_id: int) -> Command:
    """The next page of all ids of this kind."""
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[kind], "filter": {">id": after_id}}
    return Command("crm.item.list", {**params, "select": ["id"], "order": {"id": "ASC"}, "start": -1})


def count_command(kind: Kind) -> Command:
    """The total beside its answer is how many items of this kind there are."""
    return Command("crm.item.list", {"entityTypeId": ENTITY_TYPE[kind], "select": ["id"], "start": 0})
