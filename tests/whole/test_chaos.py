"""The short forms of `python -m tests.chaos`."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.chaos.run import run_chaos
from tests.soak import one_of


@one_of("engine", "postgresql", "sqlite")
@pytest.mark.slow
@pytest.mark.process
def test_one_sweep_after_some_chaos_every_card_is_right(engine: Engine, tmp_path: Path, soak: bool) -> None:
    cards, seconds = (50, 20.0) if soak else (25, 8.0)
    report = run_chaos(engine, tmp_path, cards=cards, seconds=seconds, in_a_hurry=not soak)
    assert report.wrong == [], report.done
