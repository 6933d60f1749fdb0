"""The tables' history, walked by `gatekeeper.database.migrate`; no alembic.ini is needed.

A new step is a file in versions/ that names the one before it. A test compares where the steps lead with
what the modules below declare, on both databases.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from gatekeeper.database import metadata

# Each declares its tables on the shared metadata when imported.
TABLE_OWNERS = (
    "gatekeeper.inbox",
    "gatekeeper.heartbeat",
    "gatekeeper.portal.limiter",
    "gatekeeper.contacts",
    "gatekeeper.breaker",
    "gatekeeper.notices",
    "gatekeeper.troubles",
    "gatekeeper.journal",
    "gatekeeper.digest",
    "gatekeeper.exempted",
    "gatekeeper.exemptions",
    "gatekeeper.ledger",
    "gatekeeper.looks",
    "gatekeeper.pointers",
    "gatekeeper.rounds",
    "gatekeeper.metrics.tally",
    "gatekeeper.erasure",
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
