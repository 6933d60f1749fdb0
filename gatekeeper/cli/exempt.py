"""`gatekeeper exempt add|list|remove`: what is let be, by whom, why and until when."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.speech import describe
from gatekeeper.config.exemptions import BIGGEST_ID, Card, find_contradiction
from gatekeeper.config.forms import Misfit
from gatekeeper.config.text import say
from gatekeeper.config.urls import webhook_owner
from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.messages.words import Words
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.exemption import FROM_CONFIG, Exemption, exemption_as_json
from gatekeeper.model.refs import EntityRef, Priority

if TYPE_CHECKING:
    from gatekeeper.app.bootstrap import Gatekeeper
    from gatekeeper.store.exemptions import Granted

Command = TypeVar("Command", bound=Callable[..., Any])
UNKNOWN = 1
"""Exit status where there is no such exemption to remove."""


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True)(command)


def author_option(command: Command) -> Command:
    return click.option("--author")(command)


@click.group("exempt")
def exempt_command() -> None:
    """Let violations be: with a reason, somebody who answers for it, and a last day."""


@exempt_command.command("add")
@click.option("--entity")
@click.option("--rule", type=click.Choice(RULE_IDS), metavar="RULE")
@click.option("--part")
@click.option("--pipeline", type=click.IntRange(0, BIGGEST_ID))
@click.option("--source")
@click.option("--user", type=click.IntRange(1, BIGGEST_ID))
@click.option("--until")
@click.option("--reason", required=True)
@author_option
@json_option
@config_option
def add(author: str | None, as_json: bool, config_file: Path | None, **given: Any) -> None:
    """Exempt what meets every condition given. The cards concerned are looked at again."""
    with _opened(config_file) as gatekeeper:
        words = _words(gatekeeper)
        now = gatekeeper.store.heartbeat.portal_now()
        chosen = {name: value for name, value in given.items() if value is not None}
        known = _read(chosen, words, now.astimezone().date())
        if found := find_contradiction(known):
            raise click.UsageError(say(gatekeeper.config.messages.language, found[1]))
        # Deals are moved back in the owner's name: exempting the owner would undo every move.
        if known.get("user") == webhook_owner(gatekeeper.config.portal.url.reveal()):
            raise click.BadParameter(words.say("owner"), param_hint="--user")
        if "entity" in known:
            _look_for(known["entity"], gatekeeper, words)
        wanted = Exemption(id="", author=_author(author, words), **known)
        exemption = gatekeeper.store.exemptions.grant(wanted, now)
        cards = _look_again(gatekeeper, exemption)
    if as_json:
        click.echo(json.dumps(exemption_as_json(exemption) | {"cards": cards}, ensure_ascii=False))
    else:
        click.echo(words.say("granted", id=exemption.id, what=_in_words(exemption, words), cards=cards))


def _read(given: Mapping[str, Any], words: Words, today: date) -> dict[str, Any]:
    """Values out of what was typed; here and not as click does it, so that the config's language is known."""
    known = dict(given)
    for name, longest in (("part", 64), ("source", 64), ("reason", 1000)):
        if name in known:
            _check_line(known[name], longest, f"--{name}", words)
    if "entity" in known:
        try:
            known["entity"] = Card().parse(known["entity"])
        except Misfit:
            said = words.say("no_card", value=known["entity"])
            raise click.BadParameter(said, param_hint="--entity") from None
    if "until" in known:
        known["until"] = _day(known["until"], words, today)
    return known


def _day(text: str, words: Words, today: date) -> date:
    try:
        day = words.formatter.read_day(text)
    except ValueError:
        raise click.BadParameter(words.say("no_day", value=text), param_hint="--until") from None
    if day < today:
        raise click.BadParameter(words.say("past"), param_hint="--until")
    return day


def _check_line(text: str, longest: int, option: str, words: Words) -> None:
    """A line that the database can keep."""
    if not (text.strip() and text.isprintable() and len(text) <= longest):
        raise click.BadParameter(words.say("no_line", longest=longest), param_hint=option)


def _author(named: str | None, words: Words) -> str:
    try:
        author = getpass.getuser() if named is None else named
    except (ImportError, KeyError, OSError):  # a container's user may have no name
        raise click.UsageError(words.say("nobody")) from None
    _check_line(author, 128, "--author", words)
    return author


def _look_for(card: EntityRef, gatekeeper: Gatekeeper, words: Words) -> None:
    """Refuse a card that the portal has not; where it cannot be asked, say so and take its word."""
    from gatekeeper.app.questions import foresee_card

    try:
        foresee_card(gatekeeper, card)
    except NotFound:
        said = words.say("no_such_card", value=str(card))
        raise click.BadParameter(said, param_hint="--entity") from None
    except PortalError as error:
        click.echo(words.say("unseen", value=str(card), why=describe(error)), err=True)


@exempt_command.command("remove")
@click.argument("exemption_id", metavar="ID")
@author_option
@json_option
@config_option
def remove(exemption_id: str, author: str | None, as_json: bool, config_file: Path | None) -> None:
    """End an exemption before its time. It stays in the list of all that ever were."""
    with _opened(config_file) as gatekeeper:
        words = _words(gatekeeper)
        if exemption_id.startswith(FROM_CONFIG):
            raise click.UsageError(words.say("in_config", id=exemption_id))
        known = {exemption.id: exemption for exemption in gatekeeper.store.exemptions.in_force()}
        now = gatekeeper.store.heartbeat.portal_now()
        if not gatekeeper.store.exemptions.remove(exemption_id, _author(author, words), now):
            click.echo(words.say("unknown", id=exemption_id), err=True)
            raise click.exceptions.Exit(UNKNOWN)
        cards = _look_again(gatekeeper, known[exemption_id])
    if as_json:
        click.echo(json.dumps({"id": exemption_id, "cards": cards}))
    else:
        click.echo(words.say("removed", id=exemption_id, cards=cards))


@exempt_command.command("list")
@click.option("--all", "with_removed", is_flag=True)
@json_option
@config_option
def list_command(with_removed: bool, as_json: bool, config_file: Path | None) -> None:
    """What is let be: by the config and by command, and on how many cards it takes something off now."""
    with _opened(config_file) as gatekeeper:
        granted = [
            exemption
            for exemption in gatekeeper.store.exemptions.listed()
            if with_removed or exemption.removed_at is None
        ]
        covered = gatekeeper.store.exemptions.covered()
        today = gatekeeper.store.heartbeat.portal_now().astimezone().date()
    if as_json:
        rows = [_as_json(exemption, None, covered) for exemption in gatekeeper.config.policy.exemptions]
        rows += [_as_json(each.exemption, each, covered) for each in granted]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    words = _words(gatekeeper)
    configured = gatekeeper.config.policy.exemptions
    lines = [_line(exemption, None, covered, today, words) for exemption in configured]
    lines += [_line(each.exemption, each, covered, today, words) for each in granted]
    click.echo("\n".join(lines) or words.say("none"))


def _opened(config_file: Path | None) -> Gatekeeper:
    from gatekeeper.app.bootstrap import open_gatekeeper

    return open_gatekeeper(load_or_exit(config_file))


def _words(gatekeeper: Gatekeeper) -> Words:
    return gatekeeper.messages.words("exempt")


def _look_again(gatekeeper: Gatekeeper, exemption: Exemption) -> int:
    """Mark what it concerns: one card at once, many behind what people do meanwhile."""
    refs = gatekeeper.store.exemptions.concerned(exemption)
    priority = Priority.LIVE if exemption.entity else Priority.SWEEP
    gatekeeper.store.inbox.mark_dirty(refs, priority=priority)
    return len(refs)


def _as_json(exemption: Exemption, granted: Granted | None, covered: Mapping[str, int]) -> dict[str, Any]:
    times = {
        "granted_at": granted.granted_at.isoformat() if granted else None,
        "removed_at": granted.removed_at.isoformat() if granted and granted.removed_at else None,
        "removed_by": granted.removed_by if granted else None,
    }
    return exemption_as_json(exemption) | times | {"cards": covered.get(exemption.id, 0)}


def _line(
    exemption: Exemption,
    granted: Granted | None,
    covered: Mapping[str, int],
    today: date,
    words: Words,
) -> str:
    ended = []
    if exemption.until and exemption.until < today:
        ended.append(words.say("over"))
    if granted and granted.removed_by:
        ended.append(words.say("gone", author=granted.removed_by))
    cards = words.say("covers", cards=covered.get(exemption.id, 0))
    return " · ".join([exemption.id, _in_words(exemption, words), cards, *ended])


def _in_words(exemption: Exemption, words: Words) -> str:
    names = ("entity", "rule", "part", "pipeline", "source", "user")
    values = {name: getattr(exemption, name) for name in names}
    what = ", ".join(words.say(name, value=value) for name, value in values.items() if value is not None)
    end = words.say("for_good")
    if exemption.until:
        end = words.say("until", value=exemption.until.strftime(words.formatter.day))
    return f"{what} · {end} · {exemption.author}: {exemption.reason}"
