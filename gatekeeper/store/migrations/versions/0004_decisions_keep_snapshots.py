"""Decisions keep what they were made on; violations keep who, why closed, and the fine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)

ADDED = {
    "gate": (("judged_revision", sa.String(12)),),
    "decision": (
        ("version", sa.String(32)),
        ("responsible_id", sa.BigInteger),
        ("mover_id", sa.BigInteger),
        ("masked", sa.Boolean),
        ("snapshot", sa.LargeBinary),
    ),
    "violation": (
        ("mover_id", sa.BigInteger),
        ("fine", sa.Integer),
        ("currency", sa.String(3)),
        ("opened_by", sa.String(32)),
        ("closed_by", sa.String(32)),
        ("closed_why", sa.String(16)),
        ("closed_responsible_id", sa.BigInteger),
    ),
}


def upgrade() -> None:
    op.create_table(
        "policy",
        sa.Column("revision", sa.String(12), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("first_used_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("revision", name="policy_pkey"),
    )
    op.create_table(
        "snapshot",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("read_at", UTC, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="snapshot_pkey"),
    )
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind))


def downgrade() -> None:
    for table, columns in ADDED.items():
        for name, _ in columns:
            op.drop_column(table, name)
    op.drop_table("snapshot")
    op.drop_table("policy")
