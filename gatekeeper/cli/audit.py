"""`gatekeeper audit`: the whole portal judged, and how much of it breaks which rule. It writes nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.errors import PortalError

if TYPE_CHECKING:
    from gatekeeper.audit import AuditState

INTERRUPTED = 1
"""Exit status where the portal stopped answering, or another process is at it."""


@click.command("audit")
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else on standard output.")
@click.option("--mark", is_flag=True, help="Have the workers write what is missing, after all else.")
@click.option("--anew", is_flag=True, help="Begin with the first card, whatever was judged already.")
@config_option
def audit_command(as_json: bool, mark: bool, anew: bool, config_file: Path | None) -> None:
    """Judge every deal, contact and lead; interrupted, it goes on where it was."""
    from gatekeeper.audit import AuditUnderWay
    from gatekeeper.bootstrap import Gatekeeper

    audit = Gatekeeper(load_or_exit(config_file)).audit(mark=mark)
    try:
        state = audit.begin(anew=anew)
        total = sum(state.totals.values())
        with click.progressbar(length=total, label="audit", file=sys.stderr) as bar:
            bar.update(_done(state))
            while state.kind is not None:
                before = _done(state)
                state = audit.step(state)
                bar.update(_done(state) - before)
    except (PortalError, AuditUnderWay) as error:
        why = str(error) or "another process is at it"
        click.echo(f"audit: {why}; run it again to go on", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    summary = _summary(state)
    click.echo(json.dumps(summary) if as_json else _in_words(summary))


def _done(state: AuditState) -> int:
    return sum(state.cards.values()) + state.unread


def _summary(state: AuditState) -> dict[str, object]:
    kept = state.as_json()
    return {name: kept[name] for name in ("cards", "violations", "not_judged", "unread", "amiss")}


def _in_words(summary: dict[str, object]) -> str:
    lines = []
    for name, value in summary.items():
        if isinstance(value, dict):
            lines.append(f"{name}:")
            lines += [f"  {count:>8}  {key}" for key, count in value.items()]
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)
