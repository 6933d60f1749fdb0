"""What a glance at a card needs to know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "glances_2"
down_revision = "base_1"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("whole", sa.Boolean, nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("marked_at", UTC))
    op.execute("UPDATE inbox SET marked_at = not_before")
    with op.batch_alter_table("inbox") as table:
        table.alter_column("whole", server_default=None)
        table.alter_column("marked_at", nullable=False)
    with op.batch_alter_table("visit") as table:
        table.add_column(sa.Column("read_at", UTC))
        table.add_column(sa.Column("deadline_at", UTC))
        table.add_column(sa.Column("rhythm", sa.String(8)))
        table.add_column(sa.Column("imprint", sa.Text))
        table.add_column(sa.Column("owed", sa.Text))


def downgrade() -> None:
    with op.batch_alter_table("visit") as table:
        for name in ("owed", "imprint", "rhythm", "deadline_at", "read_at"):
            table.drop_column(name)
    with op.batch_alter_table("inbox") as table:
        table.drop_column("marked_at")
        table.drop_column("whole")
