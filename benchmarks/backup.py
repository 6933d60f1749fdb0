"""How long a backup and a restore take: an index of 100,000 contacts with three keys each.

python -m benchmarks.backup [POSTGRESQL-URL of an empty database]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from gatekeeper.store.contacts import (
    ContactIndex,
    ContactKey,
    IndexedContact,
    KeyField,
)
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.upkeep.backup import restore, write_backup

CONTACTS = 100_000


def main(urls: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = (_opened(f"sqlite:///{folder / each}") for each in ("source.db", "target.db"))
        ContactIndex(source).put(_contact(number) for number in range(1, CONTACTS + 1))
        _say("backup of SQLite", lambda: write_backup(source, folder / "backup.db"))
        _say("restore into SQLite", lambda: restore(folder / "backup.db", target))
        for url in urls:
            server = _opened(url)
            _say("restore into PostgreSQL", partial(restore, folder / "backup.db", server))
            _say("backup of PostgreSQL", partial(write_backup, server, folder / "again.db"))
            server.dispose()
        source.dispose()
        target.dispose()


def _opened(url: str) -> Engine:
    engine = open_engine(url)
    migrate(engine)
    return engine


def _contact(number: int) -> IndexedContact:
    keys = (
        ContactKey(KeyField.PHONE, f"+7903{number:07}"),
        ContactKey(KeyField.EMAIL, f"client{number}@mail.example"),
        ContactKey(KeyField.NAME, f"иванов {number} иван"),
    )
    changed = datetime(2026, 9, 1, tzinfo=UTC)
    return IndexedContact(number, "Иванов", "Иван", str(number), date(1990, 1, 1), changed, frozenset(keys))


def _say(what: str, do: Callable[[], dict[str, int]]) -> None:
    begun = time.perf_counter()
    rows = sum(do().values())
    took = time.perf_counter() - begun
    print(f"{what}: {rows:,} rows in {took:.1f} s, {rows / took:,.0f} a second")


if __name__ == "__main__":
    main(sys.argv[1:])
