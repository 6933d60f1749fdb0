"""Grace: until when a violation does not count, and which respite a card has had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("card", sa.Column("graces", sa.JSON))
    op.add_column("violation", sa.Column("due_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("violation", "due_at")
    op.drop_column("card", "graces")
