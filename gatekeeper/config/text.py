"""What is said about the config, in Russian and in English."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.config.lines import KeyPath
from gatekeeper.messages.words import LANGUAGES, Language, words_of
from gatekeeper.model.errors import ConfigError


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


def language_of(environ: Mapping[str, str]) -> Language:
    """English where GATEKEEPER_LANGUAGE asks for it, else Russian."""
    return "en" if _asked(environ) == "en" else "ru"


def is_unknown_language(environ: Mapping[str, str]) -> bool:
    """Whether GATEKEEPER_LANGUAGE asks for what nobody speaks here."""
    return _asked(environ) not in {"", *LANGUAGES}


def _asked(environ: Mapping[str, str]) -> str:
    return environ.get("GATEKEEPER_LANGUAGE", "").strip().lower()
