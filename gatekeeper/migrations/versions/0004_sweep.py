"""What a card was told beforehand, when each card is to be looked at next, and how far the sweep has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0005"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("card", sa.Column("announced", sa.JSON))
    op.create_table(
        "look",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("looked_at", UTC),
        sa.Column("live", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("changed_at", UTC),
        sa.Column("due_at", UTC),
        sa.Column("found_at", UTC),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="look_pkey"),
    )
    op.create_index("look_due_at_idx", "look", ["due_at"])
    op.create_index("look_found_at_idx", "look", ["found_at"])


def downgrade() -> None:
    op.drop_table("look")
    op.drop_column("card", "announced")
