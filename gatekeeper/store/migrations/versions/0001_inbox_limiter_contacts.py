"""The inbox, the heartbeat, the limiter and the index of contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("mark", sa.Uuid, nullable=False),
        sa.Column("first_marked", UTC, nullable=False),
        sa.Column("not_before", UTC, nullable=False),
        sa.Column("settle_by", UTC),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_id", sa.Uuid),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", UTC),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="inbox_pkey"),
    )
    op.create_index("inbox_priority_not_before_idx", "inbox", ["priority", "not_before"])
    op.create_table(
        "heartbeat",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="heartbeat_pkey"),
    )
    _create_limiter()
    _create_contacts()


def _create_limiter() -> None:
    op.create_table(
        "limiter_bucket",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("level", sa.Float, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="limiter_bucket_pkey"),
    )
    op.create_table(
        "limiter_block",
        sa.Column("method", sa.String(200), nullable=False),
        sa.Column("until", UTC, nullable=False),
        sa.PrimaryKeyConstraint("method", name="limiter_block_pkey"),
    )


def _create_contacts() -> None:
    op.create_table(
        "contact_index",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("second_name", sa.Text, nullable=False),
        sa.Column("birthdate", sa.Date),
        sa.Column("updated_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="contact_index_pkey"),
    )
    op.create_table(
        "contact_key",
        sa.Column("contact_id", sa.BigInteger, nullable=False),
        sa.Column("field", sa.String(16), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "field", "value", name="contact_key_pkey"),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact_index.id"],
            name="contact_key_contact_id_fkey",
            ondelete="CASCADE",
        ),
    )
    op.create_index("contact_key_field_value_idx", "contact_key", ["field", "value"])
    op.create_table(
        "contact_fill",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Text, nullable=False),
        sa.Column("cursor", sa.BigInteger, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("started_at", UTC, nullable=False),
        sa.Column("finished_at", UTC),
        sa.PrimaryKeyConstraint("id", name="contact_fill_pkey"),
    )


def downgrade() -> None:
    for table in (
        "contact_fill",
        "contact_key",
        "contact_index",
        "limiter_block",
        "limiter_bucket",
        "heartbeat",
        "inbox",
    ):
        op.drop_table(table)
