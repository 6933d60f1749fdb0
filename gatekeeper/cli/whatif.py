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
    from gatekeeper.app.bootstrap import Gatekeeper
    from gatekeeper.messages import Messages
    from gatekeeper.model.history import History
    from gatekeeper.review.whatif import Change, Foresight
    from gatekeeper.store.journal import KeptSnapshot

FILE = click.Path(path_type=Path)
PAGE = 500


@click.command("whatif")
@click.option("--config", "config_file", type=FILE, metavar="NEW", required=True, help="The changed config.")
@click.option(
    "--against",
    type=FILE,
    metavar="FILE",
    help="The config in force, whose database is read; else GATEKEEPER_CONFIG, else ./gatekeeper.toml, else "
    "what the last decision was made under.",
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=0), help="Cards to list.")
@click.option(
    "--json", "json_wanted", is_flag=True, help="One JSON object, with all cards, and nothing else."
)
def whatif_command(config_file: Path, against: Path | None, limit: int, json_wanted: bool) -> None:
    """Say how many cards a changed config would newly flag, release or move back, and which.

    Judged on the snapshots that the worker read last, for this moment. Nothing is read from the portal, and
    nothing is written.
    """
    from gatekeeper.app.bootstrap import Gatekeeper
    from gatekeeper.app.parts import messages_of, utc_now
    from gatekeeper.review.whatif import foresee

    after, now = load_or_exit(config_file), utc_now()
    in_force = load_or_exit(against) if against or find_config(None, os.environ).is_file() else None
    gatekeeper = Gatekeeper(in_force or after)
    policy = in_force.policy if in_force else gatekeeper.journal.last_policy() or after.policy
    sides = replace(gatekeeper.side(now), policy=policy), gatekeeper.with_config(after).side(now)
    foresight = foresee(_kept(gatekeeper), *sides, now)
    revisions = {"before": policy.revision, "after": after.policy.revision}
    if json_wanted:
        click.echo(json.dumps(_as_json(foresight, revisions), ensure_ascii=False))
    else:
        messages = messages_of(after)
        click.echo("\n".join(_in_words(foresight, revisions, messages, limit)))


def _kept(gatekeeper: Gatekeeper) -> Iterator[tuple[KeptSnapshot, History]]:
    page = gatekeeper.latest.page(None, PAGE)
    while page:
        histories = gatekeeper.journal.load([each.ref for each in page])
        yield from ((each, histories[each.ref]) for each in page)
        page = gatekeeper.latest.page(page[-1].ref, PAGE)


def _as_json(foresight: Foresight, revisions: dict[str, str]) -> dict[str, Any]:
    return {
        "policy": revisions,
        "judged": foresight.judged,
        "unjudged": dict(foresight.unjudged),
        "rules_unjudged": dict(foresight.rules_unjudged),
        "oldest": foresight.oldest.isoformat() if foresight.oldest else None,
        "newest": foresight.newest.isoformat() if foresight.newest else None,
        "flagged": foresight.flagged,
        "released": foresight.released,
        "moved_back": foresight.moved_back,
        "held": foresight.held,
        "recorded": foresight.recorded,
        "cards": [asdict(each) | {"ref": str(each.ref)} for each in foresight.changes],
    }


def _in_words(
    foresight: Foresight, revisions: dict[str, str], messages: Messages, limit: int
) -> Iterator[str]:
    words = messages.words_of("whatif")

    def say(name: str, **facts: Any) -> str:
        return messages.render(words[name], **facts)

    yield say("revisions", **revisions)
    if foresight.oldest and foresight.newest:
        read = {"oldest": foresight.oldest, "newest": foresight.newest}
        times = {name: at.astimezone().strftime(words["time"]) for name, at in read.items()}
        yield say("judged", judged=foresight.judged, **times)
    for why, count in foresight.unjudged.items():
        yield say("unjudged", why=words["why"].get(why, why), count=count)
    for rule, count in foresight.rules_unjudged.items():
        yield say("rule_unjudged", rule=messages.title(rule), count=count)
    if not foresight.changes:
        yield say("same" if foresight.judged else "nothing_kept")
        return
    counts = {name: getattr(foresight, name) for name in ("flagged", "released", "recorded", "held")}
    yield say("counts", **counts, moved=foresight.moved_back)
    for rule, (flagged, released, recorded) in foresight.by_rule.items():
        line = say("rule", rule=messages.title(rule), flagged=flagged, released=released, recorded=recorded)
        yield f"  {line}"
    yield from (f"{each.ref}: {_change(each, messages, words)}" for each in foresight.changes[:limit])
    if len(foresight.changes) > limit:
        yield say("more", count=len(foresight.changes) - limit)


def _change(change: Change, messages: Messages, words: dict[str, Any]) -> str:
    parts = [f"☐ {messages.title(rule)}" for rule in change.flagged]
    parts += [f"☑ {messages.title(rule)}" for rule in change.released]
    if change.recorded:
        rules = ", ".join(map(messages.title, change.recorded))
        parts.append(messages.render(words["recorded"], rules=rules))
    if change.moved_to:
        parts.append(f"↩ {messages.render(words['moved'], stage=change.moved_to)}")
    if change.held:
        parts.append(f"⚠ {words['held']}")
    return ", ".join(parts)
