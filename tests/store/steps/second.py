"""A step as a later release may add one: a column, a table, an index, and stored values that change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "second"
down_revision = "glances_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tally") as table:
        table.add_column(sa.Column("note", sa.Text))
    op.create_table(
        "later",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="later_pkey"),
    )
    op.create_index("later_seen_at_idx", "later", ["seen_at"])
    op.execute("UPDATE ledger SET heard = heard + 100")


def downgrade() -> None:
    op.execute("UPDATE ledger SET heard = heard - 100")
    op.drop_table("later")
    with op.batch_alter_table("tally") as table:
        table.drop_column("note")
