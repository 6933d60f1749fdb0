"""The cards of deals, contacts and leads: their fields, their stage, their timeline."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request

from bitrix24_sandbox import (
    cards,
    dictionaries,
    products,
    timeline,
)
from bitrix24_sandbox.communications import multifields
from bitrix24_sandbox.pages import forms, practice
from bitrix24_sandbox.pages.conversion import convert
from bitrix24_sandbox.pages.feed import Entry, feed
from bitrix24_sandbox.pages.notes import notes_of
from bitrix24_sandbox.pages.who import Who, see_other
from bitrix24_sandbox.pages.wording import KIND_NAMES, MULTIFIELD_TYPES
from bitrix24_sandbox.portal import Act, Portal
from bitrix24_sandbox.required import check_required
from bitrix24_sandbox.schema import Field, Kind
from bitrix24_sandbox.store import Row

_KIND = "<any(deal, contact, lead):name>"
_STATUS_FIELD = "UF_CRM_GATEKEEPER_STATUS"


@dataclass(frozen=True, slots=True)
class StageBar:
    """The stages of a card's pipeline; `current` is None for a stage that the pipeline does not have."""

    stages: tuple[dictionaries.Stage, ...]
    current: dictionaries.Stage | None
    raw: str


def add_routes(pages: Blueprint, portal: Portal, who: Who) -> None:
    _add_reading(pages, portal, who)
    _add_writing(pages, portal, who)


def _add_reading(pages: Blueprint, portal: Portal, who: Who) -> None:
    @pages.get(f"/{_KIND}/<int:number>")
    def card(name: str, number: int) -> str:
        act, kind = portal.new_act(who.id), Kind(name)
        row = _row(act, kind, number)
        entries = feed(act, kind, number)
        return render_template(
            f"{kind}.html",
            **_shared(act, kind, row),
            **(_deal_parts(act, row) if kind is Kind.DEAL else {}),
            pinned=[each for each in entries if each.pinned],
            entries=[each for each in entries if not each.pinned],
            note=notes_of(act.store, kind, [number]).get(number),
            authors=_authors(act, entries),
            lesson=practice.lesson_of(portal, who.id, kind, number),
        )

    @pages.get("/<any(contact, lead):name>/new")
    def blank(name: str) -> str:
        act, kind = portal.new_act(who.id), Kind(name)
        row: Row = {field.code: field.initial for field in act.store.catalogue(kind).fields}
        row |= {"ID": None, "ASSIGNED_BY_ID": who.id}
        return render_template("new.html", **_shared(act, kind, row), deal=request.args.get("deal", type=int))

    @pages.get(f"/crm/{_KIND}/details/<int:number>/")
    def real_address(name: str, number: int) -> Response:
        """Lead the portal's own links to our cards."""
        return see_other(f"/{name}/{number}")


def _add_writing(pages: Blueprint, portal: Portal, who: Who) -> None:
    @pages.post(f"/{_KIND}/<int:number>")
    def save(name: str, number: int) -> Response:
        with portal.act(who.id) as act:
            kind = Kind(name)
            forms.save(act, kind, _row(act, kind, number), request.form)
        return see_other(f"/{name}/{number}")

    @pages.post("/<any(contact, lead):name>/new")
    def create(name: str) -> Response:
        kind, deal_id = Kind(name), request.form.get("deal", type=int)
        with portal.act(who.id) as act:
            number = forms.create(act, kind, request.form)
            if deal_id:
                _link(act, _row(act, Kind.DEAL, deal_id), kind, number)
        return see_other(f"/deal/{deal_id}" if deal_id else f"/{name}/{number}")

    @pages.post(f"/{_KIND}/<int:number>/comment")
    def comment(name: str, number: int) -> Response:
        text = request.form.get("text", "").replace("\r\n", "\n").strip()
        with portal.act(who.id) as act:
            kind = Kind(name)
            row = _row(act, kind, number)
            if text:
                timeline.add_comment(act, kind, row["ID"], text)
        return see_other(f"/{name}/{number}")

    @pages.post("/<any(deal, lead):name>/<int:number>/move")
    def move(name: str, number: int) -> Response:
        with portal.act(who.id) as act:
            kind = Kind(name)
            row = _row(act, kind, number)
            values = {kind.stage_field or "": request.form.get("stage") or abort(400)}
            check_required(act, kind, row, values)
            cards.update(act, kind, row, values)
        pipeline = row.get("CATEGORY_ID") or 0
        return see_other(f"/?pipeline={pipeline}" if "board" in request.form else f"/{name}/{number}")

    @pages.post("/lead/<int:number>/convert")
    def convert_lead(number: int) -> Response:
        with portal.act(who.id) as act:
            deal_id = convert(act, _row(act, Kind.LEAD, number))
        return see_other(f"/deal/{deal_id}")

    @pages.post(f"/{_KIND}/<int:number>/delete")
    def delete(name: str, number: int) -> Response:
        with portal.act(who.id) as act:
            kind = Kind(name)
            row = _row(act, kind, number)
            cards.delete(act, kind, number)
        return see_other(f"/?pipeline={row['CATEGORY_ID'] or 0}" if kind is Kind.DEAL else f"/{name}s")


def _shared(act: Act, kind: Kind, row: Row) -> dict[str, object]:
    fields = act.store.catalogue(kind).fields
    found = multifields(act.store, kind, [row["ID"]]).get(row["ID"], []) if row["ID"] else []
    return {
        "kind": kind,
        "kind_name": KIND_NAMES[kind],
        "card": row,
        "offset": act.offset,
        "bar": _stage_bar(act, kind, row),
        "user_fields": [each for each in fields if _is_editable(each)],
        "status": row.get(_STATUS_FIELD),
        "multifields": {
            type_id: [each for each in found if each["type_id"] == type_id] for type_id in MULTIFIELD_TYPES
        },
        "multifield_types": MULTIFIELD_TYPES,
    }


def _deal_parts(act: Act, deal: Row) -> dict[str, object]:
    store = act.store
    bound = [cards.find(act, Kind.CONTACT, each) for each in cards.contact_ids(act, Kind.DEAL, deal["ID"])]
    contacts = [each for each in bound if each]
    return {
        "contacts": contacts,
        "contact_notes": notes_of(store, Kind.CONTACT, [each["ID"] for each in contacts]),
        "lead": cards.find(act, Kind.LEAD, deal["LEAD_ID"]) if deal["LEAD_ID"] else None,
        "rows": products.rows_of(act, Kind.DEAL, deal["ID"]),
        "pipeline": store.row("SELECT * FROM category WHERE id = ?", [deal["CATEGORY_ID"] or 0]),
    }


def _stage_bar(act: Act, kind: Kind, row: Row) -> StageBar | None:
    if not kind.stage_field:
        return None
    stages = dictionaries.stages(act.store, kind, row.get("CATEGORY_ID") or 0)
    raw = row[kind.stage_field] or ""
    return StageBar(tuple(stages.values()), stages.get(raw), raw)


def _is_editable(field: Field) -> bool:
    return field.is_user_field and not field.multiple and field.code != _STATUS_FIELD


def _authors(act: Act, entries: list[Entry]) -> dict[int, Row]:
    ids = {each.author_id for each in entries if each.author_id}
    return {each: found for each in ids if (found := dictionaries.user(act.store, each))}


def _link(act: Act, deal: Row, kind: Kind, number: int) -> None:
    """Tie a card that was made from a deal's page to that deal."""
    if kind is Kind.LEAD:
        cards.update(act, Kind.DEAL, deal, {"LEAD_ID": number})
    else:
        bound = cards.contact_ids(act, Kind.DEAL, deal["ID"])
        cards.update(act, Kind.DEAL, deal, {"CONTACT_IDS": [*bound, number]})


def _row(act: Act, kind: Kind, number: int) -> Row:
    return cards.find(act, kind, number) or abort(404)
