"""`gatekeeper explain deal 662`: a card's past in words. `gatekeeper replay ID`: a decision judged again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.model import EntityRef, Kind

DIFFERS, NOT_REPLAYABLE = 1, 3


@click.command("explain")
@click.argument("kind", type=click.Choice([Kind.DEAL.value, Kind.CONTACT.value, Kind.LEAD.value]))
@click.argument("number", type=click.IntRange(min=1))
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object and nothing else.")
@config_option
def explain_command(kind: str, number: int, json_wanted: bool, config_file: Path | None) -> None:
    """Tell from the journal what was found in a card, said, done and cured. The portal is not asked."""
    from gatekeeper.bootstrap import Gatekeeper
    from gatekeeper.explain import Teller, as_json
    from gatekeeper.journal import read_past
    from gatekeeper.messages import Messages

    config = load_or_exit(config_file)
    past = read_past(Gatekeeper(config).engine, EntityRef(Kind(kind), number))
    if json_wanted:
        click.echo(json.dumps(as_json(past), ensure_ascii=False))
    else:
        messages = Messages.in_language(config.messages.language)
        click.echo(Teller(messages, max_attempts=config.worker.max_attempts).tell(past))


@click.command("replay")
@click.argument("decision_id", metavar="ID")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object and nothing else.")
@config_option
def replay_command(decision_id: str, json_wanted: bool, config_file: Path | None) -> None:
    """Judge a decision's stored snapshot again under its stored policy.

    ID is a decision's, or its first digits, as `explain` shows them. Exit 0: the same verdict; 1: another
    one, with the difference printed; 3: it cannot be judged again, with the reason.
    """
    from gatekeeper.bootstrap import Gatekeeper
    from gatekeeper.journal import NotReplayable, read_decision, replay

    decision = read_decision(Gatekeeper(load_or_exit(config_file)).engine, decision_id.lower())
    if decision is None:
        raise click.ClickException(f"there is no decision {decision_id}, or more than one begins so")
    replayed = replay(decision)
    named = {"decision": decision.id, "ref": str(decision.ref), "policy": decision.policy_revision}
    if isinstance(replayed, NotReplayable):
        _say(
            named | {"replayed": False, "why": replayed.why},
            [f"cannot be judged again: {replayed.why}"],
            json_wanted,
        )
        raise click.exceptions.Exit(NOT_REPLAYABLE)
    lines = ["another verdict:" if replayed.differences else "the same verdict"]
    for each in replayed.differences:
        then, now = (json.dumps(side, ensure_ascii=False) for side in (each.then, each.now))
        lines += [f"  {each.what}", f"    then: {then}", f"    now:  {now}"]
    if replayed.masked:
        lines.append(f"not judged, since masked: {', '.join(replayed.masked)}")
    if replayed.differences and replayed.version_differs:
        lines.append(f"gatekeeper {decision.version} decided, this is another version")
    _say(named | {"replayed": True, **asdict(replayed)}, lines, json_wanted)
    if replayed.differences:
        raise click.exceptions.Exit(DIFFERS)


def _say(whole: dict[str, object], lines: list[str], json_wanted: bool) -> None:
    if json_wanted:
        click.echo(json.dumps(whole, ensure_ascii=False))
    else:
        click.echo("\n".join([f"{whole['ref']}, decision {whole['decision']}", *lines]))
