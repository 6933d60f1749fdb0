"""`gatekeeper whatif --config new.toml`: what a changed config would do, before it is switched on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gatekeeper.cli.config import load_or_exit
from gatekeeper.config import find_config

if TYPE_CHECKING:
    from gatekeeper.app.tables import Store
    from gatekeeper.messages import Messages
    from gatekeeper.messages.words import Words
    from gatekeeper.model.history import History
    from gatekeeper.review.whatif import Change, Comparison
    from gatekeeper.store.journal.snapshots import KeptSnapshot

FILE = click.Path(path_type=Path)
PAGE = 500


@click.command("whatif")
@click.option("--config", "config_file", type=FILE, metavar="NEW", required=True)
@click.option("--against", type=FILE, metavar="FILE")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=0))
@click.option("--json", "json_wanted", is_flag=True)
def whatif_command(config_file: Path, against: Path | None, limit: int, json_wanted: bool) -> None:
    """Say how many cards a changed config would newly flag, release or move back, and which.

    Judged on the snapshots that the worker read last, for this moment. Nothing is read from the portal, and
    nothing is written.
    """
    from gatekeeper.app.bootstrap import messages_of, side_of
    from gatekeeper.app.tables import open_store, store_on
    from gatekeeper.review.whatif import compare

    after = load_or_exit(config_file)
    in_force = load_or_exit(against) if against or find_config(None, os.environ).is_file() else None
    config = in_force or after
    with open_store(config) as store:
        now = store.heartbeat.portal_now()
        policy = in_force.policy if in_force else store.journal.last_policy() or after.policy
        before = replace(side_of(config, store), policy=policy)
        changed = side_of(after, store_on(store.engine, after))
        comparison = compare(_kept(store), before.wet(), changed.wet(), now)
    revisions = {"before": policy.revision, "after": after.policy.revision}
    if json_wanted:
        click.echo(json.dumps(_as_json(comparison, revisions), ensure_ascii=False))
    else:
        messages = messages_of(after)
        click.echo("\n".join(_in_words(comparison, revisions, messages, limit)))


def _kept(store: Store) -> Iterator[tuple[KeptSnapshot, History]]:
    page = store.latest.page(None, PAGE)
    while page:
        histories = store.journal.load([each.ref for each in page])
        yield from ((each, histories[each.ref]) for each in page)
        page = store.latest.page(page[-1].ref, PAGE)


def _as_json(comparison: Comparison, revisions: dict[str, str]) -> dict[str, Any]:
    return {
        "policy": revisions,
        "judged": comparison.judged,
        "unjudged": dict(comparison.unjudged),
        "rules_unjudged": dict(comparison.rules_unjudged),
        "oldest": comparison.oldest.isoformat() if comparison.oldest else None,
        "newest": comparison.newest.isoformat() if comparison.newest else None,
        "flagged": comparison.flagged,
        "released": comparison.released,
        "moved_back": comparison.moved_back,
        "held": comparison.held,
        "recorded": comparison.recorded,
        "cards": [asdict(change) | {"ref": str(change.ref)} for change in comparison.changes],
    }


def _in_words(
    comparison: Comparison, revisions: dict[str, str], messages: Messages, limit: int
) -> Iterator[str]:
    words = messages.words("whatif")
    say = words.say

    yield say("revisions", **revisions)
    if comparison.oldest and comparison.newest:
        read = {"oldest": comparison.oldest, "newest": comparison.newest}
        times = {name: at.astimezone().strftime(words.formatter.moment) for name, at in read.items()}
        yield say("judged", judged=comparison.judged, **times)
    for why, count in comparison.unjudged.items():
        yield say("unjudged", why=words.known(f"why.{why}", why), count=count)
    for rule, count in comparison.rules_unjudged.items():
        yield say("rule_unjudged", rule=messages.title(rule), count=count)
    if not comparison.changes:
        yield say("same" if comparison.judged else "nothing_kept")
        return
    counts = {name: getattr(comparison, name) for name in ("flagged", "released", "recorded", "held")}
    yield say("counts", **counts, moved=comparison.moved_back)
    for rule, (flagged, released, recorded) in comparison.by_rule.items():
        line = say("rule", rule=messages.title(rule), flagged=flagged, released=released, recorded=recorded)
        yield f"  {line}"
    yield from (f"{change.ref}: {_change(change, messages, words)}" for change in comparison.changes[:limit])
    if len(comparison.changes) > limit:
        yield say("more", count=len(comparison.changes) - limit)


def _change(change: Change, messages: Messages, words: Words) -> str:
    parts = [f"☐ {messages.title(rule)}" for rule in change.flagged]
    parts += [f"☑ {messages.title(rule)}" for rule in change.released]
    if change.recorded:
        rules = ", ".join(map(messages.title, change.recorded))
        parts.append(words.say("recorded", rules=rules))
    if change.moved_to:
        parts.append(f"↩ {words.say('moved', stage=change.moved_to)}")
    if change.held:
        parts.append(f"⚠ {words.say('held')}")
    return ", ".join(parts)
