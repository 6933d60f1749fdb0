"""The tables' history, walked by `gatekeeper.store.database.migrate`; no alembic.ini is needed.

A new step is a file in versions/ that names the one before it. A test compares where the steps lead with
what the modules below declare, on both databases.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from gatekeeper.store.database import metadata

# Each declares its tables on the shared metadata when imported.
TABLE_OWNERS = (
    "gatekeeper.store.inbox",
    "gatekeeper.store.heartbeat",
    "gatekeeper.store.limiter",
    "gatekeeper.store.contacts",
    "gatekeeper.store.breaker",
    "gatekeeper.store.outbox",
    "gatekeeper.store.troubles",
    "gatekeeper.store.journal",
    "gatekeeper.worker.tell.digest",
    "gatekeeper.store.journal.waived",
    "gatekeeper.store.exemptions",
    "gatekeeper.store.ledger",
    "gatekeeper.store.visits",
    "gatekeeper.store.pointers",
    "gatekeeper.store.jobs",
    "gatekeeper.store.tally",
    "gatekeeper.store.upkeep.erasure",
)


def declared_tables() -> MetaData:
    """The metadata, with every table owner's tables on it."""
    for module in TABLE_OWNERS:
        import_module(module)
    return metadata


def known_revisions() -> frozenset[str]:
    """Every step of this release."""
    from alembic.script import ScriptDirectory

    steps = ScriptDirectory(str(Path(__file__).parent)).walk_revisions()
    return frozenset(each.revision for each in steps)
