"""Help and errors of the command line, in the language of the config or, without one, of the system."""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping, Sequence
from copy import copy
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import click

from gatekeeper.config.text import language_in
from gatekeeper.messages.refusals import tell_refusal
from gatekeeper.messages.words import Language, Words, words_of
from gatekeeper.model.errors import GatekeeperError, ToldError

T = TypeVar("T", bound=click.Command)
CLICKS_OWN = "click"


def language_of_call(arguments: Sequence[str], environ: Mapping[str, str]) -> Language:
    """Find out before click parses: what it says of a wrong argument has a language, too."""
    return language_in(environ, _config_in(arguments))


def _config_in(arguments: Sequence[str]) -> Path | None:
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, sign, value = argument.partition("=")
        if name == "--config" and (value or following):
            return Path(value if sign else following)
    return None


def let_click_speak(language: Language) -> None:
    """Click asks gettext, and gettext the environment."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(CLICKS_OWN, str(files("gatekeeper.messages")))
    gettext.textdomain(CLICKS_OWN)


def spoken() -> Language:
    """The language of the command under way, which is its context's object."""
    context = click.get_current_context(silent=True)
    language: Language | None = context.obj if context else None
    return language or language_in(os.environ)


def worded(command: T, words: Words, path: str = "") -> T:
    """Return the same command with its help in these words."""
    told = copy(command)
    told.help = words.say(f"{path}about").strip()
    told.params = [_worded(parameter, words, path) for parameter in command.params]
    if isinstance(told, click.Group):
        told.commands = {name: worded(each, words, f"{path}{name}.") for name, each in told.commands.items()}
    return told


def _worded(parameter: click.Parameter, words: Words, path: str) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    told = copy(parameter)
    shared = words.known(f"options.{parameter.name}", parameter.help or "")
    told.help = words.known(f"{path}{parameter.name}", shared)
    return told


def say(code: str, /, **facts: Any) -> str:
    """Say why a command failed."""
    return words_of(spoken(), "errors").say(code, **facts)


def describe(error: GatekeeperError) -> str:
    """Say what went wrong, for the person who gave the command."""
    if isinstance(error, ToldError):
        return say(f"errors.{error.code}", **error.facts)
    return tell_refusal(spoken(), str(error))
