"""`gatekeeper check deal 662`: what the gatekeeper thinks of a card, and would do. It writes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.speech import describe
from gatekeeper.enforcement import (
    Action,
    CloseNotes,
    MoveStage,
    Notify,
    Plan,
    PostComment,
    SetField,
    UpdateComment,
)
from gatekeeper.enforcement.grace import graces_running
from gatekeeper.judge.modes import departments_missing, mode_of
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.verdict import Verdict
from gatekeeper.messages import Messages
from gatekeeper.messages.words import Words
from gatekeeper.model.cards import Snapshot, Unread
from gatekeeper.model.errors import (
    AccessDenied,
    AccessLost,
    Moved,
    NotFound,
    PortalError,
    ScopeMissing,
    Unavailable,
)
from gatekeeper.model.exemption import exemption_as_json
from gatekeeper.model.findings import Announcement, Violation
from gatekeeper.model.refs import EntityRef, Kind

UNREAD = 1
"""Exit status where the card could not be read, so that nothing is said of it."""


@click.command("check")
@click.argument("kind", type=click.Choice([Kind.DEAL.value, Kind.CONTACT.value, Kind.LEAD.value]))
@click.argument("number", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True)
@config_option
def check_command(kind: str, number: int, as_json: bool, config_file: Path | None) -> None:
    """Read one card, judge it, and print the verdict and what would be done."""
    from gatekeeper.app.bootstrap import messages_of, open_gatekeeper
    from gatekeeper.app.questions import foresee_card

    config, ref = load_or_exit(config_file), EntityRef(Kind(kind), number)
    messages = messages_of(config)
    try:
        with open_gatekeeper(config) as gatekeeper:
            card = foresee_card(gatekeeper, ref)
    except PortalError as error:
        words = messages.words("check")
        click.echo(f"{ref}: {words.say(f'unread.{_why(error)}', detail=describe(error))}", err=True)
        raise click.exceptions.Exit(UNREAD) from None
    if as_json:
        told = _as_json(card.snapshot, card.verdict, card.planned, config.policy)
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(_in_words(card.snapshot, card.verdict, card.planned, config.policy, messages))


def _why(error: PortalError) -> str:
    """What the admin can do about it, as the words call it."""
    match error:
        case NotFound():
            return "gone"
        case AccessDenied():
            return "hidden"
        case AccessLost() | Moved():
            return "locked"
        case ScopeMissing():
            return "scope"
        case Unavailable():
            return "later"
        case _:
            return "refused"


def _as_json(snapshot: Snapshot, verdict: Verdict, planned: Plan, policy: Policy) -> dict[str, Any]:
    return {
        "ref": str(verdict.ref),
        "status": verdict.status,
        "violations": [
            {
                "rule": violation.rule,
                "mode": mode_of(policy, violation.rule, snapshot),
                "facts": dict(violation.facts),
                **_due(violation, planned),
            }
            for violation in verdict.violations
        ],
        "not_judged": [
            {"rule": unjudged.rule, "why": [_unread_as_json(unread) for unread in unjudged.why]}
            for unjudged in verdict.not_judged
        ],
        **_exempted(verdict),
        "actions": [_action_as_json(action) for action in planned.actions],
    }


def _unread_as_json(unread: Unread) -> dict[str, Any]:
    return {"code": unread.code, "facts": dict(unread.facts)}


def _exempted(verdict: Verdict) -> dict[str, Any]:
    """What exemptions take off the card; nothing where none does."""
    found = [
        {"rule": waived.rule, "facts": dict(waived.facts), "exemption": exemption_as_json(waived.exemption)}
        for waived in verdict.exempted
    ]
    return {"exempted": found} if found else {}


def _due(violation: Violation, planned: Plan) -> dict[str, str]:
    """When its grace ends; nothing where none runs."""
    grace = graces_running(planned.history).get(violation.rule)
    return {"due_at": grace.due_at.isoformat()} if grace else {}


def _action_as_json(action: Action) -> dict[str, Any]:
    match action:
        case PostComment(text=text):
            return {"action": "PostComment", "text": text}
        case UpdateComment(comment_id=comment_id, text=text, pin=pin):
            return {"action": "UpdateComment", "comment_id": comment_id, "text": text, "pin": pin}
        case CloseNotes(comment_ids=comment_ids):
            return {"action": "CloseNotes", "comment_ids": list(comment_ids)}
        case MoveStage(from_stage_id=before, to_stage_id=after):
            return {"action": "MoveStage", "from": before, "to": after}
        case SetField(field=field, value=value):
            return {"action": "SetField", "field": field, "value": value}
        case Notify(occasion=occasion, to=to):
            return {"action": "Notify", "occasion": occasion, "to": list(to)}


def _in_words(snapshot: Snapshot, verdict: Verdict, planned: Plan, policy: Policy, messages: Messages) -> str:
    words, graces = messages.words("check"), graces_running(planned.history)
    status = verdict.status or "none"
    lines = [f"{verdict.ref}: {words.say(f'status.{status}')}"]
    for violation in verdict.violations:
        mode = mode_of(policy, violation.rule, snapshot)
        until = messages.until(graces[violation.rule], snapshot) if violation.rule in graces else ""
        said = messages.render_violation(violation, markup=False, until=until)
        lines.append(f"  ☐ {said} [{violation.rule}, {mode}]")
    if not verdict.violations:
        lines.append(f"  ☑ {words.say('well')}")
    for waived in verdict.exempted:
        said = messages.render_violation(Violation(waived.rule, waived.facts), markup=False)
        why = f"{waived.rule}, {waived.exemption.id}: {waived.exemption.reason}, {waived.exemption.author}"
        lines.append(f"  ⊘ {words.say('exempted')}: {said} [{why}]")
    if isinstance(verdict.outlook, Announcement):
        lines.append(f"  ⏳ {messages.render_announcement(verdict.outlook)}")
    lines += [
        f"  ? {words.say('not_judged')}: {unjudged.rule} — {messages.unread(unjudged.why)}"
        for unjudged in verdict.not_judged
    ]
    if unsure := departments_missing(policy, snapshot):
        lines.append(f"  ? {words.say('mildest')} — {messages.unread((unsure,))}")
    lines += [f"  → {_action_in_words(action, words)}" for action in planned.actions]
    return "\n".join(lines)


def _action_in_words(action: Action, words: Words) -> str:
    match action:
        case PostComment():
            return words.say("post")
        case UpdateComment(comment_id=comment_id):
            return f"{words.say('update')} {comment_id}"
        case CloseNotes(comment_ids=comment_ids):
            return f"{words.say('close')} {', '.join(map(str, comment_ids))}"
        case MoveStage(from_stage_id=before, to_stage_id=after):
            return f"{words.say('move')}: {before} → {after}"
        case SetField(field=field, value=value):
            return f"{words.say('set')} {field}: {value}"
        case Notify(to=to):
            return f"{words.say('notify')}: {', '.join(map(str, to))}"
