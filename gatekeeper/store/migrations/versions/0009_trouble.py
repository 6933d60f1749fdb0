"""What keeps the gate from seeing the portal, as all processes know it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "trouble",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("detail", sa.String(80), nullable=False),
        sa.Column("since", UTC, nullable=False),
        sa.Column("seen_at", UTC, nullable=False),
        sa.Column("ended_at", UTC),
        sa.Column("told_at", UTC),
        sa.PrimaryKeyConstraint("kind", "subject", name="trouble_pkey"),
    )


def downgrade() -> None:
    op.drop_table("trouble")
