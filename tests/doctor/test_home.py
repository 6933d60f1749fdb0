"""What the doctor makes of a database, on both kinds: nothing is made, nothing migrated, no password told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from gatekeeper.doctor.home import Home, NotMade, Outdated, Unusable, Usable, open_home, read_home
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.heartbeat import Heartbeat
from gatekeeper.store.ledger import EventCounts, Ledger
from tests.processes import free_port


def home_of(url: str) -> Home:
    opened = open_home(url)
    assert isinstance(opened, Engine), opened
    try:
        return read_home(opened, ("RU",))
    finally:
        opened.dispose()


def test_a_database_without_tables_is_still_to_be_made(empty_database: str) -> None:
    engine = open_engine(empty_database)
    assert home_of(empty_database) == NotMade(can_be_made=True)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_migrated_database_tells_of_its_worker_and_index(empty_database: str) -> None:
    engine = open_engine(empty_database)
    migrate(engine)
    home = home_of(empty_database)
    assert isinstance(home, Usable)
    assert home.silence is None
    assert not home.fill.complete
    Heartbeat(engine).beat("worker")
    home = home_of(empty_database)
    assert isinstance(home, Usable)
    assert home.silence is not None
    engine.dispose()


@pytest.mark.parametrize(
    ("revision", "schema"), [("0001", "unreleased"), ("0011", "unreleased"), ("9999", "newer")]
)
def test_tables_of_another_version_are_known(empty_database: str, revision: str, schema: str) -> None:
    engine = open_engine(empty_database)
    migrate(engine)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
    engine.dispose()
    home = home_of(empty_database)
    assert isinstance(home, Outdated)
    assert home.schema.value == schema


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    opened = open_home(f"postgresql://gate:s3cr3t@127.0.0.1:{free_port()}/gate")
    assert isinstance(opened, Unusable)
    assert "s3cr3t" not in opened.why


def test_a_table_that_was_taken_away_is_unusable(engine: Engine) -> None:
    with engine.begin() as conn:
        conn.execute(text("DROP TABLE heartbeat"))
    assert isinstance(read_home(engine, ("RU",)), Unusable)


def test_what_the_sweep_counted_in_the_last_week_is_read(engine: Engine) -> None:
    now = datetime.now(UTC)
    ledger = Ledger(engine)
    ledger.add(now.date(), EventCounts(heard=5, found=1))
    ledger.add(now.date() - timedelta(days=6), EventCounts(heard=2))
    ledger.add(now.date() - timedelta(days=7), EventCounts(heard=100, found=100))
    home = read_home(engine, ("RU",))
    assert isinstance(home, Usable)
    assert home.events == EventCounts(heard=7, found=1)
    assert home.hearing is None


def test_a_folder_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert open_home(f"sqlite:///{folder}/gate.db") == NotMade(can_be_made=False)
    assert open_home(f"sqlite:///{tmp_path}/gate.db") == NotMade(can_be_made=True)
    assert list(tmp_path.iterdir()) == []
