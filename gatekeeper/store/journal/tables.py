"""The journal's tables. What was added after the first release may be NULL in rows of before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
)

from gatekeeper.store.database import UtcDateTime, metadata

gate_table = Table(
    "gate",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("watching_since", UtcDateTime, nullable=False),
    # The policy that all remembered cards have been looked through for.
    Column("judged_revision", String(12)),
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
    Column("announced", JSON(none_as_null=True)),
    Column("uncured", JSON(none_as_null=True)),
)

policy_table = Table(
    "policy",
    metadata,
    Column("revision", String(12), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("version", String(32), nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
)

# The latest of each card; `body` is NULL where nothing of it may be kept.
snapshot_table = Table(
    "snapshot",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("entity_id", BigInteger, primary_key=True, autoincrement=False),
    Column("read_at", UtcDateTime, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("body", LargeBinary),
)

decision_table = Table(
    "decision",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False, index=True),
    Column("policy_revision", String(12), nullable=False),
    Column("status", String(16)),
    Column("violations", JSON, nullable=False),
    Column("not_judged", JSON, nullable=False),
    Column("exempted", JSON(none_as_null=True)),
    # The move back that was called for and not tried.
    Column("let_stand", JSON(none_as_null=True)),
    Column("version", String(32)),
    Column("responsible_id", BigInteger),
    Column("mover_id", BigInteger),
    Column("masked", Boolean),
    Column("snapshot", LargeBinary),
    Index(None, "kind", "entity_id", "decided_at"),
)

action_table = Table(
    "action",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("decision_id", String(32), ForeignKey("decision.id"), nullable=False, index=True),
    Column("name", String(32), nullable=False),
    Column("body", JSON, nullable=False),
    # Tells writes of the same content from others; NULL where repeats are bounded otherwise.
    Column("content", String(32)),
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
    # Who had moved the deal, where the violation is about the stage or took the deal back.
    Column("mover_id", BigInteger),
    # As the config said when it opened: a later config does not rewrite the past.
    Column("fine", Integer),
    Column("currency", String(3)),
    Column("opened_by", String(32)),
    Column("closed_by", String(32)),
    Column("closed_why", String(16)),
    Column("closed_responsible_id", BigInteger),
    # When its grace ends, or ended.
    Column("due_at", UtcDateTime),
    Index(None, "kind", "entity_id"),
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


def counts_from() -> ColumnElement[datetime]:
    """Of violations: since when they count, which is their opening, or the end of a grace after it."""
    opened_at, due_at = violation_table.c.opened_at, violation_table.c.due_at
    return case((due_at > opened_at, due_at), else_=opened_at)


def touching(begin: datetime, end: datetime) -> ColumnElement[bool]:
    """Of violations: those that counted at some time from `begin` to just before `end`."""
    closed_at = violation_table.c.closed_at
    return and_(counts_from() < end, or_(closed_at.is_(None), closed_at >= begin), counted(end))
