"""`gatekeeper dead list|retry`: cards that nobody looks at any more, and how to have them looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.speech import say, spoken
from gatekeeper.messages.refusals import tell_refusal
from gatekeeper.messages.words import Words
from gatekeeper.model.refs import EntityRef
from gatekeeper.store.inbox import DeadLetter, Inbox

NOT_DEAD = 1
"""Exit status where a card named to `retry` was no dead letter."""


def parse_ref(text: str) -> EntityRef:
    """Read an argument such as deal:41, for click."""
    try:
        return EntityRef.parse(text)
    except ValueError:
        raise click.BadParameter(say("asked.no_reference", value=text)) from None


@click.group("dead")
def dead_command() -> None:
    """Dead letters: cards that failed too often, or that the portal refuses for good."""


@dead_command.command("list")
@click.option("--json", "as_json", is_flag=True)
@config_option
def list_command(as_json: bool, config_file: Path | None) -> None:
    """Print them, oldest first."""
    with _opened(config_file) as (inbox, words):
        letters = inbox.dead_letters()
    if as_json:
        click.echo(json.dumps([_as_json(letter) for letter in letters], ensure_ascii=False))
    else:
        click.echo("\n".join(_in_words(letter, words) for letter in letters) or words.say("none"))


@dead_command.command("retry")
@click.argument("refs", type=parse_ref, nargs=-1, metavar="[REF]...")
@click.option("--all", "every", is_flag=True)
@config_option
def retry_command(refs: tuple[EntityRef, ...], every: bool, config_file: Path | None) -> None:
    """Have these cards, such as deal:41, looked at again with all their attempts before them."""
    if every == bool(refs):
        raise click.UsageError(say("asked.name_or_all"))
    with _opened(config_file) as (inbox, words):
        retried = inbox.retry_dead(None if every else refs)
    click.echo(words.say("retried", count=retried))
    if not every and retried < len(set(refs)):
        click.echo(words.say("not_dead", count=len(set(refs)) - retried), err=True)
        raise click.exceptions.Exit(NOT_DEAD)


@contextmanager
def _opened(config_file: Path | None) -> Iterator[tuple[Inbox, Words]]:
    from gatekeeper.app.bootstrap import messages_of
    from gatekeeper.app.tables import open_store

    config = load_or_exit(config_file)
    with open_store(config) as store:
        yield store.inbox, messages_of(config).words("dead")


def _as_json(letter: DeadLetter) -> dict[str, Any]:
    return {
        "ref": str(letter.ref),
        "attempts": letter.attempts,
        "error": letter.error,
        "first_marked": letter.first_marked.astimezone(UTC).isoformat(),
    }


def _in_words(letter: DeadLetter, words: Words) -> str:
    since = letter.first_marked.astimezone(UTC).strftime(words.formatter.moment)
    error = tell_refusal(spoken(), letter.error) if letter.error else words.say("silent")
    return words.say("letter", ref=str(letter.ref), attempts=letter.attempts, since=since, error=error)
