"""What would be written into a file that is no longer there is noticed before anybody relies on it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from gatekeeper.model.errors import DatabaseLost
from gatekeeper.store.database import empty_log, migrate, open_engine, reading
from gatekeeper.store.probe import DatabaseFile, probe_table, prove_kept


def values(engine: Engine) -> list[str]:
    with reading(engine) as conn:
        return list(conn.execute(select(probe_table.c.value)).scalars())


def test_each_proof_writes_something_new_into_the_same_row(engine: Engine) -> None:
    prove_kept(engine)
    (first,) = values(engine)
    prove_kept(engine)
    (second,) = values(engine)
    assert first != second


def delete(file: Path) -> None:
    file.unlink()


def replace_by_a_copy(file: Path) -> None:
    copy = file.with_suffix(".copy")
    copy.write_bytes(file.read_bytes())
    copy.rename(file)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:4096])


@pytest.mark.parametrize(
    ("lose", "how"),
    [(delete, "deleted"), (replace_by_a_copy, "replaced"), (empty, "cut"), (cut, "cut")],
)
def test_a_file_that_is_lost_while_it_is_open_is_told_with_what_to_do(
    tmp_path: Path, lose: Callable[[Path], None], how: str
) -> None:
    path = tmp_path / "gate.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    file = DatabaseFile.of(engine)
    prove_kept(engine)
    empty_log(engine)
    file.check()
    lose(path)
    with pytest.raises(DatabaseLost, match=rf"gate\.db was {how} while it was open; .*restart") as lost:
        file.check()
    assert lost.value.how == how
    engine.dispose()


@pytest.mark.process
def test_looking_after_the_file_leaves_the_locks_on_it_alone(tmp_path: Path) -> None:
    """Without them, whoever closes the database next takes himself for the last and deletes its log."""
    path = tmp_path / "gate.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    DatabaseFile.of(engine).check()
    log = path.with_name("gate.db-wal").stat().st_ino
    come_and_go = (
        "import sys; from gatekeeper.store.database import open_engine; open_engine(sys.argv[1]).dispose()"
    )
    subprocess.run([sys.executable, "-c", come_and_go, f"sqlite:///{path}"], check=True, timeout=60)
    assert path.with_name("gate.db-wal").stat().st_ino == log
    engine.dispose()


def test_a_server_sees_to_its_own_files(engine: Engine) -> None:
    DatabaseFile.of(engine).check()
