"""The portal's own names: which command asks for what, and how its answers become our values.

Field names of the portal live here and nowhere else. Empty is 0, "", null or a missing key, one as good as
another, but for a field that tells something by being absent: that becomes an Unread. Sources: the portal
contract's sections 3 to 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from gatekeeper.model.cards import Comment, Multifield, Pipeline, Semantics, Stage, StageEntry, Unread
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.signature import parse_own
from gatekeeper.portal.transport.client import Command

ENTITY_TYPE = {Kind.LEAD: 1, Kind.DEAL: 2, Kind.CONTACT: 3}
KIND_OF_TYPE = {number: kind for kind, number in ENTITY_TYPE.items()}
SIMPLE_MODE = 2
CLIENT_ID = "gatekeeper"
CREATED, MOVED_AWAY = 1, 5  # TYPE_ID in the stage history: its first entry, a change of the pipeline
LISTED: dict[str, Any] = {
    "useOriginalUfNames": "Y",
    "start": -1,
}  # -1: do not count, one page is all there can be

Row = Mapping[str, Any]


# Commands


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


def deals_of_lead_command(lead_id: int) -> Command:
    """The first of them are enough: it is asked whether there are any."""
    params: dict[str, Any] = {"entityTypeId": ENTITY_TYPE[Kind.DEAL], "filter": {"=leadId": lead_id}}
    return Command("crm.item.list", {**params, "select": ["id"], "start": -1})


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


def stage_history_command(ref: EntityRef, start: int = 0) -> Command:
    params: dict[str, Any] = {
        "entityTypeId": ENTITY_TYPE[ref.kind],
        "filter": {"OWNER_ID": ref.id},
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


def stages_command(pipeline_id: int) -> Command:
    entity_id = f"DEAL_STAGE_{pipeline_id}" if pipeline_id else "DEAL_STAGE"
    return Command("crm.status.list", {"filter": {"ENTITY_ID": entity_id}, "order": {"SORT": "ASC"}})


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
    return Command("crm.deal.update", {"id": ref.id, "fields": {field: value}})


def pin_command(ref: EntityRef, comment_id: int, *, pin: bool) -> Command:
    owner = {"ownerTypeId": ENTITY_TYPE[ref.kind], "ownerId": ref.id}
    return Command(f"crm.timeline.item.{'pin' if pin else 'unpin'}", {"id": comment_id, **owner})


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


# Answers


def parse_items(result: Any) -> tuple[Row, ...]:
    return tuple(result["items"])


def parse_item(result: Any) -> Row:
    item: Row = result["item"]
    return item


def parse_product_rows(result: Any) -> tuple[Row, ...]:
    return tuple(result["productRows"])


def parse_number(value: Any) -> int:
    """An id or count; 0 for everything that means empty."""
    return int(value) if value else 0


def parse_ids(value: Any) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(each) for each in value or ()))


def parse_money(value: Any) -> Decimal:
    """Zero for empty; ValueError for what is no amount."""
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        raise ValueError("no amount of money") from None


def parse_time(value: Any) -> datetime:
    """Aware, with the portal's offset kept."""
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a time without an offset")
    return moment


def parse_date(value: Any) -> date | None:
    """The day of a date-only field, which arrives as midnight UTC in the server's offset (contract §4.2).

    The nearest midnight of UTC is meant: that also forgives servers that print their own midnight.

    >>> parse_date("1990-05-17T03:00:00+03:00"), parse_date("1990-05-16T19:00:00-05:00"), parse_date("")
    (datetime.date(1990, 5, 17), datetime.date(1990, 5, 17), None)
    """
    if not value or str(value).startswith(("0000", "-")):  # "-0001-11-30" is what PHP makes of 0000-00-00
        return None
    if len(str(value)) == len("1990-05-17"):
        return date.fromisoformat(str(value))
    try:
        return (parse_time(value).astimezone(UTC) + timedelta(hours=12)).date()
    except OverflowError:
        raise ValueError("no day of this calendar") from None


def parse_text(value: Any) -> str:
    return str(value).strip() if value else ""


def parse_choice(item: Row, names: Sequence[str]) -> tuple[str, ...] | Unread:
    """A user field's values as strings, under whichever name this portal shows it."""
    for name in names:
        if name in item:
            value = item[name]
            if value in (None, "", 0, "0", False):
                return ()
            return tuple(str(each) for each in value) if isinstance(value, list) else (str(value),)
    return Unread(f"поле {names[0]} не читается")


def parse_multifields(item: Row, type_id: str) -> tuple[Multifield, ...]:
    """Phones or e-mails as typed; KeyError where the answer holds no multifields at all."""
    return tuple(
        Multifield(str(each.get("valueType", "")), str(each.get("value", "")))
        for each in item["fm"] or ()
        if each.get("typeId") == type_id
    )


def parse_comments(result: Any, owner_id: int | None) -> tuple[Comment, ...]:
    return tuple(parse_comment(row, owner_id) for row in result or ())


def parse_comment(row: Row, owner_id: int | None) -> Comment:
    """`owner_id` is the webhook's owner, in whose name the gatekeeper writes."""
    text, author_id = str(row.get("COMMENT") or ""), parse_number(row.get("AUTHOR_ID"))
    return Comment(
        id=int(row["ID"]),
        author_id=author_id,
        created_at=parse_time(row["CREATED"]),
        text=text,
        signed_for=parse_own(text, by_owner=author_id == owner_id),
    )


def parse_pointer(kind: Kind, row: Row) -> tuple[EntityRef, ...]:
    """The cards that a comment or an activity hangs on; () for owners that are no cards."""
    if kind is Kind.COMMENT:
        name = str(row.get("ENTITY_TYPE", "")).lower()
        owner = Kind(name) if name in {each.value for each in ENTITY_TYPE} else None
        number = parse_number(row.get("ENTITY_ID"))
    else:
        owner = KIND_OF_TYPE.get(parse_number(row.get("OWNER_TYPE_ID")))
        number = parse_number(row.get("OWNER_ID"))
    return (EntityRef(owner, number),) if owner and number else ()


def parse_stage_history(result: Any) -> tuple[StageEntry, ...]:
    rows = sorted(result["items"], key=lambda row: int(row["ID"]))
    return tuple(
        StageEntry(
            stage_id=str(row["STAGE_ID"]),
            pipeline_id=parse_number(row.get("CATEGORY_ID")),
            entered_at=parse_time(row["CREATED_TIME"]),
            is_creation=int(row["TYPE_ID"]) == CREATED,
        )
        for row in rows
    )


def parse_pipelines(result: Any) -> dict[int, str]:
    """Pipeline id -> name. The default pipeline, id 0, is there even where its row is not."""
    names = {parse_number(row.get("id")): str(row.get("name") or "") for row in result["categories"]}
    return {0: "", **names}


def parse_pipeline(pipeline_id: int, name: str, result: Any) -> Pipeline:
    prefix = f"C{pipeline_id}:" if pipeline_id else ""
    stages = (
        Stage(
            id=status if status.startswith(prefix) else prefix + status,
            name=str(row.get("NAME") or status),
            sort=parse_number(row.get("SORT")),
            semantics=Semantics(row.get("SEMANTICS") or "P"),
        )
        for row in result
        for status in (str(row["STATUS_ID"]),)
    )
    return Pipeline(pipeline_id, name, tuple(sorted(stages, key=lambda stage: stage.sort)))


def parse_leads_in_use(result: Any) -> bool:
    """False in the CRM mode 2, which has no leads."""
    return parse_number(result) != SIMPLE_MODE


def parse_field(result: Any, code: str) -> tuple[str, dict[str, str] | None] | None:
    """The name under which items carry the user field, and its list's choices; None without such a field."""
    for name, row in (result["fields"] or {}).items():
        if code in {name, row.get("upperName")}:
            choices = {str(item["ID"]): str(item["VALUE"]) for item in row.get("items") or ()}
            return name, choices if row.get("type") == "enumeration" else None
    return None
