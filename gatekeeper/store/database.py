"""One database for the inbox, the journal and the index: SQLite by default, PostgreSQL by URL.

SQLite is opened for several processes on one machine: WAL, so that readers and the writer do not block each
other; synchronous=FULL, since an event answered with 200 must survive a power cut; BEGIN IMMEDIATE for what
may write, since a transaction that reads first and writes later would otherwise fail at once when another
wrote in between, whatever the timeout. What only reads says so (`reading`) and takes no lock. The file must
lie on a local disk: WAL needs shared memory between its users.

Make the engine after a fork, one a process: connections do not survive being shared.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Engine,
    MetaData,
    Table,
    TypeDecorator,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError

from gatekeeper.model.errors import DatabaseUnavailable, UnreleasedSchema

if TYPE_CHECKING:
    from alembic.config import Config

# Named constraints can be dropped by a later migration on both databases.
metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

STEPS = Path(__file__).with_name("migrations")
UNRELEASED = frozenset(f"{number:04}" for number in range(1, 12))
"""Steps that no release contains; nothing leads from them to the tables of today."""


READ_ONLY = "gatekeeper_read_only"
"""The execution option of connections that `reading` opens."""

_SURROGATE = re.compile("[\ud800-\udfff]")  # a driver could not encode it
_ASK_AGAIN_S = 0.001
_MIGRATION_LOCK = 0x6761746B  # any number, so long as nobody else on the server uses it


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out. SQLite keeps no offset, and PostgreSQL answers in the session's zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if not isinstance(value, datetime):
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def open_engine(url: str, *, busy_timeout_s: float = 30) -> Engine:
    """Open the database and prove that it can be written to; DatabaseUnavailable if not.

    >>> open_engine("sqlite://")
    Traceback (most recent call last):
    gatekeeper.model.errors.DatabaseUnavailable: sqlite:// keeps nothing: name a file, as in sqlite:////var/lib/gatekeeper.db
    """
    parsed = _parse_url(url)
    engine = _sqlite_engine(parsed, busy_timeout_s) if _is_sqlite(parsed) else _postgresql_engine(parsed)
    try:
        with engine.begin():
            pass
    except DBAPIError as error:
        engine.dispose()
        facts = {"database": masked(parsed), "why": _without_password(str(error.orig), parsed)}
        raise DatabaseUnavailable("no_database", "{database}: {why}".format_map(facts), **facts) from None
    return engine


def reading(engine: Engine) -> Connection:
    """Open a connection that can only read, for use in a `with`.

    On SQLite it takes no write lock, so that no reader ever makes the portal's events wait. Both databases
    refuse to write on it.
    """
    return engine.execution_options(**{READ_ONLY: True}, postgresql_readonly=True).connect()


def masked(url: URL) -> str:
    """Write the URL as it may be shown: no password, and no query either, where one may stand too."""
    return url.set(query={}).render_as_string(hide_password=True)


class Schema(Enum):
    """How a database's tables compare with this version's.

    UNRELEASED were made during development, and no step leads from them to those of a release.
    """

    EMPTY = "empty"
    UNRELEASED = "unreleased"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def schema_of(engine: Engine, steps: Path = STEPS) -> Schema:
    """Compare the step that the tables are at with the steps that this version knows; change nothing."""
    from alembic.script import ScriptDirectory

    with engine.begin() as conn:
        revision = _revision(conn)
    if revision is None:
        return Schema.EMPTY
    if revision in UNRELEASED:
        return Schema.UNRELEASED
    if revision == ScriptDirectory(str(steps)).get_current_head():
        return Schema.CURRENT
    return Schema.OLDER if revision in known_revisions(steps) else Schema.NEWER


def known_revisions(steps: Path = STEPS) -> frozenset[str]:
    """List every step of this release."""
    from alembic.script import ScriptDirectory

    return frozenset(step.revision for step in ScriptDirectory(str(steps)).walk_revisions())


def migrate(engine: Engine, steps: Path = STEPS) -> None:
    """Bring the tables up to date. Of processes that start at once, the first does it and the others wait."""
    from alembic import command

    config = alembic_config(steps)
    with engine.begin() as conn:  # on SQLite this alone is the lock
        if conn.dialect.name == "postgresql":
            conn.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        _refuse_unreleased(conn)
        config.attributes["connection"] = conn
        command.upgrade(config, "head")


def alembic_config(steps: Path = STEPS) -> Config:
    """Configure Alembic without an ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))  # % begins an interpolation
    return config


def _refuse_unreleased(conn: Connection) -> None:
    if (revision := _revision(conn)) in UNRELEASED:
        raise UnreleasedSchema(masked(conn.engine.url), str(revision))


def _revision(conn: Connection) -> str | None:
    from alembic.migration import MigrationContext

    return MigrationContext.configure(conn).get_current_revision()


def database_now(conn: Connection) -> datetime:
    """Tell aware UTC by the clock that all users share: the server's, or on SQLite the machine's."""
    if conn.dialect.name == "postgresql":
        # Not now(), which stands still at the transaction's start.
        return conn.execute(select(func.clock_timestamp(type_=UtcDateTime))).scalar_one()
    return datetime.now(UTC)


def empty_log(engine: Engine) -> None:
    """Write SQLite's log into its file and cut it: what was erased stands in it until it is written over.

    As far as nobody reads at this moment. PostgreSQL sees to it itself, in its time (autovacuum).
    """
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def insert_into(target: Connection | Engine, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an INSERT with ON CONFLICT, which both databases know and SQLAlchemy's common one does not."""
    return postgresql.insert(table) if target.dialect.name == "postgresql" else sqlite.insert(table)


def _parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        text = "the database URL cannot be read; write sqlite:///file or postgresql://…"
        raise DatabaseUnavailable("database_url", text) from None
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        text = f"{parsed.drivername}: only sqlite and postgresql are supported"
        raise DatabaseUnavailable("database_kind", text, kind=parsed.drivername)
    return parsed


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _json(value: Any) -> str:
    """Cyrillic as it is, a third of its escaped size; escaped only where half a character stands in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() or not _SURROGATE.search(text) else json.dumps(value)


def _without_password(message: str, url: URL) -> str:
    password = str(url.password or url.query.get("password") or "")
    return (message.replace(password, "***") if password else message).strip()


def _postgresql_engine(url: URL) -> Engine:
    try:
        # hide_parameters: what is stored is personal data, and error texts end up in logs.
        return create_engine(
            url,
            pool_pre_ping=True,
            hide_parameters=True,
            json_serializer=_json,
            connect_args={"connect_timeout": url.query.get("connect_timeout", 10)},
        )
    except ModuleNotFoundError:
        text = "PostgreSQL needs its driver: pip install 'gatekeeper[postgres]'"
        raise DatabaseUnavailable("no_driver", text) from None


def _sqlite_engine(url: URL, busy_timeout_s: float) -> Engine:
    if not url.database or url.database == ":memory:":
        text = "sqlite:// keeps nothing: name a file, as in sqlite:////var/lib/gatekeeper.db"
        raise DatabaseUnavailable("database_in_memory", text)
    folder = Path(url.database).resolve().parent
    if not folder.is_dir():
        text = f"{masked(url)}: there is no folder {folder}"
        raise DatabaseUnavailable("no_folder", text, database=masked(url), folder=folder)
    engine = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        json_serializer=_json,
        connect_args={"timeout": busy_timeout_s},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        # secure_delete: what is masked or forgotten must not stay behind in the file's free pages.
        pragmas = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        if conn.get_execution_options().get(READ_ONLY):
            conn.exec_driver_sql("PRAGMA query_only = 1")
            conn.exec_driver_sql("BEGIN DEFERRED")
        else:
            conn.exec_driver_sql("PRAGMA query_only = 0")
            _begin_writing(conn, busy_timeout_s)

    return engine


def _begin_writing(conn: Connection, busy_timeout_s: float) -> None:
    """Wait for the write lock by asking every millisecond. SQLite itself sleeps up to 100 ms between tries.

    Beside a process that writes all the time, an event would then let many of its turns pass.
    """
    deadline = time.monotonic() + busy_timeout_s
    driver = cast("sqlite3.Connection", conn.connection.driver_connection)
    driver.execute("PRAGMA busy_timeout = 0")
    while _is_busy(driver) and time.monotonic() < deadline:
        time.sleep(_ASK_AGAIN_S)
    if not driver.in_transaction:
        conn.exec_driver_sql("BEGIN IMMEDIATE")  # the last try: SQLAlchemy makes its error one of its own
    driver.execute(f"PRAGMA busy_timeout = {int(busy_timeout_s * 1000)}")


def _is_busy(driver: sqlite3.Connection) -> bool:
    """Begin, unless another writes; what else stands in the way is for the caller's own try to tell."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
