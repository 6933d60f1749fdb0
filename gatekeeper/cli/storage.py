"""`gatekeeper backup` and `restore`: the whole database in one file, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatekeeper.cli.config import config_option, load_or_exit

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
