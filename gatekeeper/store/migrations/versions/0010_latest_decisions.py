"""The latest decisions of all cards are found without reading every one: the status page, and retention."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("decision_decided_at_idx", "decision", ["decided_at"])


def downgrade() -> None:
    op.drop_index("decision_decided_at_idx", "decision")
