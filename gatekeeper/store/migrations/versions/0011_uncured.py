"""What went off a card uncured, so that it is not told and fined anew; and why a deal was not moved back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("card", sa.Column("uncured", sa.JSON))
    op.add_column("decision", sa.Column("let_stand", sa.JSON))


def downgrade() -> None:
    op.drop_column("decision", "let_stand")
    op.drop_column("card", "uncured")
