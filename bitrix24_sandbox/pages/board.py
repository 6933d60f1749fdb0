"""The kanban: deals by stage, one pipeline at a time."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request

from bitrix24_sandbox import cards, dictionaries
from bitrix24_sandbox.pages.notes import Note, notes_of
from bitrix24_sandbox.pages.who import Who, see_other
from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.required import check_required
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row, Store

_TILES = 30


@dataclass(frozen=True, slots=True)
class Tile:
    """One deal on the board. `contact` and `responsible` are rows, or None."""

    deal: Row
    contact: Row | None
    responsible: Row | None
    note: Note | None


@dataclass(frozen=True, slots=True)
class Column:
    """`tiles` are the newest of `count` deals, which come to `total` together."""

    stage: dictionaries.Stage
    count: int
    total: float
    tiles: tuple[Tile, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.tiles)


def add_routes(pages: Blueprint, portal: Portal, who: Who) -> None:
    store = portal.store
    store.execute("CREATE INDEX IF NOT EXISTS deal_board ON deal (CATEGORY_ID, STAGE_ID, MOVED_TIME)")

    @pages.get("/")
    def board() -> str:
        pipelines = dictionaries.categories(store)
        chosen = request.args.get("pipeline", pipelines[0]["id"], type=int)
        if chosen not in {each["id"] for each in pipelines}:
            abort(404)
        return render_template(
            "board.html", pipelines=pipelines, chosen=chosen, columns=_columns(store, chosen)
        )

    @pages.post("/deal")
    def create_deal() -> Response:
        form = request.form
        values = {"TITLE": form.get("title", "").strip(), "CATEGORY_ID": form.get("pipeline", 0, type=int)}
        with portal.act(who.id) as act:
            check_required(act, Kind.DEAL, {}, values)
            deal_id = cards.add(act, Kind.DEAL, values)
        return see_other(f"/deal/{deal_id}")


def _columns(store: Store, category_id: int) -> list[Column]:
    sums = {
        row["STAGE_ID"]: row
        for row in store.rows(
            "SELECT STAGE_ID, count(*) AS count, sum(OPPORTUNITY) AS total FROM deal "
            "WHERE CATEGORY_ID = ? GROUP BY STAGE_ID",
            [category_id],
        )
    }
    stages = dictionaries.stages(store, Kind.DEAL, category_id).values()
    deals = {stage.id: _newest(store, category_id, stage.id) for stage in stages if stage.id in sums}
    tiles = _tiles(store, [deal for each in deals.values() for deal in each])
    return [
        Column(
            stage,
            sums[stage.id]["count"] if stage.id in sums else 0,
            sums[stage.id]["total"] or 0 if stage.id in sums else 0,
            tuple(tiles[deal["ID"]] for deal in deals.get(stage.id, [])),
        )
        for stage in stages
    ]


def _newest(store: Store, category_id: int, stage_id: str) -> list[Row]:
    return store.rows(
        f"SELECT * FROM deal WHERE CATEGORY_ID = ? AND STAGE_ID = ? "  # noqa: S608
        f"ORDER BY MOVED_TIME DESC, ID DESC LIMIT {_TILES}",
        [category_id, stage_id],
    )


def _tiles(store: Store, deals: list[Row]) -> dict[int, Tile]:
    contacts = _by_id(store, "contact", "ID", [deal["CONTACT_ID"] for deal in deals])
    people = _by_id(store, "user", "id", [deal["ASSIGNED_BY_ID"] for deal in deals])
    notes = notes_of(store, Kind.DEAL, [deal["ID"] for deal in deals])
    return {
        deal["ID"]: Tile(
            deal,
            contacts.get(deal["CONTACT_ID"]),
            people.get(deal["ASSIGNED_BY_ID"]),
            notes.get(deal["ID"]),
        )
        for deal in deals
    }


def _by_id(store: Store, table: str, key: str, ids: list[int | None]) -> dict[int, Row]:
    wanted = sorted({each for each in ids if each})
    marks = ", ".join("?" * len(wanted))
    rows = store.rows(f"SELECT * FROM {table} WHERE {key} IN ({marks})", wanted)  # noqa: S608
    return {row[key]: row for row in rows}
