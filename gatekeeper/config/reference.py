"""What can be set, written from the schema: the reference as Markdown and the commented file of `init`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import missing
from marshmallow.fields import Field

from gatekeeper.config.exemptions import ExemptionSection
from gatekeeper.config.page import written
from gatekeeper.config.secrets import VARIABLES
from gatekeeper.config.section import Key, Section
from gatekeeper.config.text import meaning_of, say
from gatekeeper.config.toml import tables, toml_value
from gatekeeper.messages.words import Language

_EXAMPLES: Mapping[tuple[str, ...], str] = {
    ("portal", "url_file"): '"portal_url.secret"',
    ("portal", "application_tokens_file"): '"application_tokens.secret"',
    ("portal", "note_key_file"): '"note_key.secret"',
    ("database", "url"): '"postgresql://gatekeeper@127.0.0.1/gatekeeper"',
    ("database", "url_file"): '"database_url.secret"',
    ("fields", "status"): '"UF_CRM_GATEKEEPER_STATUS"',
    ("messages", "templates_file"): '"messages.toml"',
}
"""What the example's comments show for keys without a default."""

_WRITTEN: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("fields", "product_group"): ('"UF_CRM_PRODUCT_GROUP"', "example_field"),
    ("enforcement", "dry_run"): ("true", "example_dry_run"),
}
"""Keys that the example sets: value and the text of what to do about it."""

_EXEMPTION: Mapping[str, str] = {
    "entity": '"deal:662"',
    "rule": '"deal.lead"',
    "part": '"missing"',
    "pipeline": "1",
    "source": '"WEB"',
    "user": "12",
    "until": "2026-12-31",
}
"""What the example's exemption shows, beside its reason and author."""

NAMED = ("exemptions", "NAME")

_NOT_WRITTEN = {("portal", "url"), ("portal", "application_tokens")}


def render_reference(language: Language) -> str:
    """Every key with what it may be, its default and its meaning, as a page of Markdown."""
    parts = [f"# {say(language, 'title')}", say(language, "preface"), *_secrets(language)]
    for path, section in tables():
        parts += [f"## `[{written(path)}]`", _about(path, language), _table(path, section, language)]
    named = ExemptionSection()
    parts += [f"## `[{written(NAMED)}]`", _about(NAMED, language), _table(NAMED, named, language)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _secrets(language: Language) -> list[str]:
    rows = [
        (f"`{written(key)}`", f"`{variable}`", f"`{variable}_FILE`", f"`{written(key)}_file`")
        for key, variable in VARIABLES.items()
    ]
    table = _rows(say(language, "secrets_columns"), rows)
    return [
        f"## {say(language, 'secrets_title')}",
        say(language, "secrets_preface"),
        table,
        say(language, "other_variables"),
    ]


def _table(path: tuple[str, ...], section: Section, language: Language) -> str:
    rows = [
        (
            f"`{written((*path, name))}`",
            key.form.allowed(language),
            _default(section, name, key, language),
            meaning_of(language, (*path, name)),
        )
        for name, key in _keys(section)
    ]
    return _rows(say(language, "columns"), rows)


def _default(section: Section, name: str, key: Field[Any], language: Language) -> str:
    if key.required:
        return say(language, "required")
    default = section.defaults.get(name, missing)
    return (
        ""
        if default is missing or (default is None and name in {"status", "templates_file"})
        else f"`{toml_value(default)}`"
    )


def _rows(columns: str, rows: Sequence[tuple[str, ...]]) -> str:
    head = columns.split("|")
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def render_example(language: Language) -> str:
    """Write a file for a real portal, which only looks on until the admin lets it act."""
    blocks = [_comment(say(language, "example"))]
    for path, section in tables():
        lines = [_comment(_about(path, language)), f"[{written(path)}]"]
        if path == ("portal",):
            lines.append(_comment(say(language, "example_secrets")))
        for name, key in _keys(section):
            if (*path, name) not in _NOT_WRITTEN:
                lines += _example(section, (*path, name), key, language)
        blocks.append("\n".join(lines))
    blocks.append(_example_exemption(language))
    return "\n\n".join(blocks) + "\n"


def _example_exemption(language: Language) -> str:
    """All of it in comments: an exemption has no defaults."""
    lines = [_about(NAMED, language), f"[{written(('exemptions', 'migration'))}]"]
    for name, key in _keys(ExemptionSection()):
        shown = _EXEMPTION.get(name) or toml_value(say(language, f"example_exemption.{name}"))
        lines += [_explained((*NAMED, name), key, language), f"{name} = {shown}"]
    return _comment("\n".join(lines))


def _example(section: Section, path: tuple[str, ...], key: Key, language: Language) -> list[str]:
    name = path[-1]
    about = _comment(_explained(path, key, language))
    if path in _WRITTEN:
        value, advice = _WRITTEN[path]
        return [about, _comment(say(language, advice)), f"{name} = {value}"]
    if path == ("messages", "language") and section.defaults[name] != language:
        return [about, f"{name} = {toml_value(language)}"]
    value = _EXAMPLES.get(path) or toml_value(section.defaults[name])
    return [about, f"# {name} = {value}"]


def _about(path: tuple[str, ...], language: Language) -> str:
    """What a table is for."""
    is_shared = path[0] in {"rules", "exemptions"}
    return meaning_of(language, path if is_shared else (*path, "about"))


def _explained(path: tuple[str, ...], key: Key, language: Language) -> str:
    allowed = say(language, "admits", allowed=key.form.allowed(language))
    return f"{meaning_of(language, path)} {allowed}"


def _keys(section: Section) -> list[tuple[str, Key]]:
    return [(name, each) for name, each in section.named().items() if isinstance(each, Key)]


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.split("\n"))
