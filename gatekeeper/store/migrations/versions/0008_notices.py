"""The breaker, what people are to be told, and the digests that were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "breaker",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("tripped_at", UTC),
        sa.Column("alarmed_at", UTC),
        sa.PrimaryKeyConstraint("id", name="breaker_pkey"),
    )
    op.create_table(
        "breaker_count",
        sa.Column("deal_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("moved_at", UTC, nullable=False),
        sa.Column("decided_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "moved_at", name="breaker_count_pkey"),
    )
    op.create_index("breaker_count_decided_at_idx", "breaker_count", ["decided_at"])
    op.create_table(
        "notice",
        sa.Column("tag", sa.String(64), nullable=False),
        sa.Column("recipient_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("occasion", sa.String(16), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("wanted_at", UTC, nullable=False),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("not_before", UTC),
        sa.Column("lease_until", UTC),
        sa.Column("sent_at", UTC),
        sa.PrimaryKeyConstraint("tag", "recipient_id", name="notice_pkey"),
    )
    op.create_index("notice_not_before_idx", "notice", ["not_before"])
    op.create_table(
        "digest",
        sa.Column("recipient_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("sent_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("recipient_id", "day", name="digest_pkey"),
    )


def downgrade() -> None:
    op.drop_table("digest")
    op.drop_table("notice")
    op.drop_table("breaker_count")
    op.drop_table("breaker")
