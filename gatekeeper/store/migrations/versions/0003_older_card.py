"""A violation held against an older card says which, so that the older one's change frees the newer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("violation") as table:
        table.add_column(sa.Column("older_id", sa.BigInteger))
    op.create_index("violation_rule_older_id_idx", "violation", ["rule", "older_id"])


def downgrade() -> None:
    op.drop_index("violation_rule_older_id_idx", "violation")
    with op.batch_alter_table("violation") as table:
        table.drop_column("older_id")
