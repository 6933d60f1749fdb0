"""The steps that make and change the tables, walked by `gatekeeper.store.database.migrate`.

Until 0.2.0, change `versions/0001_base.py` itself, give it a new revision, and add the old one to
`UNRELEASED` in `store/database.py`, so that a database with other tables is refused. From 0.2.0 on, steps
only add: a change is a new file in versions/ that names the one before it.

A test compares where the steps lead with what the modules of the store declare, on both databases.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import MetaData

from gatekeeper import store
from gatekeeper.store.database import metadata


def declared_tables() -> MetaData:
    """Import every module of the store, and return the metadata on which they declare their tables."""
    for module in walk_packages(store.__path__, f"{store.__name__}."):
        if not module.name.startswith(__name__):
            import_module(module.name)
    return metadata
