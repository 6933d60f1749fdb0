"""`gatekeeper sandbox`: the stand-in portal as a command."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import click

from gatekeeper.sandbox.options import APPLICATION_TOKEN, LIMITS, SandboxOptions
from gatekeeper.sandbox.server import serve

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def parse_offset(_context: click.Context, _option: click.Parameter, text: str) -> int:
    """Minutes east of Greenwich."""
    match = _OFFSET.fullmatch(text)
    if not match:
        raise click.BadParameter("ожидается смещение вида +03:00")
    minutes = int(match[2]) * 60 + int(match[3])
    return minutes if match[1] == "+" else -minutes


def require_trustme(_context: click.Context, _option: click.Parameter, tls: bool) -> bool:
    if tls and not find_spec("trustme"):
        raise click.BadParameter("нужен пакет trustme: pip install 'gatekeeper[tls]'")
    return tls


@click.command("sandbox")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8025, show_default=True)
@click.option("--database", default=":memory:", show_default="в памяти", help="Файл SQLite.")
@click.option(
    "--events-url",
    default="http://127.0.0.1:8024/events",
    show_default=True,
    help="Куда слать исходящие вебхуки; пусто — никуда.",
)
@click.option("--token", default=APPLICATION_TOKEN, show_default=True, help="application_token событий.")
@click.option(
    "--offset",
    "offset_minutes",
    default="+03:00",
    show_default=True,
    callback=parse_offset,
    help="Часовой пояс сервера портала.",
)
@click.option(
    "--limit",
    type=click.Choice(list(LIMITS)),
    default="standard",
    show_default=True,
    help="Ограничение интенсивности: 2/с и 50, 5/с и 250, без ограничения.",
)
@click.option(
    "--tls",
    is_flag=True,
    callback=require_trustme,
    help="Отвечать по https; сертификат создаётся при запуске.",
)
@click.option(
    "--tls-ca",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Файл, в который записать сертификат центра: ему должны доверять клиенты.",
)
def sandbox(events_url: str, **options: object) -> None:
    """Портал-песочница: отвечает по REST, как Bitrix24, и шлёт события."""
    serve(SandboxOptions(events_url=events_url or None, **options))  # type: ignore[arg-type]
