"""What addresses and tokens must look like. A Misfit never holds what was refused."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from gatekeeper.config.forms import Misfit

SHORTEST_KEY = 16


def parse_tokens(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Split what commas or white space separate; each token once."""
    tokens = tuple(dict.fromkeys(part for text in texts for part in re.split(r"[,\s]+", text) if part))
    if not tokens or not all(re.fullmatch(r"[\x21-\x7e]+", token) for token in tokens):
        raise Misfit("token_characters")
    return tokens


def parse_key(text: str) -> str:
    """Admit a key that nobody guesses; Misfit for a shorter one."""
    if len(text) < SHORTEST_KEY:
        raise Misfit("short_key")
    return text


def is_loopback(url: str) -> bool:
    """Tell whether the URL leads to this very machine; False for what is no URL."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def parse_portal_url(text: str) -> str:
    """Admit `https://host/rest/<user_id>/<code>/`, its last slash mended; Misfit names the part at fault.

    >>> parse_portal_url("https://company.example/rest/1/code")
    'https://company.example/rest/1/code/'
    """
    if not re.fullmatch(r"[\x21-\x7e]+", text) or set(text) & set('\\"<>^`{|}'):
        raise Misfit("url_space")
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise Misfit("url_host") from None
    if parts.scheme not in {"https", "http"}:
        raise Misfit("url_scheme")
    checks = {
        "url_host": not named,
        "url_userinfo": "@" in parts.netloc,
        "url_plain": parts.scheme == "http" and not is_loopback(text),
        "url_query": "?" in text or "#" in text,
    }
    for code, wrong in checks.items():
        if wrong:
            raise Misfit(code)
    return f"{parts.scheme}://{parts.netloc}{_webhook_path(parts.path)}"


def webhook_owner(url: str) -> int | None:
    """The user in whose name the webhook acts; None where the URL names nobody.

    >>> webhook_owner("https://company.example/rest/17/code/")
    17
    """
    _, _, user = urlsplit(url).path.partition("/rest/")
    number = user.partition("/")[0]
    return int(number) if number.isascii() and number.isdigit() else None


def portal_origin(url: str) -> str:
    """Where people find the portal: all of the webhook's URL that is no secret.

    >>> portal_origin("https://company.example/rest/17/code/")
    'https://company.example'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _webhook_path(path: str) -> str:
    rest, user, code, *more = [*path.strip("/").split("/"), "", "", ""]
    if rest != "rest":
        raise Misfit("url_no_rest")
    if not (user.isascii() and user.isdigit()):
        raise Misfit("url_no_user")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", code):
        raise Misfit("url_no_code")
    if any(more):
        raise Misfit("url_method")
    return f"/rest/{user}/{code}/"


def parse_database_url(text: str, folder: Path) -> str:
    """Admit SQLite, a relative file being in `folder`, and PostgreSQL, which is spoken by psycopg."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise Misfit("database_form") from None
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.drivername not in {"sqlite", "sqlite+pysqlite"} or url.host:
        raise Misfit("database_form")
    if url.database and not url.database.startswith((":memory:", "file:")):
        url = url.set(database=str(folder / url.database))
    return url.render_as_string(hide_password=False)


def default_database_url(folder: Path) -> str:
    from sqlalchemy.engine import URL

    return URL.create("sqlite", database=str(folder / "gatekeeper.db")).render_as_string(hide_password=False)
