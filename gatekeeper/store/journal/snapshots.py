"""The latest snapshot of every card: written when the card changes, read by questions about all cards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, literal, select, tuple_, update

from gatekeeper.model.cards import Snapshot
from gatekeeper.model.errors import Undecodable
from gatekeeper.model.refs import EntityRef
from gatekeeper.store.database import insert_into, reading
from gatekeeper.store.journal.masking import mask_snapshot
from gatekeeper.store.journal.packing import pack_snapshot, unpack_snapshot
from gatekeeper.store.journal.tables import card_table, snapshot_table
from gatekeeper.store.keys import among, ref_of

FRESH_FOR = timedelta(days=1)
"""An unchanged card's `read_at` is renewed no more often than this: it need not be exact."""

_KEY = tuple_(snapshot_table.c.kind, snapshot_table.c.entity_id)


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """`snapshot` is the code of a reason if it can no longer be judged."""

    ref: EntityRef
    read_at: datetime
    snapshot: Snapshot | str


class LatestSnapshots:
    """One row for each card. With `masked`, personal data is left out."""

    def __init__(self, engine: Engine, *, masked: bool = False) -> None:
        self._engine = engine
        self._masked = masked

    def keep(self, snapshots: Sequence[Snapshot], now: datetime) -> None:
        """Replace the snapshots that changed; the others cost one read."""
        if not snapshots:
            return
        packed = {each.ref: self._pack(each) for each in snapshots}
        with reading(self._engine) as conn:
            columns = snapshot_table.c["kind", "entity_id", "digest", "read_at"]
            rows = conn.execute(select(*columns).where(among(snapshot_table, packed)))
            known = {ref_of(row): (row.digest, row.read_at) for row in rows}
        changed = [ref for ref, (_, digest) in packed.items() if known.get(ref, ("",))[0] != digest]
        stale = [ref for ref, (_, at) in known.items() if ref not in changed and now - at > FRESH_FOR]
        if changed or stale:
            with self._engine.begin() as conn:
                for ref in changed:
                    _replace(conn, ref, *packed[ref], now)
                if stale:
                    _renew(conn, stale, now)

    def forget(self, refs: Sequence[EntityRef]) -> None:
        with self._engine.begin() as conn:
            conn.execute(delete(snapshot_table).where(among(snapshot_table, refs)))

    def page(self, after: EntityRef | None, limit: int) -> list[KeptSnapshot]:
        """Return the next ones, in order of kind and id."""
        query = (
            select(snapshot_table).order_by(snapshot_table.c.kind, snapshot_table.c.entity_id).limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(literal(after.kind.value), literal(after.id)) < _KEY)
        with reading(self._engine) as conn:
            return [_kept(row) for row in conn.execute(query)]

    def of(self, refs: Collection[EntityRef]) -> dict[EntityRef, Snapshot]:
        """Return those of these cards that this version can read; none where personal data is masked."""
        if self._masked or not refs:
            return {}
        with reading(self._engine) as conn:
            rows = conn.execute(select(snapshot_table).where(among(snapshot_table, refs))).all()
        kept = [_kept(row) for row in rows]
        return {each.ref: each.snapshot for each in kept if not isinstance(each.snapshot, str)}

    def count(self) -> int:
        with reading(self._engine) as conn:
            return conn.execute(select(func.count()).select_from(snapshot_table)).scalar_one()

    def missing(self) -> list[EntityRef]:
        """Return cards that are remembered but have no stored snapshot."""
        here = select(snapshot_table.c.kind).where(
            snapshot_table.c.kind == card_table.c.kind, snapshot_table.c.entity_id == card_table.c.entity_id
        )
        with reading(self._engine) as conn:
            rows = conn.execute(select(*card_table.c["kind", "entity_id"]).where(~here.exists()))
            return [ref_of(row) for row in rows]

    def _pack(self, snapshot: Snapshot) -> tuple[bytes | None, str]:
        kept = mask_snapshot(snapshot) if self._masked else snapshot
        return pack_snapshot(kept) if kept else (None, "masked")


def _replace(conn: Connection, ref: EntityRef, body: bytes | None, digest: str, now: datetime) -> None:
    values: dict[str, Any] = {"read_at": now, "digest": digest, "body": body}
    row = {"kind": ref.kind, "entity_id": ref.id, **values}
    upsert = insert_into(conn, snapshot_table).values(row)
    conn.execute(upsert.on_conflict_do_update(index_elements=["kind", "entity_id"], set_=values))


def _renew(conn: Connection, refs: Sequence[EntityRef], now: datetime) -> None:
    conn.execute(update(snapshot_table).where(among(snapshot_table, refs)).values(read_at=now))


def _kept(row: Row[Any]) -> KeptSnapshot:
    snapshot: Snapshot | str = "masked"
    if row.body is not None:
        try:
            snapshot = unpack_snapshot(row.body)
        except Undecodable:
            snapshot = "other_version"
    return KeptSnapshot(ref_of(row), row.read_at, snapshot)
