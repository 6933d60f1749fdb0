"""A backup is the whole database at one moment, and comes back whole, into either kind of database."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, select, text

from gatekeeper.cli import main
from gatekeeper.model.errors import BackupError
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.migrations import declared_tables
from gatekeeper.store.upkeep import backup
from gatekeeper.store.upkeep.backup import backed_up_tables, restore, write_backup
from tests.filled import contents, fill
from tests.processes import write_config

NOWHERE = "http://127.0.0.1:9/rest/1/x/"


@contextmanager
def a_database(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite file, whatever `engine` is."""
    with a_database(f"sqlite:///{tmp_path / 'other.db'}") as engine:
        yield engine


def backed_up() -> MetaData:
    found = MetaData()
    for table in backed_up_tables():
        table.to_metadata(found)
    return found


def test_the_key_of_our_notes_is_in_no_backup(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(engine, declared_tables(), special={"secret": lambda _: "the key"})
    file = tmp_path / "backup.db"
    assert "note_key" not in write_backup(engine, file)
    assert b"the key" not in file.read_bytes()
    restore(file, other)
    assert contents(other, declared_tables())["note_key"] == []


def test_what_is_restored_is_what_was_there(engine: Engine, tmp_path: Path) -> None:
    fill(engine, backed_up())
    file = tmp_path / "backup.db"
    rows = write_backup(engine, file)
    assert set(rows.values()) == {3}
    before = contents(engine, declared_tables())
    with engine.begin() as conn:
        for table in reversed(declared_tables().sorted_tables):
            conn.execute(table.delete())
    assert restore(file, engine) == rows
    assert contents(engine, declared_tables()) == before


def test_a_backup_of_either_kind_fills_an_sqlite_file(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(engine, declared_tables())
    write_backup(engine, tmp_path / "backup.db")
    restore(tmp_path / "backup.db", other)
    assert contents(other, backed_up()) == contents(engine, backed_up())


def test_a_backup_of_sqlite_fills_either_kind(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(other, declared_tables())
    write_backup(other, tmp_path / "backup.db")
    restore(tmp_path / "backup.db", engine)
    assert contents(engine, backed_up()) == contents(other, backed_up())


def test_a_backup_taken_while_others_write_is_of_one_moment(engine: Engine, tmp_path: Path) -> None:
    """Every transaction adds a row to each of two tables: in a backup they are equally many."""
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO tally VALUES ('rows', '[]', 0)"))
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with engine.begin() as conn:
                conn.execute(text("UPDATE tally SET value = value + 1"))
                conn.execute(text("INSERT INTO limiter_block VALUES (:m, '2026-09-01')"), {"m": f"m{number}"})
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        written.wait(10)
        rows = [write_backup(engine, tmp_path / f"{number}.db") for number in range(5)]
    finally:
        stop.set()
        writer.join()
    counted = [counted_in(tmp_path / f"{number}.db") for number in range(5)]
    assert counted == [each["limiter_block"] for each in rows]
    assert counted == sorted(counted)
    assert counted[0] < counted[-1]


def counted_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as conn:
        return int(conn.execute("SELECT value FROM tally").fetchone()[0])


def test_a_backup_is_one_file_that_only_its_owner_reads(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    write_backup(engine, folder / "backup.db")
    assert [each.name for each in folder.iterdir()] == ["backup.db"]
    assert (folder / "backup.db").stat().st_mode & 0o777 == 0o600


def test_a_database_that_is_not_empty_is_left_alone(engine: Engine, other: Engine, tmp_path: Path) -> None:
    fill(other, declared_tables())
    write_backup(other, tmp_path / "backup.db")
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO tally VALUES ('m', '[]', 1)"))
    before = contents(engine, declared_tables())
    with pytest.raises(BackupError, match="not empty: tally"):
        restore(tmp_path / "backup.db", engine)
    assert contents(engine, declared_tables()) == before


def test_an_existing_file_is_not_overwritten(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "backup.db").write_text("last week's")
    with pytest.raises(BackupError, match="exists already"):
        write_backup(engine, tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_text() == "last week's"


def test_where_nothing_can_be_written_it_says_so(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="No such file or directory"):
        write_backup(engine, tmp_path / "nowhere" / "backup.db")


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_what_is_no_backup_is_refused(other: Engine, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(content)
    with pytest.raises(BackupError, match="is no backup"):
        restore(file, other)


def test_a_backup_of_a_newer_release_is_refused(engine: Engine, other: Engine, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    write_backup(engine, file)
    with closing(sqlite3.connect(file)) as conn, conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupError, match="newer release"):
        restore(file, other)


def test_postgresqls_own_numbers_go_on_behind_those_copied(engine: Engine) -> None:
    """No table of ours is numbered by the database so far; the next one may be."""
    table = Table("numbered", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer))
    table.create(engine)
    with engine.begin() as conn:
        conn.execute(insert(table), [{"id": 1, "n": 1}, {"id": 7, "n": 2}])
        backup._go_on_counting(conn, table)
        conn.execute(insert(table).values(n=3))
        assert conn.execute(select(table.c.id).where(table.c.n == 3)).scalar() == 8


def run(tmp_path: Path, url: str, *words: Any) -> Any:
    config = write_config(tmp_path, NOWHERE, 8024)
    environ = {"GATEKEEPER_DATABASE_URL": url}
    return CliRunner().invoke(main, [*map(str, words), "--config", str(config)], env=environ)


def test_the_commands_carry_everything_from_one_database_to_another(engine: Engine, tmp_path: Path) -> None:
    fill(engine, declared_tables())
    file, target = tmp_path / "backup.db", f"sqlite:///{tmp_path / 'target.db'}"
    written = run(tmp_path, engine.url.render_as_string(hide_password=False), "backup", file)
    assert (written.exit_code, "inbox 3" in written.stdout) == (0, True)
    assert run(tmp_path, target, "restore", file).exit_code == 0
    with a_database(target) as there:
        assert contents(there, backed_up()) == contents(engine, backed_up())
    again = run(tmp_path, target, "restore", file)
    assert again.exit_code == 1
    assert "база не пустая" in again.stderr


def test_a_restore_that_is_refused_makes_no_database(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"not a database")
    refused = run(tmp_path, f"sqlite:///{tmp_path / 'target.db'}", "restore", tmp_path / "holiday.jpg")
    assert refused.exit_code == 1
    assert "не резервная копия" in refused.stderr
    assert not (tmp_path / "target.db").exists()
