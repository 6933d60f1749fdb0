"""What is said about the config, in Russian and in English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from gatekeeper.config.lines import KeyPath
from gatekeeper.messages.words import LANGUAGES, Language, words_of
from gatekeeper.model.errors import ConfigError

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables that name the system's locale, the strongest first."""


def say(language: Language, code: str, **facts: object) -> str:
    """Fill the text of that code; KeyError for a code that has none."""
    return words_of(language, "config").say(code, **facts)


def meaning_of(language: Language, path: KeyPath) -> str:
    """Say what a key or a table is for; rules share their keys, and so do exemptions."""
    match path:
        case ("rules", rule):
            return say(language, f"rules.{rule}")
        case ("rules", _, key):
            return say(language, f"keys.rules.{key}")
        case ("exemptions", _):
            return say(language, "keys.exemptions.about")
        case ("exemptions", _, key):
            return say(language, f"keys.exemptions.{key}")
        case _:
            return say(language, f"keys.{'.'.join(path)}")


def render_problems(error: ConfigError, language: Language) -> str:
    """Put a heading over the problems and each on a line of its own."""
    lines = [say(language, "heading", source=error.source, count=len(error.problems))]
    for problem in error.problems:
        place = say(language, "place", line=problem.line, key=problem.key) if problem.line else problem.key
        lines.append(f"  {place}: {problem.what}" + (f" ({problem.hint})" if problem.hint else ""))
    return "\n".join(lines)


def language_in(environ: Mapping[str, str], file: Path | None = None) -> Language:
    """GATEKEEPER_LANGUAGE, else the messages' language in the config, else the system's locale."""
    asked = _asked(environ)
    if asked in LANGUAGES:
        return "en" if asked == "en" else "ru"
    return _language_of_config(find_config(file, environ)) or _language_of_system(environ)


def find_config(option: Path | None, environ: Mapping[str, str]) -> Path:
    """--config, else GATEKEEPER_CONFIG, else ./gatekeeper.toml; it need not exist."""
    return option or Path(environ.get("GATEKEEPER_CONFIG") or "gatekeeper.toml")


def _language_of_config(file: Path) -> Language | None:
    """None where there is no config; Russian where it does not say, or cannot be read."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        return "ru"
    messages = data.get("messages")
    english = isinstance(messages, Mapping) and messages.get("language") == "en"
    return "en" if english else "ru"


def _language_of_system(environ: Mapping[str, str]) -> Language:
    """Russian where the system's locale says nothing, as "C" does."""
    locale = next((environ[name] for name in LOCALE if environ.get(name)), "")
    language = locale.partition(".")[0].partition("_")[0]
    return "ru" if language in {"", "ru", "C", "POSIX"} else "en"


def is_unknown_language(environ: Mapping[str, str]) -> bool:
    """Whether GATEKEEPER_LANGUAGE asks for what nobody speaks here."""
    return _asked(environ) not in {"", *LANGUAGES}


def _asked(environ: Mapping[str, str]) -> str:
    return environ.get("GATEKEEPER_LANGUAGE", "").strip().lower()
