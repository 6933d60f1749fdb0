"""`gatekeeper config check|show|reference` and `gatekeeper init`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from gatekeeper.app.logs import secrets_of, set_up_logging
from gatekeeper.config import Config, find_config, load_config
from gatekeeper.config.text import language_in, render_problems, say
from gatekeeper.messages.words import LANGUAGES, Language
from gatekeeper.model.errors import ConfigError

Command = TypeVar("Command", bound=Callable[..., Any])

BAD_CONFIG = 2
"""Exit status where the config keeps a command from starting."""


def config_option(command: Command) -> Command:
    """Give a command `--config FILE`, as the argument `config_file`."""
    kind = click.Path(path_type=Path)
    return click.option("--config", "config_file", type=kind, metavar="FILE")(command)


def language_option(command: Command) -> Command:
    """Give a command `--language`, None unless used."""
    return click.option("--language", type=click.Choice(LANGUAGES))(command)


def load_or_exit(config_file: Path | None, language: str | None = None) -> Config:
    """Load the config, or print all that is wrong with it on stderr and exit; from then on log as it says."""
    chosen = _chosen(language, config_file)
    try:
        config = _load(config_file, chosen)
    except ConfigError as error:
        click.echo(render_problems(error, chosen), err=True)
        raise click.exceptions.Exit(BAD_CONFIG) from None
    verbose = bool(click.get_current_context().find_root().params.get("verbose"))
    set_up_logging(config.log, secrets_of(config), verbose=verbose)
    return config


def _chosen(language: str | None, config_file: Path | None = None) -> Language:
    return cast("Language", language) if language else language_in(os.environ, config_file)


def _load(config_file: Path | None, language: Language) -> Config:
    return load_config(config_file, {**os.environ, "GATEKEEPER_LANGUAGE": language})


@click.group("config")
def config_command() -> None:
    """Check, show and explain the config."""


@config_command.command("check")
@config_option
@language_option
def check(config_file: Path | None, language: str | None) -> None:
    """Print "ok" and the policy's revision, or every problem at once."""
    chosen = _chosen(language, config_file)
    try:
        config = _load(config_file, chosen)
    except ConfigError as error:
        click.echo(render_problems(error, chosen))
        raise click.exceptions.Exit(BAD_CONFIG) from None
    click.echo(say(chosen, "ok", revision=config.policy.revision))


@config_command.command("show")
@config_option
@language_option
def show(config_file: Path | None, language: str | None) -> None:
    """Print the values in force, secrets masked."""
    from gatekeeper.config.toml import render_config

    config = load_or_exit(config_file, language)
    file = find_config(config_file, os.environ)
    click.echo(
        f"# {say(_chosen(language, config_file), 'shown', file=file, revision=config.policy.revision)}\n"
    )
    click.echo(render_config(config), nl=False)


@config_command.command("reference")
@language_option
def reference(language: str | None) -> None:
    """Print every key with its type, default and meaning, as Markdown."""
    from gatekeeper.config.reference import render_reference

    click.echo(render_reference(_chosen(language)), nl=False)


@click.command("init")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--force", is_flag=True)
@config_option
@language_option
def init_command(path: Path | None, force: bool, config_file: Path | None, language: str | None) -> None:
    """Write a commented config for a real portal, which only looks on at first."""
    from gatekeeper.config.reference import render_example

    chosen = _chosen(language, config_file)
    file = path or find_config(config_file, os.environ)
    try:
        with file.open("w" if force else "x", encoding="utf-8", newline="\n") as out:
            out.write(render_example(chosen))
    except FileExistsError:
        raise click.ClickException(say(chosen, "exists", file=file)) from None
    except OSError:
        raise click.ClickException(say(chosen, "no_write", file=file)) from None
    click.echo(say(chosen, "wrote", file=file))
