"""`gatekeeper breaker`: what an admin reads, and that a reset reaches the workers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from gatekeeper.cli import main
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.breaker import Breaker, BreakerSettings
from gatekeeper.store.database import migrate, open_engine

CONFIG = """
[portal]
url = "http://127.0.0.1:1/rest/1/sandbox/"
application_tokens = ["token"]
[database]
url = "sqlite:///{file}"
[fields]
product_group = "UF_CRM_PRODUCT_GROUP"
[enforcement.breaker]
reverts = 2
minutes = 5
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "gatekeeper.toml"
    file.write_text(CONFIG.format(file=tmp_path / "gate.db"))
    return file


def run(config: Path, verb: str) -> str:
    result = CliRunner().invoke(main, ["breaker", verb, "--config", str(config)])
    assert result.exit_code == 0, result.output
    return result.output.strip()


def revert(config: Path, deals: int) -> int:
    """Ask, as a worker would; how many deals may go back."""
    engine = open_engine(f"sqlite:///{config.parent / 'gate.db'}")
    migrate(engine)
    now = datetime.now(UTC)
    moves = [(EntityRef(Kind.DEAL, each + 1), now) for each in range(deals)]
    admission = Breaker(engine, BreakerSettings(2, 5)).admit(moves, now)
    engine.dispose()
    return len(admission.admitted)


def test_closed_it_tells_how_near_it_is(config: Path) -> None:
    revert(config, 1)
    assert (
        run(config, "status")
        == "Предохранитель не срабатывал. Возвратов за 5 мин: 1; сработает, если их будет больше 2."
    )


def test_open_it_tells_since_when_and_what_to_do(config: Path) -> None:
    revert(config, 3)
    said = run(config, "status")
    assert said.startswith("Предохранитель сработал ")
    assert said.endswith("gatekeeper breaker reset")


def test_a_reset_lets_deals_be_moved_back_again(config: Path) -> None:
    revert(config, 3)
    assert run(config, "reset") == "Сделки снова возвращаются."
    assert run(config, "reset").startswith("Предохранитель не срабатывал")
    assert revert(config, 2) == 2
