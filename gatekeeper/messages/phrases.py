"""The sentences of a language, read from the file of that name beside the code that says them."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def load_phrases(package: str, language: str) -> dict[str, Any]:
    """The tables of `LANGUAGE.toml` in this package."""
    return tomllib.loads(files(package).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
