"""The short form of `make chaos`: twenty seconds of it, on each database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from tests.chaos.run import run_chaos


def test_one_sweep_after_twenty_seconds_of_chaos_every_card_is_right(engine: Engine, tmp_path: Path) -> None:
    report = run_chaos(engine, tmp_path, cards=50, seconds=20.0)
    assert report.wrong == [], report.done
