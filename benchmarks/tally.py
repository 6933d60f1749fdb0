"""What it costs to add one wave's counts to the tally, on SQLite as the product opens it.

python -m benchmarks.tally
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.tally import Series, Tally

WAVES = 300
SERIES = 40
"""Methods, rules, actions, outcomes and buckets of a busy wave."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'tally.db'}")
        migrate(engine)
        tally = Tally(engine)
        counts = dict.fromkeys([Series("m", (str(number),)) for number in range(SERIES)], 1.0)
        adding, reading = _times(lambda: tally.add(counts)), _times(tally.read)
        engine.dispose()
    print(f"adding {SERIES} series: median {adding[0]:.1f} ms, 95th {adding[1]:.1f} ms, of {WAVES}")
    print(f"reading them:         median {reading[0]:.1f} ms, 95th {reading[1]:.1f} ms")


def _times(do: object) -> tuple[float, float]:
    assert callable(do)
    took = []
    for _ in range(WAVES):
        begun = time.perf_counter()
        do()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took), sorted(took)[int(WAVES * 0.95)]


if __name__ == "__main__":
    main()
