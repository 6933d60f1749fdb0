"""`gatekeeper messages show|source`: what managers are told, and the file to reword it from."""

from __future__ import annotations

from pathlib import Path

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.speech import spoken
from gatekeeper.messages import LANGUAGES, own_templates, source_of


@click.group("messages")
def messages_command() -> None:
    """Print all that managers are told."""


@messages_command.command("show")
@config_option
def show(config_file: Path | None) -> None:
    """Print every message with facts like real ones, as Markdown.

    With --config what is in force there, your own templates included; else ours in every language.
    """
    from gatekeeper.messages.page import render_page

    if config_file is None:
        click.echo(render_page({language: own_templates(language) for language in LANGUAGES}), nl=False)
        return
    said = load_or_exit(config_file).messages
    click.echo(render_page({said.language: said.templates or own_templates(said.language)}), nl=False)


@messages_command.command("source")
@click.option("--language", type=click.Choice(LANGUAGES))
def source(language: str | None) -> None:
    """Print our own templates: keep in a file of yours what you reword, and name it in the config."""
    click.echo(source_of(language or spoken()), nl=False)
