"""The effective config as TOML that loads again, but for the secrets, which are masked in comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce
from typing import Any

from marshmallow.fields import Nested

from gatekeeper.config.exemptions import ExemptionSection
from gatekeeper.config.page import quoted, written
from gatekeeper.config.schema import ConfigSection
from gatekeeper.config.section import Key, Section
from gatekeeper.config.values import Config, Secret
from gatekeeper.model.exemption import FROM_CONFIG, Exemption


def tables() -> Iterator[tuple[tuple[str, ...], Section]]:
    """Path and section of every table that holds keys, in the schema's order."""

    def walk(path: tuple[str, ...], section: Section) -> Iterator[tuple[tuple[str, ...], Section]]:
        inner = {name: each.schema for name, each in section.named().items() if isinstance(each, Nested)}
        if any(isinstance(each, Key) for each in section.named().values()):
            yield path, section
        for name, schema in inner.items():
            if isinstance(schema, Section):
                yield from walk((*path, name), schema)

    return walk((), ConfigSection())


def toml_value(value: Any) -> str:
    """Write a value as TOML; None, which TOML lacks, is "off"."""
    match value:
        case None:
            return quoted("off")
        case bool():
            return str(value).lower()
        case int() | float() | date():
            return str(value)
        case Mapping():
            pairs = (f"{written((str(key),))} = {toml_value(each)}" for key, each in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        case tuple():
            return f"[{', '.join(toml_value(each) for each in value)}]"
        case _:
            return quoted(str(value))


def render_config(config: Config) -> str:
    """Write out what is in force."""
    blocks = []
    for path, section in tables():
        values = _values(config, path)
        keys = [name for name, each in section.named().items() if not isinstance(each, Nested)]
        lines = [_line(name, getattr(values, name)) for name in keys if hasattr(values, name)]
        blocks.append("\n".join([f"[{written(path)}]", *lines]))
    blocks += [_exemption(exemption) for exemption in config.policy.exemptions]
    return "\n\n".join(blocks) + "\n"


def _exemption(exemption: Exemption) -> str:
    name = exemption.id.removeprefix(FROM_CONFIG)
    values = {key: getattr(exemption, key) for key in ExemptionSection().named()}
    lines = [f"{key} = {toml_value(value)}" for key, value in values.items() if value is not None]
    return "\n".join([f"[{written(('exemptions', name))}]", *lines])


def _values(config: Config, path: tuple[str, ...]) -> Any:
    match path:
        case ("rules", rule_id):
            return config.policy.rules[rule_id]
        case ("fields" | "interaction" | "text" | "fines" | "ceiling" as name,):
            return getattr(config.policy, name)
        case _:
            return reduce(getattr, path, config)


def _line(name: str, value: Any) -> str:
    match value:
        case Secret():
            shown = mask(value)
            return f"{'# ' if '***' in shown else ''}{name} = {quoted(shown)}"
        case (Secret(), *_):
            return f"# {name} = {toml_value(('***',) * len(value))}"
        case None if name in {"status", "templates_file"}:
            return f'# {name} = ""'
        case _:
            return f"{name} = {toml_value(value)}"


def mask(url: Secret) -> str:
    """Show of a URL what opens nothing: the webhook's code, a password and a query are hidden."""
    text = url.reveal()
    if text.startswith("http"):
        return re.sub(r"/[^/]+/$", "/***/", text)
    from sqlalchemy.engine import make_url

    parsed = make_url(text)
    shown = parsed.set(query={}).render_as_string(hide_password=True)
    return f"{shown}?***" if parsed.query else shown
