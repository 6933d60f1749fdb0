"""What is done with the database as a whole: `backup`, `restore`, `prune`, and `forget` a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.dead import parse_ref
from gatekeeper.model import EntityRef, Kind

if TYPE_CHECKING:
    from gatekeeper.bootstrap import Gatekeeper

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=FILE)
@config_option
def backup_command(file: Path, config_file: Path | None) -> None:
    """Write everything of the database into FILE, while the gatekeeper works. It holds personal data."""
    from gatekeeper.backup import write_backup

    with _gatekeeper(config_file) as gatekeeper:
        click.echo(f"{file}: {_in_words(write_backup(gatekeeper.engine, file))}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@config_option
def restore_command(file: Path, config_file: Path | None) -> None:
    """Fill an empty database, SQLite or PostgreSQL, from a backup. Stop web and worker before."""
    from gatekeeper.backup import restore

    with _gatekeeper(config_file) as gatekeeper:
        click.echo(f"restored: {_in_words(restore(file, gatekeeper.engine))}")


@click.command("prune")
@config_option
def prune_command(config_file: Path | None) -> None:
    """Delete now what is older than [retention] keeps; a worker does so once a day."""
    with _gatekeeper(config_file) as gatekeeper:
        click.echo(f"deleted: {_in_words(gatekeeper.retention.prune(datetime.now(UTC)))}")


@click.command("forget")
@click.argument("kind", type=click.Choice([Kind.CONTACT.value, Kind.DEAL.value, Kind.LEAD.value]))
@click.argument("number", type=click.IntRange(min=1))
@click.option(
    "--also",
    type=parse_ref,
    multiple=True,
    metavar="REF",
    help="Another card that speaks of it, as deal:41.",
)
@click.option("--yes", is_flag=True, help="Do not ask before erasing.")
@config_option
def forget_command(
    kind: str, number: int, also: tuple[EntityRef, ...], yes: bool, config_file: Path | None
) -> None:
    """Erase a person's data from the index and the journal, for good. The portal is not touched.

    A contact's deals and leads are found by themselves and told before anything is erased. Figures and dates
    of what was decided stay, with nobody in them.
    """
    ref = EntityRef(Kind(kind), number)
    with _gatekeeper(config_file) as gatekeeper:
        cards = gatekeeper.erasure.find(ref, also).cards
        click.echo(f"to be erased: {', '.join(map(str, cards))}")
        if not yes:
            click.confirm("for good?", abort=True)
        rows = gatekeeper.erasure.forget(ref, also)
        exempt = [each for each in gatekeeper.config.policy.exemptions if each.entity in cards]
    click.echo(f"{ref} forgotten: {_in_words(rows)}")
    for each in exempt:
        click.echo(f"{each.id} in the config is of {each.entity}: erase its reason there, too.")
    click.echo("Backups are not touched. While the portal has the card, its next change is kept anew.")


@contextmanager
def _gatekeeper(config_file: Path | None) -> Iterator[Gatekeeper]:
    from gatekeeper.bootstrap import Gatekeeper

    gatekeeper = Gatekeeper(load_or_exit(config_file))
    try:
        yield gatekeeper
    finally:
        gatekeeper.engine.dispose()


def _in_words(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in rows.items() if count) or "nothing"
