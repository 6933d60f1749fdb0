"""Run by Alembic inside the transaction that `gatekeeper.store.database.migrate` holds."""

from __future__ import annotations

from alembic import context

from gatekeeper.store.migrations import declared_tables

# Alembic takes SQLite's DDL for not transactional; with a driver that begins nothing by itself, it is.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=declared_tables(),
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
