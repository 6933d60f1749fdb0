"""The journal: decisions, actions, violations, and what is remembered of a card."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "gate",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("watching_since", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="gate_pkey"),
    )
    op.create_table(
        "card",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("admitted_stage_id", sa.String(64)),
        sa.Column("cured", sa.JSON, nullable=False),
        sa.Column("reverts", sa.JSON, nullable=False),
        sa.Column("closing_judged", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="card_pkey"),
    )
    _create_decisions()
    _create_violations()


def _create_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, nullable=False),
        sa.Column("decided_at", UTC, nullable=False),
        sa.Column("policy_revision", sa.String(12), nullable=False),
        sa.Column("status", sa.String(16)),
        sa.Column("violations", sa.JSON, nullable=False),
        sa.Column("not_judged", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="decision_pkey"),
    )
    op.create_index("decision_kind_entity_id_decided_at_idx", "decision", ["kind", "entity_id", "decided_at"])
    op.create_table(
        "action",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("result", sa.String(255)),
        sa.Column("applied_at", UTC),
        sa.PrimaryKeyConstraint("id", name="action_pkey"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="action_decision_id_fkey"),
    )
    op.create_index("action_decision_id_idx", "action", ["decision_id"])


def _create_violations() -> None:
    op.create_table(
        "violation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("responsible_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("opened_at", UTC, nullable=False),
        sa.Column("closed_at", UTC),
        sa.PrimaryKeyConstraint("id", name="violation_pkey"),
    )
    op.create_index(
        "violation_open_key",
        "violation",
        ["kind", "entity_id", "rule"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("violation", "action", "decision", "card", "gate"):
        op.drop_table(table)
