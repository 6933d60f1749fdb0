"""`gatekeeper replay ID`: a decision judged again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.speech import say

if TYPE_CHECKING:
    from gatekeeper.messages import Messages
    from gatekeeper.review.replay import NotReplayable, Replayed
    from gatekeeper.store.journal.past import PastDecision

DIFFERS, NOT_REPLAYABLE = 1, 3


@click.command("replay")
@click.argument("decision_id", metavar="ID")
@click.option("--json", "json_wanted", is_flag=True)
@config_option
def replay_command(decision_id: str, json_wanted: bool, config_file: Path | None) -> None:
    """Judge a decision's stored snapshot again under its stored policy.

    ID is a decision's, or its first digits, as `explain` shows them. Exit 0: the same verdict; 1: another
    one, with the difference printed; 3: it cannot be judged again, with the reason.
    """
    from gatekeeper.app.bootstrap import messages_of
    from gatekeeper.app.tables import open_store
    from gatekeeper.review.replay import NotReplayable, replay
    from gatekeeper.store.journal.past import read_decision

    config = load_or_exit(config_file)
    with open_store(config) as store:
        decision = read_decision(store.engine, decision_id.lower())
    if decision is None:
        raise click.ClickException(say("asked.no_decision", id=decision_id))
    result = replay(decision)
    if json_wanted:
        named = {"decision": decision.id, "ref": str(decision.ref), "policy": decision.policy_revision}
        whole = {**named, "replayed": not isinstance(result, NotReplayable), **asdict(result)}
        click.echo(json.dumps(whole, ensure_ascii=False))
    else:
        click.echo("\n".join(_in_words(decision, result, messages_of(config))))
    if isinstance(result, NotReplayable):
        raise click.exceptions.Exit(NOT_REPLAYABLE)
    if result.differences:
        raise click.exceptions.Exit(DIFFERS)


def _in_words(decision: PastDecision, result: Replayed | NotReplayable, messages: Messages) -> list[str]:
    from gatekeeper.review.replay import NotReplayable

    words = messages.words("replay")

    def tell(name: str, **facts: Any) -> str:
        return words.say(name, ref=str(decision.ref), id=decision.id, **facts)

    if isinstance(result, NotReplayable):
        return [tell("cannot", why=words.say(f"why.{result.why}"), detail=result.detail)]
    lines = [tell("differs" if result.differences else "same")]
    for difference in result.differences:
        then, now = (json.dumps(side, ensure_ascii=False) for side in (difference.then, difference.now))
        lines += [
            f"  {difference.what}",
            f"    {words.say('then')}: {then}",
            f"    {words.say('now')}: {now}",
        ]
    if result.masked:
        lines.append(tell("masked", rules=", ".join(result.masked)))
    if result.differences and result.version_differs:
        lines.append(tell("version", version=decision.version))
    return lines
