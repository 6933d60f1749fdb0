"""What a card was told beforehand, when each card is to be looked at next, and how far the sweep has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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
        sa.Column("heard_at", UTC),
        sa.Column("changed_at", UTC),
        sa.Column("due_at", UTC),
        sa.Column("found_at", UTC),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="look_pkey"),
    )
    op.create_index("look_due_at_idx", "look", ["due_at"])
    op.create_index("look_found_at_idx", "look", ["found_at"])
    _create_sweep()


def _create_sweep() -> None:
    op.create_table(
        "round",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("next_at", UTC, nullable=False),
        sa.Column("finished_at", UTC),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", UTC),
        sa.PrimaryKeyConstraint("name", name="round_pkey"),
    )
    op.create_table(
        "ledger",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("heard", sa.Integer, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("recovered", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", name="ledger_pkey"),
    )
    op.create_table(
        "pointer",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("card_kind", sa.String(16), nullable=False),
        sa.Column("card_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("seen_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("kind", "entity_id", "card_kind", "card_id", name="pointer_pkey"),
    )
    op.create_index("pointer_seen_at_idx", "pointer", ["seen_at"])


def downgrade() -> None:
    for table in ("pointer", "ledger", "round", "look"):
        op.drop_table(table)
    op.drop_column("card", "announced")
