"""What is done with the database as a whole: `backup`, `restore`, `prune`, and `forget` a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.dead import parse_ref
from gatekeeper.messages.words import Words
from gatekeeper.model.errors import BackupError
from gatekeeper.model.refs import EntityRef, Kind

if TYPE_CHECKING:
    from gatekeeper.app.tables import Store
    from gatekeeper.config import Config

FILE = click.Path(path_type=Path, dir_okay=False)
REFUSED = 1


@click.command("backup")
@click.argument("file", type=FILE)
@config_option
def backup_command(file: Path, config_file: Path | None) -> None:
    """Write everything of the database into FILE, while the gatekeeper works. It holds personal data."""
    from gatekeeper.store.upkeep.backup import write_backup

    with _opened(config_file) as (_, store, words):
        rows = write_backup(store.engine, file)
        click.echo(words.say("written", file=str(file), rows=_in_words(rows, words)))


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@config_option
def restore_command(file: Path, config_file: Path | None) -> None:
    """Fill an empty database, SQLite or PostgreSQL, from a backup. Stop web and worker before."""
    from gatekeeper.store.upkeep.backup import check_backup, restore

    # Before the database is opened, which makes an SQLite file where there is none.
    with _opened(config_file, before=lambda: check_backup(file)) as (_, store, words):
        rows = restore(file, store.engine)
        click.echo(words.say("restored", rows=_in_words(rows, words)))


@click.command("prune")
@config_option
def prune_command(config_file: Path | None) -> None:
    """Delete now what is older than [retention] keeps; a worker does so once a day."""
    from gatekeeper.app.tables import make_retention

    with _opened(config_file) as (config, store, words):
        rows = make_retention(config, store).prune(store.heartbeat.portal_now())
        click.echo(words.say("pruned", rows=_in_words(rows, words)))


@click.command("forget")
@click.argument("kind", type=click.Choice([Kind.CONTACT.value, Kind.DEAL.value, Kind.LEAD.value]))
@click.argument("number", type=click.IntRange(min=1))
@click.option("--also", type=parse_ref, multiple=True, metavar="REF")
@click.option("--yes", is_flag=True)
@config_option
def forget_command(
    kind: str, number: int, also: tuple[EntityRef, ...], yes: bool, config_file: Path | None
) -> None:
    """Erase a person's data from the index and the journal, for good. The portal is not touched.

    A contact's deals and leads are found by themselves and told before anything is erased. Figures and dates
    of what was decided stay, with nobody in them.
    """
    from gatekeeper.app.tables import utc_now
    from gatekeeper.store.upkeep.erasure import Erasure

    ref = EntityRef(Kind(kind), number)
    with _opened(config_file) as (config, store, words):
        erasure = Erasure(store.engine, utc_now)
        cards = erasure.find(ref, also).cards
        click.echo(words.say("to_erase", cards=", ".join(map(str, cards))))
        if not yes:
            click.confirm(words.say("sure"), abort=True)
        rows = erasure.forget(ref, also)
        exempt = [exemption for exemption in config.policy.exemptions if exemption.entity in cards]
        changed = {name: count for name, count in rows.items() if name != "cards" and count}
        said = words.say("forgotten", ref=str(ref), rows=_in_words(changed, words))
        click.echo(said if changed else words.say("unknown", ref=str(ref)))
        for exemption in exempt:
            click.echo(words.say("in_config", id=exemption.id, entity=str(exemption.entity)))
        click.echo(words.say("later"))


@contextmanager
def _opened(
    config_file: Path | None, before: Callable[[], None] = lambda: None
) -> Iterator[tuple[Config, Store, Words]]:
    """What a backup refuses ends the command in words."""
    from gatekeeper.app.bootstrap import messages_of
    from gatekeeper.app.tables import open_store

    config = load_or_exit(config_file)
    words = messages_of(config).words("storage")
    try:
        before()
        with open_store(config) as store:
            yield config, store, words
    except BackupError as error:
        click.echo(f"gatekeeper: {words.say(f'refused.{error.code}', **error.facts)}", err=True)
        raise click.exceptions.Exit(REFUSED) from None


def _in_words(rows: Mapping[str, int], words: Words) -> str:
    return ", ".join(f"{name} {count}" for name, count in rows.items() if count) or words.say("nothing")
