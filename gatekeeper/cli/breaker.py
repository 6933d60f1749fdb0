"""`gatekeeper breaker status|reset`: whether deals are still moved back, and how to let them be again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from gatekeeper.cli.config import config_option, load_or_exit


@click.group("breaker")
def breaker_command() -> None:
    """The breaker that stops the gate from moving deals back too often."""


@breaker_command.command()
@config_option
def status(config_file: Path | None) -> None:
    """Tell whether it has tripped, and how many reverts it has counted lately."""
    from gatekeeper.bootstrap import Gatekeeper

    gatekeeper = Gatekeeper(load_or_exit(config_file))
    breaker = gatekeeper.breaker
    state, settings = breaker.state(datetime.now(UTC)), breaker.settings
    gatekeeper.close()
    if state.tripped_at is None:
        click.echo(f"closed: {state.counted} of {settings.reverts} reverts in {settings.minutes} minutes")
    else:
        click.echo(
            f"open since {state.tripped_at:%Y-%m-%d %H:%M} UTC: no deal is moved back. "
            "Look for a rule that is too strict, then: gatekeeper breaker reset"
        )


@breaker_command.command()
@config_option
def reset(config_file: Path | None) -> None:
    """Move deals back again from now on. Those that were left meanwhile stay where they are."""
    from gatekeeper.bootstrap import Gatekeeper

    gatekeeper = Gatekeeper(load_or_exit(config_file))
    tripped = gatekeeper.breaker.reset()
    gatekeeper.close()
    click.echo("closed" if tripped else "closed already; its count begins anew")
