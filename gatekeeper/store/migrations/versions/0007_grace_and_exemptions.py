"""Grace: until when a violation does not count. Exemptions: who let what be, and what they cover."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("card", sa.Column("graces", sa.JSON))
    op.add_column("violation", sa.Column("due_at", UTC))
    op.add_column("decision", sa.Column("exempted", sa.JSON))
    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16)),
        sa.Column("entity_id", sa.BigInteger),
        sa.Column("rule", sa.String(64)),
        sa.Column("part", sa.String(64)),
        sa.Column("pipeline", sa.Integer),
        sa.Column("source", sa.String(64)),
        sa.Column("user_id", sa.Integer),
        sa.Column("until", sa.Date),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("granted_at", UTC, nullable=False),
        sa.Column("removed_at", UTC),
        sa.Column("removed_by", sa.String(128)),
        sa.PrimaryKeyConstraint("id", name="exemption_pkey"),
    )
    _create_exempted()


def _create_exempted() -> None:
    keys = ("kind", "entity_id", "rule", "exemption_id")
    op.create_table(
        "exempted",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("exemption_id", sa.String(128), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("exemption", sa.JSON, nullable=False),
        sa.Column("ends_at", UTC),
        sa.Column("since", UTC, nullable=False),
        sa.PrimaryKeyConstraint(*keys, name="exempted_pkey"),
    )
    op.create_index("exempted_exemption_id_idx", "exempted", ["exemption_id"])


def downgrade() -> None:
    op.drop_table("exempted")
    op.drop_table("exemption")
    op.drop_column("decision", "exempted")
    op.drop_column("violation", "due_at")
    op.drop_column("card", "graces")
