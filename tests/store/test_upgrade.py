"""A database comes up to date with everything in it, and back; one of an unreleased version is refused.

There is one step so far. A second one, of these tests alone, shows that the way to the next release works.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect, select, text

from gatekeeper.model.errors import BackupError, UnreleasedSchema
from gatekeeper.store.database import (
    STEPS,
    UNRELEASED,
    Schema,
    alembic_config,
    known_revisions,
    migrate,
    open_engine,
    schema_of,
)
from gatekeeper.store.ledger import ledger_table
from gatekeeper.store.migrations import declared_tables
from gatekeeper.store.upkeep.backup import restore, write_backup
from tests.filled import Contents, contents, fill

SECOND = Path(__file__).parent / "steps" / "second.py"


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """The steps of a release after this one."""
    steps = tmp_path / "next release, 100%"
    shutil.copytree(STEPS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(SECOND, steps / "versions" / "second.py")
    return steps


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A database of this release, with rows in every table."""
    fill(engine, declared_tables())
    return engine


@pytest.fixture
def unreleased(empty_database: str) -> Iterator[Engine]:
    """A database as a version made it that was never released."""
    engine = open_engine(empty_database)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE look (kind VARCHAR(16))"))
        conn.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        conn.execute(text("INSERT INTO alembic_version VALUES ('0011')"))
    yield engine
    engine.dispose()


def step_back(engine: Engine, steps: Path, revision: str) -> None:
    config = alembic_config(steps)
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.downgrade(config, revision)


def found(engine: Engine) -> MetaData:
    tables = MetaData()
    tables.reflect(engine)
    return tables


def heard(engine: Engine) -> list[int]:
    with engine.connect() as conn:
        return list(conn.execute(select(ledger_table.c.heard).order_by(ledger_table.c.day)).scalars())


def without(rows: Contents, *tables: str) -> Contents:
    return {name: kept for name, kept in rows.items() if name not in tables}


def test_there_is_one_line_of_steps_and_none_of_them_is_unreleased() -> None:
    steps = ScriptDirectory(str(STEPS))
    assert len(steps.get_heads()) == 1
    assert len(steps.get_bases()) == 1
    assert not known_revisions() & UNRELEASED


def test_rows_in_every_table_survive_the_next_releases_step_and_the_way_back(
    filled: Engine, next_release: Path
) -> None:
    before = contents(filled, declared_tables())
    migrate(filled, next_release)
    assert set(found(filled).tables) == {*declared_tables().tables, "later", "alembic_version"}
    assert "note" in found(filled).tables["tally"].columns
    assert heard(filled) == [101, 102, 103]
    assert without(contents(filled, declared_tables()), "ledger") == without(before, "ledger")
    fill(filled, only(found(filled), "later"))
    step_back(filled, next_release, "-1")
    assert contents(filled, declared_tables()) == before
    assert set(found(filled).tables) == {*declared_tables().tables, "alembic_version"}


def only(tables: MetaData, name: str) -> MetaData:
    one = MetaData()
    tables.tables[name].to_metadata(one)
    return one


def test_this_releases_step_can_be_taken_back_with_rows_in_every_table(filled: Engine) -> None:
    step_back(filled, STEPS, "base")
    assert inspect(filled).get_table_names() == ["alembic_version"]
    migrate(filled)
    assert set(found(filled).tables) == {*declared_tables().tables, "alembic_version"}


def test_a_database_is_older_to_the_next_release_and_newer_to_the_last(
    engine: Engine, next_release: Path
) -> None:
    assert schema_of(engine) is Schema.CURRENT
    assert schema_of(engine, next_release) is Schema.OLDER
    migrate(engine, next_release)
    assert schema_of(engine, next_release) is Schema.CURRENT
    assert schema_of(engine) is Schema.NEWER


def test_a_backup_is_restored_into_the_next_release_as_its_steps_would_have_it(
    filled: Engine, next_release: Path, tmp_path: Path
) -> None:
    write_backup(filled, tmp_path / "backup.db")
    target = open_engine(f"sqlite:///{tmp_path / 'target.db'}")
    migrate(target, next_release)
    restore(tmp_path / "backup.db", target, next_release)
    assert heard(target) == [101, 102, 103]
    expected = without(contents(filled, declared_tables()), "ledger", "note_key")
    assert without(contents(target, declared_tables()), "ledger", "note_key") == expected
    target.dispose()


def test_a_backup_of_the_next_release_is_refused(engine: Engine, next_release: Path, tmp_path: Path) -> None:
    newer = open_engine(f"sqlite:///{tmp_path / 'newer.db'}")
    migrate(newer, next_release)
    newer.dispose()
    with pytest.raises(BackupError, match="newer release"):
        restore(tmp_path / "newer.db", engine)


def test_a_database_of_an_unreleased_version_is_refused_in_one_sentence_and_left_alone(
    unreleased: Engine,
) -> None:
    before = set(inspect(unreleased).get_table_names())
    with pytest.raises(UnreleasedSchema, match=r"revision 0011.* name an empty one") as caught:
        migrate(unreleased)
    assert "\n" not in str(caught.value)
    assert str(unreleased.url.database) in str(caught.value)
    assert schema_of(unreleased) is Schema.UNRELEASED
    assert set(inspect(unreleased).get_table_names()) == before


@pytest.mark.parametrize("revision", sorted(UNRELEASED))
def test_a_backup_of_an_unreleased_version_is_refused_and_fills_nothing(
    sqlite: Engine, tmp_path: Path, revision: str
) -> None:
    write_backup(sqlite, tmp_path / "backup.db")
    with closing(sqlite3.connect(tmp_path / "backup.db")) as conn, conn:
        conn.execute("UPDATE alembic_version SET version_num = ?", [revision])
        conn.execute("INSERT INTO ledger VALUES ('2026-09-01', 1, 1, 1)")
    with pytest.raises(BackupError, match=f"unreleased version .revision {revision}") as caught:
        restore(tmp_path / "backup.db", sqlite)
    assert caught.value.code == "unreleased"
    assert heard(sqlite) == []
