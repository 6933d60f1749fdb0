"""The journal read back: one decision, or all that is known of one card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from gatekeeper.model.errors import Undecodable
from gatekeeper.model.exemption import Exemption, parse_exemption
from gatekeeper.model.findings import NotJudged, Violation
from gatekeeper.model.refs import EntityRef
from gatekeeper.store.database import reading
from gatekeeper.store.inbox import inbox
from gatekeeper.store.journal.codec import decode
from gatekeeper.store.journal.packing import peek
from gatekeeper.store.journal.tables import (
    action_table,
    decision_table,
    policy_table,
    snapshot_table,
    violation_table,
)
from gatekeeper.store.keys import among, ref_of
from gatekeeper.store.visits import visit_table

AFTER_ANY_DIGIT = "g"  # ids are hexadecimal
SHORTEST_ID = 6
"""The fewest hex digits that may name a decision; no other id may begin with them."""


@dataclass(frozen=True, slots=True)
class PastAction:
    """`result` is None while it is not known: the process ended, or another worker took over."""

    name: str
    body: Mapping[str, Any]
    result: str | None
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastExempted:
    """A violation that an exemption took off the card, with the exemption itself."""

    rule: str
    facts: Mapping[str, Any]
    exemption: Exemption


@dataclass(frozen=True, slots=True)
class PastDecision:
    """`version` is the gatekeeper's own. What is None was not yet stored when the decision was made.

    `let_stand` is the move back that was called for and not tried, as stored: its stages, and why. `snapshot`
    and `policy` are packed, and read only where they are needed.
    """

    id: str
    ref: EntityRef
    decided_at: datetime
    policy_revision: str
    version: str | None
    status: str | None
    violations: tuple[Violation, ...]
    not_judged: tuple[NotJudged, ...]
    responsible_id: int | None
    mover_id: int | None
    masked: bool
    actions: tuple[PastAction, ...]
    exempted: tuple[PastExempted, ...] = ()
    let_stand: Mapping[str, Any] | None = None
    snapshot: bytes | None = None
    policy: bytes | None = None


@dataclass(frozen=True, slots=True)
class PastViolation:
    """From its opening to its closing; `opened_by` and `closed_by` are decisions' ids."""

    rule: str
    mode: str
    facts: Mapping[str, Any]
    opened_at: datetime
    opened_by: str | None
    responsible_id: int
    mover_id: int | None
    fine: int
    currency: str
    closed_at: datetime | None
    closed_by: str | None
    closed_why: str | None
    closed_responsible_id: int | None
    due_at: datetime | None

    def is_counted(self, now: datetime) -> bool:
        """Whether it outlived its grace, as `counted` asks it of the table."""
        return self.due_at is None or self.due_at <= (self.closed_at or now)

    def owed(self, now: datetime) -> int:
        """Return the fine; 0 if the violation did not count or was exempted later."""
        return self.fine if self.is_counted(now) and self.closed_why != "exempt" else 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The card is in the inbox; `leased`: a worker is checking it."""

    not_before: datetime
    leased: bool
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """Everything known of one card, oldest first.

    `read_at` is when its latest snapshot was read, `look_at` when it is to be looked at next though nothing
    happens to it. `zone` is the portal's own, as the card's times bear it; None where no snapshot tells.
    """

    ref: EntityRef
    decisions: tuple[PastDecision, ...]
    violations: tuple[PastViolation, ...]
    read_at: datetime | None
    waiting: Waiting | None
    look_at: datetime | None = None
    zone: tzinfo | None = None

    @property
    def first_seen_at(self) -> datetime | None:
        return min(
            (*(each.decided_at for each in self.decisions), *filter(None, [self.read_at])), default=None
        )


def read_past(engine: Engine, ref: EntityRef) -> Past:
    """Read everything known of one card; its tuples are empty if nothing was ever recorded."""
    with reading(engine) as conn:
        table = violation_table
        order = (table.c.opened_at, table.c.position)
        violations = conn.execute(select(table).where(among(table, [ref])).order_by(*order))
        read = select(*snapshot_table.c["read_at", "body"]).where(among(snapshot_table, [ref]))
        read_at, body = conn.execute(read).one_or_none() or (None, None)
        look_at = select(visit_table.c.due_at).where(among(visit_table, [ref]))
        waiting = conn.execute(select(inbox).where(among(inbox, [ref]))).one_or_none()
        return Past(
            ref,
            _decisions(conn, ref),
            tuple(_violation(row) for row in violations),
            read_at,
            _waiting(waiting) if waiting else None,
            conn.execute(look_at).scalar_one_or_none(),
            _zone(body),
        )


def read_decision(engine: Engine, beginning: str) -> PastDecision | None:
    """Read the only decision whose id begins so, with what judging it again needs; None otherwise."""
    query = (
        select(decision_table, policy_table.c.body)
        .outerjoin(policy_table, policy_table.c.revision == decision_table.c.policy_revision)
        .where(decision_table.c.id >= beginning, decision_table.c.id < beginning + AFTER_ANY_DIGIT)
        .limit(2)
    )
    with reading(engine) as conn:
        rows = conn.execute(query).all()
    if len(rows) != 1 or len(beginning) < SHORTEST_ID:
        return None
    return _decision(rows[0], (), rows[0].snapshot, rows[0].body)


def _decisions(conn: Connection, ref: EntityRef) -> tuple[PastDecision, ...]:
    table = decision_table
    columns = [each for each in table.c if each is not table.c.snapshot]
    mine = among(table, [ref])
    rows = conn.execute(select(*columns).where(mine).order_by(table.c.decided_at)).all()
    acts = select(action_table).join(table).where(mine)
    actions: dict[str, list[PastAction]] = {}
    for row in conn.execute(acts):
        action = PastAction(row.name, row.body, row.result, row.applied_at)
        actions.setdefault(row.decision_id, []).append(action)
    return tuple(_decision(row, tuple(actions.get(row.id, ()))) for row in rows)


def _decision(
    row: Row[Any],
    actions: tuple[PastAction, ...],
    snapshot: bytes | None = None,
    policy: bytes | None = None,
) -> PastDecision:
    return PastDecision(
        id=row.id,
        ref=ref_of(row),
        decided_at=row.decided_at,
        policy_revision=row.policy_revision,
        version=row.version,
        status=row.status,
        violations=tuple(Violation(each["rule"], each["facts"]) for each in row.violations),
        not_judged=decode(row.not_judged, tuple[NotJudged, ...]),
        responsible_id=row.responsible_id,
        mover_id=row.mover_id,
        masked=bool(row.masked),
        actions=actions,
        exempted=tuple(_exempted(each) for each in row.exempted or ()),
        let_stand=row.let_stand,
        snapshot=snapshot,
        policy=policy,
    )


def _exempted(stored: Mapping[str, Any]) -> PastExempted:
    return PastExempted(stored["rule"], stored["facts"], parse_exemption(stored["exemption"]))


def _violation(row: Row[Any]) -> PastViolation:
    same = ("rule", "mode", "facts", "opened_at", "opened_by", "responsible_id", "mover_id", "due_at")
    closing = ("closed_at", "closed_by", "closed_why", "closed_responsible_id")
    return PastViolation(
        **{name: getattr(row, name) for name in (*same, *closing)},
        fine=row.fine or 0,
        currency=row.currency or "",
    )


def _zone(body: bytes | None) -> tzinfo | None:
    try:
        shown = peek(body) if body else {}
    except Undecodable:
        return None
    created_at = shown.get("created_at")
    return datetime.fromisoformat(created_at).tzinfo if isinstance(created_at, str) else None


def _waiting(row: Row[Any]) -> Waiting:
    leased = row.lease_until is not None
    return Waiting(row.not_before, leased, row.attempts, row.last_error)
