"""TOML and environment -> `Config`; every problem at once, each with its place and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from gatekeeper.config.faults import order_problems, schema_problems
from gatekeeper.config.page import Page, read_page
from gatekeeper.config.schema import ConfigSection
from gatekeeper.config.secrets import Secrets, read_secrets, secret_files
from gatekeeper.config.templates import read_templates, templates_file
from gatekeeper.config.text import find_config, language_in
from gatekeeper.config.values import (
    BreakerConfig,
    Config,
    DatabaseConfig,
    DigestConfig,
    EnforcementConfig,
    JournalConfig,
    LogConfig,
    MessagesConfig,
    NotificationsConfig,
    PortalConfig,
    RetentionConfig,
    Secret,
    SweepConfig,
    WebConfig,
    WorkerConfig,
)
from gatekeeper.judge.policy import Policy
from gatekeeper.model.errors import ConfigError

__all__ = [
    "BreakerConfig",
    "Config",
    "DatabaseConfig",
    "DigestConfig",
    "EnforcementConfig",
    "JournalConfig",
    "LogConfig",
    "MessagesConfig",
    "NotificationsConfig",
    "PortalConfig",
    "RetentionConfig",
    "Secret",
    "SweepConfig",
    "WebConfig",
    "WorkerConfig",
    "find_config",
    "load_config",
    "watched_files",
]


def load_config(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read what `find_config` finds; ConfigError holds every problem, told as `language_in` says."""
    page = read_page(find_config(path, environ), language_in(environ, path))
    loaded, refused = _load(page)
    secrets, wrong = read_secrets(page, environ)
    problems = [*schema_problems(page, refused), *order_problems(page, refused), *wrong]
    templates, unfit = read_templates(page)
    if problems or unfit or secrets is None:
        problems.sort(key=lambda each: (each.line is None, each.line or 0, each.key))
        raise ConfigError(str(page.file), (*problems, *unfit))
    config = _assemble(loaded, secrets)
    return replace(config, messages=replace(config.messages, templates=templates))


def watched_files(path: Path, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Every other file that a config is made of: secrets and messages; ConfigError as `read_page`."""
    page = read_page(path, language_in(environ, path))
    own = templates_file(page)
    return (*secret_files(page, environ), *([own] if own else []))


def _load(page: Page) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Give what the sections load into and marshmallow's errors; one of the two is empty."""
    try:
        return ConfigSection().load({"fields": {}, **page.data}), {}
    except ValidationError as error:
        return {}, error.messages_dict


OWN_SECTIONS = (
    *("web", "worker", "sweep", "messages", "enforcement", "notifications"),
    *("journal", "log", "retention"),
)
"""Sections of the file that load into a part of the Config of the same name."""


def _assemble(loaded: Mapping[str, Any], secrets: Secrets) -> Config:
    own = {"url", "url_file", "application_tokens", "application_tokens_file", "note_key_file"}
    portal = {key: value for key, value in loaded.get("portal", {}).items() if key not in own}
    parts = ("rules", "interaction", "text", "fines", "ceiling", "exemptions")
    policy_parts = {"fields": "policy_fields"} | {name: name for name in parts}
    rest = {name: loaded[name] for name in OWN_SECTIONS if name in loaded}
    return Config(
        portal=PortalConfig(
            secrets.portal_url, secrets.application_tokens, note_key=secrets.note_key, **portal
        ),
        database=DatabaseConfig(secrets.database_url),
        policy=Policy(**{part: loaded[name] for part, name in policy_parts.items() if name in loaded}),
        **rest,
    )
