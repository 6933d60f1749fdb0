"""Every table of 0.1."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "base_1"
down_revision = None
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_inbox()
    _create_portal()
    _create_cards()
    _create_decisions()
    _create_violations()
    _create_notices()
    _create_contacts()


def _create_inbox() -> None:
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
    due = ["lease_until", "priority", "not_before"]
    op.create_index("inbox_lease_until_priority_not_before_idx", "inbox", due)
    op.create_table(
        "probe",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="probe_pkey"),
    )
    op.create_table(
        "note_key",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("secret", sa.String(64)),
        sa.Column("born_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="note_key_pkey"),
    )
    op.create_table(
        "heartbeat",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("portal_ahead_s", sa.Float),
        sa.PrimaryKeyConstraint("owner", name="heartbeat_pkey"),
    )
    op.create_table(
        "visit",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("looked_at", UTC),
        sa.Column("heard_at", UTC),
        sa.Column("changed_at", UTC),
        sa.Column("due_at", UTC),
        sa.Column("found_at", UTC),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="visit_pkey"),
    )
    op.create_index("visit_due_at_idx", "visit", ["due_at"])
    found = sa.text("found_at IS NOT NULL")
    op.create_index("visit_found_at_idx", "visit", ["found_at"], sqlite_where=found, postgresql_where=found)
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
    op.create_table(
        "job",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("next_at", UTC, nullable=False),
        sa.Column("finished_at", UTC),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", UTC),
        sa.PrimaryKeyConstraint("name", name="job_pkey"),
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
        "tally",
        sa.Column("metric", sa.String(80), nullable=False),
        sa.Column("labels", sa.String(255), nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("metric", "labels", name="tally_pkey"),
    )


def _create_portal() -> None:
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
    op.create_table(
        "trouble",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("detail", sa.String(80), nullable=False),
        sa.Column("since", UTC, nullable=False),
        sa.Column("seen_at", UTC, nullable=False),
        sa.Column("ended_at", UTC),
        sa.Column("told_at", UTC),
        sa.PrimaryKeyConstraint("kind", "subject", name="trouble_pkey"),
    )
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


def _create_cards() -> None:
    op.create_table(
        "gate",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("watching_since", UTC, nullable=False),
        sa.Column("judged_revision", sa.String(12)),
        sa.PrimaryKeyConstraint("id", name="gate_pkey"),
    )
    op.create_table(
        "card",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("admitted_stage_id", sa.String(64)),
        sa.Column("cured", sa.JSON, nullable=False),
        sa.Column("reverts", sa.JSON, nullable=False),
        sa.Column("closing_judged", sa.Boolean, nullable=False),
        sa.Column("graces", sa.JSON),
        sa.Column("announced", sa.JSON),
        sa.Column("uncured", sa.JSON),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="card_pkey"),
    )
    op.create_table(
        "policy",
        sa.Column("revision", sa.String(12), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("first_used_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("revision", name="policy_pkey"),
    )
    op.create_table(
        "snapshot",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("read_at", UTC, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="snapshot_pkey"),
    )


def _create_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, nullable=False),
        sa.Column("decided_at", UTC, nullable=False),
        sa.Column("policy_revision", sa.String(12), nullable=False),
        sa.Column("status", sa.String(16)),
        sa.Column("violations", sa.JSON, nullable=False),
        sa.Column("not_judged", sa.JSON, nullable=False),
        sa.Column("exempted", sa.JSON),
        sa.Column("let_stand", sa.JSON),
        sa.Column("version", sa.String(32)),
        sa.Column("responsible_id", sa.BigInteger),
        sa.Column("mover_id", sa.BigInteger),
        sa.Column("masked", sa.Boolean),
        sa.Column("snapshot", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="decision_pkey"),
    )
    op.create_index("decision_decided_at_idx", "decision", ["decided_at"])
    op.create_index("decision_kind_entity_id_decided_at_idx", "decision", ["kind", "entity_id", "decided_at"])
    op.create_table(
        "action",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("content", sa.String(32)),
        sa.Column("result", sa.String(255)),
        sa.Column("applied_at", UTC),
        sa.PrimaryKeyConstraint("id", name="action_pkey"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="action_decision_id_fkey"),
    )
    op.create_index("action_decision_id_idx", "action", ["decision_id"])


def _create_violations() -> None:
    op.create_table(
        "violation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("responsible_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("opened_at", UTC, nullable=False),
        sa.Column("closed_at", UTC),
        sa.Column("older_id", sa.BigInteger),
        sa.Column("mover_id", sa.BigInteger),
        sa.Column("fine", sa.Integer),
        sa.Column("currency", sa.String(3)),
        sa.Column("opened_by", sa.String(32)),
        sa.Column("closed_by", sa.String(32)),
        sa.Column("closed_why", sa.String(16)),
        sa.Column("closed_responsible_id", sa.BigInteger),
        sa.Column("due_at", UTC),
        sa.PrimaryKeyConstraint("id", name="violation_pkey"),
    )
    op.create_index(
        "violation_open_key",
        "violation",
        ["kind", "entity_id", "rule"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("violation_kind_entity_id_idx", "violation", ["kind", "entity_id"])
    op.create_index("violation_rule_older_id_idx", "violation", ["rule", "older_id"])
    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16)),
        sa.Column("entity_id", sa.BigInteger),
        sa.Column("rule", sa.String(64)),
        sa.Column("part", sa.String(64)),
        sa.Column("pipeline", sa.Integer),
        sa.Column("source", sa.String(64)),
        sa.Column("user_id", sa.Integer),
        sa.Column("until", sa.Date),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("granted_at", UTC, nullable=False),
        sa.Column("removed_at", UTC),
        sa.Column("removed_by", sa.String(128)),
        sa.PrimaryKeyConstraint("id", name="exemption_pkey"),
    )
    op.create_table(
        "waived",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("exemption_id", sa.String(128), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("exemption", sa.JSON, nullable=False),
        sa.Column("ends_at", UTC),
        sa.Column("since", UTC, nullable=False),
        sa.PrimaryKeyConstraint("kind", "entity_id", "rule", "exemption_id", name="waived_pkey"),
    )
    op.create_index("waived_exemption_id_idx", "waived", ["exemption_id"])
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.BigInteger, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="erasure_pkey"),
    )


def _create_notices() -> None:
    op.create_table(
        "outbox",
        sa.Column("tag", sa.String(64), nullable=False),
        sa.Column("recipient_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("occasion", sa.String(16), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("wanted_at", UTC, nullable=False),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("not_before", UTC),
        sa.Column("lease_until", UTC),
        sa.Column("sent_at", UTC),
        sa.PrimaryKeyConstraint("tag", "recipient_id", name="outbox_pkey"),
    )
    op.create_index("outbox_not_before_idx", "outbox", ["not_before"])
    op.create_table(
        "digest",
        sa.Column("recipient_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("sent_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("recipient_id", "day", name="digest_pkey"),
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
            ["contact_id"], ["contact_index.id"], name="contact_key_contact_id_fkey", ondelete="CASCADE"
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
        "digest",
        "outbox",
        "erasure",
        "waived",
        "exemption",
        "violation",
        "action",
        "decision",
        "snapshot",
        "policy",
        "card",
        "gate",
        "breaker_count",
        "breaker",
        "trouble",
        "limiter_block",
        "limiter_bucket",
        "tally",
        "ledger",
        "job",
        "pointer",
        "visit",
        "heartbeat",
        "note_key",
        "probe",
        "inbox",
    ):
        op.drop_table(table)
