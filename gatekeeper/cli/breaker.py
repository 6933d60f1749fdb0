"""`gatekeeper breaker status|reset`: whether deals are still moved back, and how to let them be again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.messages.words import Words

if TYPE_CHECKING:
    from gatekeeper.store.breaker import Breaker


@click.group("breaker")
def breaker_command() -> None:
    """The breaker that stops the gate from moving deals back too often."""


@breaker_command.command()
@config_option
def status(config_file: Path | None) -> None:
    """Tell whether it has tripped, and how many reverts it has counted lately."""
    with _opened(config_file) as (breaker, now, words):
        state, settings = breaker.state(now), breaker.settings
    if state.tripped_at is None:
        counted = {"counted": state.counted, "limit": settings.reverts, "minutes": settings.minutes}
        click.echo(words.say("closed", **counted))
    else:
        click.echo(words.say("open", at=state.tripped_at.strftime(words.formatter.moment)))


@breaker_command.command()
@config_option
def reset(config_file: Path | None) -> None:
    """Move deals back again from now on. Those that were left meanwhile stay where they are."""
    with _opened(config_file) as (breaker, _, words):
        tripped = breaker.reset()
    click.echo(words.say("reset" if tripped else "already"))


@contextmanager
def _opened(config_file: Path | None) -> Iterator[tuple[Breaker, datetime, Words]]:
    """The breaker, and what time it is on the portal."""
    from gatekeeper.app.bootstrap import messages_of
    from gatekeeper.app.tables import open_store

    config = load_or_exit(config_file)
    with open_store(config) as store:
        yield store.breaker, store.heartbeat.portal_now(), messages_of(config).words("breaker")
