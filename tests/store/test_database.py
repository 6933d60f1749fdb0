from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from gatekeeper.model.errors import DatabaseUnavailable
from gatekeeper.store.database import (
    UtcDateTime,
    database_now,
    migrate,
    open_engine,
    reading,
)
from gatekeeper.store.migrations import declared_tables


def test_the_migrations_lead_to_the_declared_tables(engine: Engine) -> None:
    with engine.begin() as conn:
        context = MigrationContext.configure(
            conn, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, declared_tables()) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = set(inspect(engine).get_table_names())
    migrate(engine)
    assert set(inspect(engine).get_table_names()) == before
    assert "inbox" in before


def test_who_reads_waits_for_no_writer_and_keeps_no_writer_waiting(engine: Engine) -> None:
    impatient = open_engine(engine.url.render_as_string(hide_password=False), busy_timeout_s=0)
    count = text("SELECT count(*) FROM heartbeat")
    beat = text("INSERT INTO heartbeat (owner, at) VALUES ('w', '2026-11-30 12:00:00')")
    with engine.begin() as writer:
        writer.execute(beat)
        with reading(impatient) as reader:
            assert reader.execute(count).scalar() == 0
            writer.commit()
    with reading(impatient) as reader:
        assert reader.execute(count).scalar() == 1
    impatient.dispose()


def test_nothing_can_be_written_while_reading(engine: Engine) -> None:
    with reading(engine) as conn, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        conn.execute(text("DELETE FROM heartbeat"))
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM heartbeat"))


def test_whoever_only_reads_says_so() -> None:
    """`Engine.connect()` would take SQLite's write lock, as `begin()` does."""
    room = Path(str(files("gatekeeper")))
    connecting = {
        str(file.relative_to(room))
        for file in room.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
        and not node.args
        and "engine" in ast.unparse(node.func)
    }
    assert connecting == {"store/database.py"}


@pytest.mark.process
def test_processes_that_start_at_once_all_find_the_tables(empty_database: str) -> None:
    start = "import sys; from gatekeeper.store.database import *; migrate(open_engine(sys.argv[1]))"
    processes = [
        subprocess.Popen([sys.executable, "-c", start, empty_database], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, errors
    engine = open_engine(empty_database)
    with engine.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
        assert conn.execute(text("SELECT count(*) FROM inbox")).scalar() == 0
    engine.dispose()


def test_a_migration_that_fails_leaves_no_half_made_tables(empty_database: str) -> None:
    engine = open_engine(empty_database)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE contact_fill (id INTEGER)"))  # the last one that the migration makes
    with pytest.raises(Exception, match="already exists"):
        migrate(engine)
    assert set(inspect(engine).get_table_names()) == {"contact_fill"}
    engine.dispose()


@pytest.fixture
def moments(empty_database: str) -> tuple[Engine, Table]:
    engine = open_engine(empty_database)
    table = Table("moment", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime))
    table.create(engine)
    return engine, table


def test_a_time_comes_back_as_the_same_moment_in_utc(moments: tuple[Engine, Table]) -> None:
    engine, table = moments
    moscow = datetime(2026, 3, 1, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
    with engine.begin() as conn:
        conn.execute(insert(table).values([{"id": 1, "at": moscow}, {"id": 2, "at": None}]))
        stored, missing = conn.execute(select(table.c.at).order_by(table.c.id)).scalars()
    assert stored == moscow
    assert stored.utcoffset() == timedelta(0)
    assert missing is None
    engine.dispose()


def test_a_time_without_a_zone_is_refused(moments: tuple[Engine, Table]) -> None:
    engine, table = moments
    with engine.begin() as conn, pytest.raises(Exception, match="without a zone"):
        conn.execute(insert(table).values(id=1, at=datetime(2026, 3, 1)))  # noqa: DTZ001
    engine.dispose()


def test_the_database_tells_an_aware_time(engine: Engine) -> None:
    with engine.begin() as conn:
        now = database_now(conn)
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


def test_transactions_that_read_before_they_write_take_turns(empty_database: str) -> None:
    engine = open_engine(empty_database)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER)"))
        conn.execute(text("INSERT INTO counter VALUES (1, 0)"))
    lock = " FOR UPDATE" if engine.dialect.name == "postgresql" else ""

    def count() -> None:
        for _ in range(25):
            with engine.begin() as conn:
                n = conn.execute(text("SELECT n FROM counter" + lock)).scalar_one()
                conn.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.begin() as conn:
        assert conn.execute(text("SELECT n FROM counter")).scalar() == 100
    engine.dispose()


def test_sqlite_is_opened_to_survive_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}", busy_timeout_s=7)
    with engine.begin() as conn:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        pragmas = [conn.execute(text(f"PRAGMA {name}")).scalar() for name in names]
    assert pragmas == ["wal", 2, 1, 7000]
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="name a file"):
        open_engine(url)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"there is no folder .*/nowhere"):
        open_engine(f"sqlite:///{tmp_path}/nowhere/gatekeeper.db")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "gatekeeper.db").mkdir()
    with pytest.raises(DatabaseUnavailable, match=r"gatekeeper\.db: unable to open"):
        open_engine(f"sqlite:///{tmp_path}/gatekeeper.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DatabaseUnavailable, match=r"gatekeeper\.db: unable to open"):
        open_engine(f"sqlite:///{tmp_path}/gatekeeper.db")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "gatekeeper.db").write_text("not a database, but long enough to be taken for one" * 20)
    with pytest.raises(DatabaseUnavailable, match=r"gatekeeper\.db: file is not a database"):
        open_engine(f"sqlite:///{tmp_path}/gatekeeper.db")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://gate:s3cret@127.0.0.1:1/db",
        "postgres://gate:s3cret@127.0.0.1:1/db",
        "postgresql+psycopg://gate@127.0.0.1:1/db?password=s3cret",
    ],
)
def test_an_unreachable_server_is_named_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/db: .*refused") as caught:
        open_engine(url)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("url", ["mysql://gate:s3cret@127.0.0.1/db", "s3cret"])
def test_any_other_database_is_refused_without_showing_the_url(url: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        open_engine(url)
    assert "s3cret" not in str(caught.value)
