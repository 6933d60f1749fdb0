"""`gatekeeper explain deal 662`: a card's past in words."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.model.refs import EntityRef, Kind


@click.command("explain")
@click.argument("kind", type=click.Choice([Kind.DEAL.value, Kind.CONTACT.value, Kind.LEAD.value]))
@click.argument("number", type=click.IntRange(min=1))
@click.option("--json", "json_wanted", is_flag=True)
@config_option
def explain_command(kind: str, number: int, json_wanted: bool, config_file: Path | None) -> None:
    """Tell from the journal what was found in a card, said, done and cured. The portal is not asked."""
    from gatekeeper.app.bootstrap import messages_of
    from gatekeeper.app.tables import open_store
    from gatekeeper.review.explain import Teller, as_json
    from gatekeeper.store.journal.past import read_past

    config = load_or_exit(config_file)
    with open_store(config) as store:
        past = read_past(store.engine, EntityRef(Kind(kind), number))
        now = store.heartbeat.portal_now()
    if json_wanted:
        click.echo(json.dumps(as_json(past), ensure_ascii=False))
    else:
        zone = past.zone or ZoneInfo(config.notifications.time_zone)
        attempts = config.worker.max_attempts
        teller = Teller(messages_of(config), max_attempts=attempts, zone=zone, now=now)
        click.echo(teller.tell(past))
