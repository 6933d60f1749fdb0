"""How long a report of 100,000 violations takes to write, how much memory, and how long others must wait.

python -m benchmarks.report [POSTGRESQL-URL of an empty database]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert

from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.messages import Messages
from gatekeeper.model.cards import Unread, Why
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.report import People, Period, Report, ReportWords, Selection, Span, Told
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.inbox import Inbox
from gatekeeper.store.journal.tables import violation_table

VIOLATIONS = 100_000
MANAGERS = 200
PERIOD = Period.month_of("2026-10")
BEGIN = datetime(2026, 10, 2, tzinfo=UTC)


def main(urls: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for url in (f"sqlite:///{folder / 'gate.db'}", *urls):
            engine = open_engine(url)
            migrate(engine)
            _fill(engine)
            report = _report(engine)
            print(engine.dialect.name)
            _say("CSV", folder / "report.csv", engine, partial(_write_csv, report))
            _say("XLSX", folder / "report.xlsx", engine, report.write_xlsx)
            engine.dispose()


def _write_csv(report: Report, file: Path) -> int:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        return report.write_csv(out, ";")


def _fill(engine: Engine) -> None:
    for start in range(0, VIOLATIONS, 1000):
        with engine.begin() as conn:
            conn.execute(insert(violation_table), [_row(start + number) for number in range(1000)])


def _row(number: int) -> dict[str, object]:
    opened = BEGIN + timedelta(seconds=20 * number)
    closed = opened + timedelta(hours=number % 50) if number % 3 else None
    return {
        "id": f"{number * 2654435761 % 2**32:032x}",
        "kind": "deal",
        "entity_id": number + 1,
        "rule": RULE_IDS[number % 8],
        "mode": "warn",
        "facts": {"problem": "empty"},
        "responsible_id": number % MANAGERS + 1,
        "position": 0,
        "opened_at": opened,
        "closed_at": closed,
        "closed_why": "cured" if closed else None,
        "fine": 500,
        "currency": "RUB",
    }


def _report(engine: Engine) -> Report:
    moscow = ZoneInfo("Europe/Moscow")
    now = datetime(2026, 12, 1, tzinfo=moscow)
    words = ReportWords("ru", Messages.in_language("ru"))
    told = Told(words, People(Unread(Why.NOT_ASKED)), moscow, "https://firma.example")
    return Report(engine, Selection(PERIOD, Span.of(PERIOD, now), now), told)


def _say(what: str, file: Path, engine: Engine, write: Callable[[Path], int]) -> None:
    before = _peak_mib()
    marking = Marking(engine)
    begun = time.perf_counter()
    count = write(file)
    took = time.perf_counter() - begun
    waited = marking.longest_s()
    print(
        f"{what}: {count:,} violations in {took:.1f} s, {file.stat().st_size / 2**20:.1f} MiB, peak memory "
        f"{before:.0f} -> {_peak_mib():.0f} MiB; an event waited {waited:.2f} s at the longest"
    )


class Marking:
    """Events that come in while a report is written, and how long the slowest took to be durable."""

    def __init__(self, engine: Engine) -> None:
        self._inbox = Inbox(engine)
        self._over = threading.Event()
        self._longest_s = 0.0
        self._thread = threading.Thread(target=self._mark)
        self._thread.start()

    def longest_s(self) -> float:
        self._over.set()
        self._thread.join()
        return self._longest_s

    def _mark(self) -> None:
        while not self._over.wait(0.02):
            begun = time.perf_counter()
            self._inbox.mark_dirty(EntityRef(Kind.DEAL, 1))
            self._longest_s = max(self._longest_s, time.perf_counter() - begun)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
