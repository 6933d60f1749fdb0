"""A database of the first release comes up to date with everything in it, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect

from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.migrations import declared_tables, known_revisions
from gatekeeper.store.upkeep.backup import restore
from tests.filled import Contents, contents, fill

FIRST = "0001"


def alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "gatekeeper.store:migrations")
    return config


def step_to(engine: Engine, revision: str, *, back: bool = False) -> None:
    config = alembic()
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        (command.downgrade if back else command.upgrade)(config, revision)


def steps() -> list[str]:
    """Every revision, the first one first."""
    script = ScriptDirectory.from_config(alembic())
    return [each.revision for each in reversed(list(script.walk_revisions()))]


def tables(engine: Engine) -> MetaData:
    found = MetaData()
    found.reflect(engine)
    return found


@pytest.fixture
def first(empty_database: str) -> Iterator[Engine]:
    """A database of the first migration, with rows in every table."""
    engine = open_engine(empty_database)
    step_to(engine, FIRST)
    fill(engine, tables(engine))
    yield engine
    engine.dispose()


def columns_of(before: Contents, after: Contents) -> Contents:
    """Of what is there now, the columns that were there before."""
    return {
        name: [{column: row[column] for column in rows[0]} for row in after[name]]
        for name, rows in before.items()
    }


def test_there_is_one_line_of_steps_from_the_first() -> None:
    assert steps()[0] == FIRST
    assert set(steps()) == known_revisions()
    assert len(ScriptDirectory.from_config(alembic()).get_heads()) == 1


def test_what_was_there_survives_all_steps_up_and_down(first: Engine) -> None:
    before = contents(first, tables(first))
    migrate(first)
    assert set(inspect(first).get_table_names()) == {*declared_tables().tables, "alembic_version"}
    assert columns_of(before, contents(first, tables(first))) == before
    step_to(first, FIRST, back=True)
    assert contents(first, tables(first)) == before
    assert set(inspect(first).get_table_names()) == {*before, "alembic_version"}
    migrate(first)
    assert columns_of(before, contents(first, tables(first))) == before


def test_every_single_step_can_be_taken_back_with_rows_in_what_it_made(first: Engine) -> None:
    for revision, following in zip(steps(), steps()[1:], strict=False):
        before = contents(first, tables(first))
        step_to(first, following)
        added = {name: table for name, table in tables(first).tables.items() if name not in before}
        only_new = MetaData()
        for table in added.values():
            table.to_metadata(only_new)
        only_new.remove(only_new.tables["alembic_version"])
        fill(first, only_new)
        step_to(first, revision, back=True)
        assert contents(first, tables(first)) == before
        step_to(first, following)


def test_a_backup_of_the_first_release_is_restored_into_the_last(tmp_path: Path, engine: Engine) -> None:
    old = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    step_to(old, FIRST)
    fill(old, tables(old))
    before = contents(old, declared_tables_of_first(old))
    old.dispose()
    restore(tmp_path / "old.db", engine)
    assert columns_of(before, contents(engine, declared_tables_of_first(old))) == before


def declared_tables_of_first(old: Engine) -> MetaData:
    """As our modules declare them, so that values read from either database compare."""
    names = set(tables(old).tables) - {"alembic_version"}
    found = MetaData()
    for table in declared_tables().sorted_tables:
        if table.name in names:
            table.to_metadata(found)
    return found
