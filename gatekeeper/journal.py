"""What was decided, when and why; and what enforcement must remember of a card.

`decision` and `action` are append-only but for an action's result. `violation` has one row from opening to
closing, and the database itself forbids a second open one of a rule on a card. A pass that changed nothing
leaves no trace here: the journal tells a story, and "nothing new" is not part of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from gatekeeper.database import UtcDateTime, insert_into, metadata
from gatekeeper.enforcement import Action, Plan
from gatekeeper.exempted import exempted_table, keep_exempted, load_exempted
from gatekeeper.exemption import Exempted, exemption_as_json
from gatekeeper.grace import due_times
from gatekeeper.history import Grace, History, Revert
from gatekeeper.model import EntityRef, Kind
from gatekeeper.policy import Policy
from gatekeeper.rules.base import Violation
from gatekeeper.verdict import Verdict

gate_table = Table(
    "gate",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("watching_since", UtcDateTime, nullable=False),
)

card_table = Table(
    "card",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("entity_id", BigInteger, primary_key=True, autoincrement=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("admitted_stage_id", String(64)),
    Column("cured", JSON, nullable=False),
    Column("reverts", JSON, nullable=False),
    Column("closing_judged", Boolean, nullable=False),
    Column("graces", JSON(none_as_null=True)),
)

decision_table = Table(
    "decision",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("policy_revision", String(12), nullable=False),
    Column("status", String(16)),
    Column("violations", JSON, nullable=False),
    Column("not_judged", JSON, nullable=False),
    Column("exempted", JSON(none_as_null=True)),
    Index(None, "kind", "entity_id", "decided_at"),
)

action_table = Table(
    "action",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("decision_id", String(32), ForeignKey("decision.id"), nullable=False, index=True),
    Column("name", String(32), nullable=False),
    Column("body", JSON, nullable=False),
    Column("result", String(255)),
    Column("applied_at", UtcDateTime),
)

violation_table = Table(
    "violation",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("responsible_id", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    # The card that this one doubles, of the same kind; NULL where the violation is nobody else's business.
    Column("older_id", BigInteger),
    Column("due_at", UtcDateTime),
    Index(None, "rule", "older_id"),
)
# One open violation of a rule on a card, whatever two workers believe.
STILL_OPEN = violation_table.c.closed_at.is_(None)
Index(
    "violation_open_key",
    violation_table.c.kind,
    violation_table.c.entity_id,
    violation_table.c.rule,
    unique=True,
    sqlite_where=STILL_OPEN,
    postgresql_where=STILL_OPEN,
)


def counted(now: datetime) -> ColumnElement[bool]:
    """Of violations: those that outlived their grace; one cured in time, or still in grace, is none."""
    due_at = violation_table.c.due_at
    until = func.coalesce(violation_table.c.closed_at, literal(now, UtcDateTime))
    return or_(due_at.is_(None), due_at <= until)


@dataclass(frozen=True, slots=True)
class Decision:
    """One pass over one card that changed something. `id` is carried by its actions."""

    id: str
    verdict: Verdict
    planned: Plan
    responsible_id: int
    decided_at: datetime

    @classmethod
    def of(cls, verdict: Verdict, planned: Plan, responsible_id: int, now: datetime) -> Decision:
        return cls(uuid.uuid4().hex, verdict, planned, responsible_id, now)


class Journal:
    """Reads and writes the tables above; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def watching_since(self) -> datetime | None:
        """When the gate first looked at this portal; None before it ever did."""
        with self._engine.connect() as conn:
            since: datetime | None = conn.execute(select(gate_table.c.watching_since)).scalar_one_or_none()
            return since

    def begin_watching(self, now: datetime) -> datetime:
        """Like `watching_since`; the first call ever sets it to `now`."""
        with self._engine.begin() as conn:
            row = {"id": 1, "watching_since": now.replace(microsecond=0)}  # the portal knows whole seconds
            conn.execute(insert_into(conn, gate_table).values(row).on_conflict_do_nothing())
        return self.watching_since() or now

    def prove_writable(self) -> None:
        """Write something that changes nothing; the database's own error if that fails."""
        with self._engine.begin() as conn:
            conn.execute(update(gate_table).values(watching_since=gate_table.c.watching_since))

    def load(self, refs: Iterable[EntityRef]) -> dict[EntityRef, History]:
        """What is remembered of these cards; a card never seen has an empty History."""
        wanted = list(refs)
        with self._engine.connect() as conn:
            rows = conn.execute(select(card_table).where(_among(card_table, wanted))).mappings().all()
            standing = conn.execute(
                select(violation_table)
                .where(_among(violation_table, wanted), STILL_OPEN)
                .order_by(violation_table.c.position)
            ).mappings()
            open_of: dict[EntityRef, list[Violation]] = {}
            for row in standing:
                open_of.setdefault(_ref(row), []).append(Violation(row["rule"], row["facts"]))
            exempted = load_exempted(conn, _among(exempted_table, wanted))
        known = {
            _ref(row): _history(row, tuple(open_of.get(_ref(row), ())), exempted.get(_ref(row), ()))
            for row in rows
        }
        return {ref: known.get(ref, History()) for ref in wanted}

    def record(self, decisions: Sequence[Decision], policy: Policy) -> None:
        """Store the decisions before anything of them is applied."""
        with self._engine.begin() as conn:
            for decision in decisions:
                conn.execute(insert(decision_table).values(_decision_row(decision)))
                for action in decision.planned.actions:
                    conn.execute(insert(action_table).values(_action_row(decision.id, action)))
                self._remember(conn, decision, policy)

    def record_results(self, results: Mapping[tuple[str, str], str], now: datetime) -> None:
        """`results`: (decision id, action's name) -> what came of it."""
        with self._engine.begin() as conn:
            for (decision_id, name), result in results.items():
                table = action_table
                conn.execute(
                    update(table)
                    .where(table.c.decision_id == decision_id, table.c.name == name)
                    .values(result=result[:255], applied_at=now)
                )

    def _remember(self, conn: Connection, decision: Decision, policy: Policy) -> None:
        ref, history = decision.verdict.ref, decision.planned.history
        row = _card_row(ref, history)
        keys = ("kind", "entity_id")
        changed = {name: value for name, value in row.items() if name not in keys}
        conn.execute(
            insert_into(conn, card_table)
            .values(row)
            .on_conflict_do_update(index_elements=list(keys), set_=changed)
        )
        self._open_and_close(conn, decision, policy)
        keep_exempted(conn, ref, history.exempted, decision.decided_at)

    def _open_and_close(self, conn: Connection, decision: Decision, policy: Policy) -> None:
        table, ref = violation_table, decision.verdict.ref
        here = and_(table.c.kind == ref.kind, table.c.entity_id == ref.id, STILL_OPEN)
        standing = conn.execute(select(table.c.rule, table.c.facts, table.c.position).where(here))
        before = {row.rule: (row.facts, row.position) for row in standing}
        now = {violation.rule: violation for violation in decision.planned.history.open}
        gone = [rule for rule in before if rule not in now]
        if gone:
            closed = update(table).where(here, table.c.rule.in_(gone))
            conn.execute(closed.values(closed_at=decision.decided_at))
        for position, violation in enumerate(now.values()):
            if violation.rule not in before:
                values = _violation_row(decision, violation, position, policy)
                conn.execute(insert(table).values(values))
            elif before[violation.rule] != (violation.facts, position):
                values = {
                    "facts": dict(violation.facts),
                    "position": position,
                    "older_id": violation.facts.get("older"),
                }
                conn.execute(update(table).where(here, table.c.rule == violation.rule).values(values))


def _among(table: Table, refs: Sequence[EntityRef]) -> Any:
    kinds = {ref.kind for ref in refs}
    each_kind = (
        and_(table.c.kind == kind, table.c.entity_id.in_([ref.id for ref in refs if ref.kind is kind]))
        for kind in kinds
    )
    return or_(False, *each_kind)  # False is SQLAlchemy's way to begin an OR that may be empty


def _ref(row: Mapping[Any, Any]) -> EntityRef:
    return EntityRef(Kind(row["kind"]), row["entity_id"])


def _history(
    row: Mapping[Any, Any], standing: tuple[Violation, ...], exempted: tuple[Exempted, ...]
) -> History:
    return History(
        created_at=row["created_at"],
        admitted_stage_id=row["admitted_stage_id"],
        open=standing,
        cured=tuple(row["cured"]),
        reverts=tuple(_revert(each) for each in row["reverts"]),
        closing_judged=row["closing_judged"],
        graces=tuple(_grace(each) for each in row["graces"] or ()),
        exempted=exempted,
    )


def _revert(stored: dict[str, Any]) -> Revert:
    times = {name: datetime.fromisoformat(stored[name]) for name in ("moved_at", "decided_at")}
    return Revert(**{**stored, **times, "rules": tuple(stored["rules"])})


def _grace(stored: dict[str, Any]) -> Grace:
    names = ("began_at", "due_at", "cured_at")
    times = {name: datetime.fromisoformat(stored[name]) for name in names if stored[name]}
    return Grace(**{**stored, **times})


def _card_row(ref: EntityRef, history: History) -> dict[str, Any]:
    if history.created_at is None:
        raise ValueError(f"{ref}: a history without the card's creation cannot be kept")
    return {
        "kind": ref.kind,
        "entity_id": ref.id,
        "created_at": history.created_at,
        "admitted_stage_id": history.admitted_stage_id,
        "cured": list(history.cured),
        "reverts": [_as_json(each) for each in history.reverts],
        "closing_judged": history.closing_judged,
        "graces": [_as_json(each) for each in history.graces],
    }


def _decision_row(decision: Decision) -> dict[str, Any]:
    verdict = decision.verdict
    return {
        "id": decision.id,
        "kind": verdict.ref.kind,
        "entity_id": verdict.ref.id,
        "decided_at": decision.decided_at,
        "policy_revision": verdict.policy_revision,
        "status": verdict.status,
        "violations": [{"rule": each.rule, "facts": dict(each.facts)} for each in verdict.violations],
        "not_judged": [asdict(each) for each in verdict.not_judged],
        "exempted": [_exempted_row(each) for each in verdict.exempted],
    }


def _exempted_row(exempted: Exempted) -> dict[str, Any]:
    """Whole, so that the decision can be judged again when the exemption has ended."""
    exemption = exemption_as_json(exempted.exemption)
    return {"rule": exempted.rule, "facts": dict(exempted.facts), "exemption": exemption}


def _action_row(decision_id: str, action: Action) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "decision_id": decision_id,
        "name": type(action).__name__,
        "body": _as_json(action),
    }


def _violation_row(decision: Decision, violation: Violation, position: int, policy: Policy) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "kind": decision.verdict.ref.kind,
        "entity_id": decision.verdict.ref.id,
        "rule": violation.rule,
        "mode": decision.verdict.modes.get(violation.rule, policy.rules[violation.rule].mode),
        "facts": dict(violation.facts),
        "responsible_id": decision.responsible_id,
        "position": position,
        "opened_at": decision.decided_at,
        "older_id": violation.facts.get("older"),
        "due_at": due_times(decision.planned.history).get(violation.rule),
    }


def _as_json(value: Action | Revert | Grace) -> dict[str, Any]:
    """A frozen value as JSON: times in UTC, a reference as deal:41."""
    plain: dict[str, Any] = {}
    for each in fields(value):
        item = getattr(value, each.name)
        if isinstance(item, datetime):
            item = item.astimezone(UTC).isoformat()
        elif isinstance(item, EntityRef):
            item = str(item)
        elif isinstance(item, tuple):
            item = list(item)
        plain[each.name] = item
    return plain
