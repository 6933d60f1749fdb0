"""`gatekeeper audit`: the whole portal judged, and how much of it breaks which rule. It writes nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.speech import describe
from gatekeeper.messages.words import Words
from gatekeeper.model.errors import PortalError

if TYPE_CHECKING:
    from gatekeeper.messages import Messages
    from gatekeeper.worker.audit import Audit, AuditState

INTERRUPTED = 1
"""Exit status where the portal stopped answering, or another process is at it."""


@click.command("audit")
@click.option("--json", "as_json", is_flag=True)
@click.option("--mark", is_flag=True)
@click.option("--anew", is_flag=True)
@config_option
def audit_command(as_json: bool, mark: bool, anew: bool, config_file: Path | None) -> None:
    """Judge every deal, contact and lead; interrupted, it goes on where it was."""
    from gatekeeper.app.bootstrap import open_gatekeeper
    from gatekeeper.app.questions import make_audit
    from gatekeeper.worker.audit import AuditUnderWay

    with open_gatekeeper(load_or_exit(config_file)) as gatekeeper:
        audit, words = make_audit(gatekeeper, mark=mark), gatekeeper.messages.words("audit")
        try:
            state = _judge_all(audit, words, anew=anew)
        except (PortalError, AuditUnderWay) as error:
            why = describe(error) if isinstance(error, PortalError) else words.say("busy")
            click.echo(words.say("stopped", why=why), err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
        summary = _summary(state)
        click.echo(
            json.dumps(summary) if as_json else _in_words(state, gatekeeper.messages, words, mark=mark)
        )


def _judge_all(audit: Audit, words: Words, *, anew: bool) -> AuditState:
    """Go on to the last card, with a bar on standard error."""
    state = audit.begin(anew=anew)
    total = sum(state.totals.values())
    with click.progressbar(length=total, label=words.say("label"), file=sys.stderr) as bar:
        bar.update(_done(state))
        while state.kind is not None:
            before = _done(state)
            state = audit.step(state)
            bar.update(_done(state) - before)
    return state


def _done(state: AuditState) -> int:
    return sum(state.cards.values()) + state.unread


def _summary(state: AuditState) -> dict[str, object]:
    kept = state.as_json()
    return {name: kept[name] for name in ("cards", "violations", "not_judged", "unread", "amiss")}


def _in_words(state: AuditState, messages: Messages, words: Words, *, mark: bool) -> str:
    lines = [words.say("cards"), *(_line(count, words.say(kind)) for kind, count in state.cards.items())]
    for name, counts in (("violations", state.violations), ("not_judged", state.not_judged)):
        lines += [words.say(name)] if counts else []
        lines += [_line(count, f"{messages.title(rule)} [{rule}]") for rule, count in sorted(counts.items())]
    lines.append(words.say("unread", count=state.unread))
    lines.append(words.say("amiss_marked" if mark else "amiss", count=state.amiss))
    return "\n".join(lines)


def _line(count: int, what: str) -> str:
    return f"  {count:>8}  {what}"
