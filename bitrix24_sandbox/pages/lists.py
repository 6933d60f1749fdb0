"""Lists of contacts and leads, and what the search fields of a deal suggest."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from bitrix24_sandbox import dictionaries
from bitrix24_sandbox.communications import multifields
from bitrix24_sandbox.pages.notes import notes_of
from bitrix24_sandbox.pages.who import Who
from bitrix24_sandbox.pages.wording import KIND_NAMES, full_name
from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row, Store

_PAGE, _SUGGESTED = 50, 8
_MANY = {"contacts": Kind.CONTACT, "leads": Kind.LEAD}


def add_routes(pages: Blueprint, portal: Portal, _who: Who) -> None:
    store = portal.store

    @pages.get("/<any(contacts, leads):name>")
    def cards_list(name: str) -> str:
        kind, wanted = _MANY[name], request.args.get("find", "").strip()
        rows = _find(store, kind, wanted, _PAGE)
        ids = [row["ID"] for row in rows]
        return render_template(
            "list.html",
            kind=kind,
            kind_name=KIND_NAMES[kind],
            path=name,
            wanted=wanted,
            rows=rows,
            total=store.scalar(f"SELECT count(*) FROM {kind}"),  # noqa: S608
            multifields=multifields(store, kind, ids),
            notes=notes_of(store, kind, ids),
            stages=dictionaries.stages(store, kind, 0) if kind.stage_field else {},
            offset=portal.offset,
        )

    @pages.get("/suggest/<any(contact, lead):name>")
    def suggest(name: str) -> Response:
        kind = Kind(name)
        rows = _find(store, kind, request.args.get("find", "").strip(), _SUGGESTED)
        return jsonify([f"{row['ID']} · {_label(kind, row)}" for row in rows])


def _find(store: Store, kind: Kind, wanted: str, limit: int) -> list[Row]:
    """Find the newest cards whose name, title, phone, e-mail or number holds every word."""
    named = "coalesce(LAST_NAME, '') || ' ' || coalesce(NAME, '') || ' ' || coalesce(SECOND_NAME, '')"
    if kind is Kind.LEAD:
        named += " || ' ' || coalesce(TITLE, '')"
    condition = (
        f"(FOLD({named}) LIKE ? ESCAPE '\\' OR CAST(ID AS TEXT) = ? OR ID IN ("  # noqa: S608
        f"SELECT owner_id FROM multifield WHERE kind = '{kind}' AND FOLD(value) LIKE ? ESCAPE '\\'))"
    )
    words = wanted.casefold().split()
    values = [each for word in words for each in (_like(word), word.removeprefix("#"), _like(word))]
    where = " AND ".join([condition] * len(words)) or "1"
    return store.rows(f"SELECT * FROM {kind} WHERE {where} ORDER BY ID DESC LIMIT {limit}", values)  # noqa: S608


def _like(word: str) -> str:
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return f"%{word}%"


def _label(kind: Kind, row: Row) -> str:
    return row["TITLE"] or full_name(row) if kind is Kind.LEAD else full_name(row)
