"""`bitrix24-sandbox`, also `gatekeeper sandbox`: the stand-in portal as a command."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import click

from bitrix24_sandbox.options import APPLICATION_TOKEN, CHOICES, KNOWN_SCOPES, SCOPES, make_options
from bitrix24_sandbox.schema import Kind

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def parse_offset(_context: click.Context, _option: click.Parameter, text: str) -> int:
    """Minutes east of Greenwich."""
    match = _OFFSET.fullmatch(text)
    if not match:
        raise click.BadParameter("ожидается смещение вида +03:00")
    minutes = int(match[2]) * 60 + int(match[3])
    return minutes if match[1] == "+" else -minutes


def parse_required(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """Field codes by kind."""
    required: dict[str, tuple[str, ...]] = {}
    for each in given:
        kind, _, code = each.partition(":")
        if kind not in set(Kind) or not code:
            raise click.BadParameter("ожидается deal:OPPORTUNITY и тому подобное")
        required[kind] = (*required.get(kind, ()), code.upper())
    return required


def parse_robots(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Stages by the stage that leads to them."""
    if any("=" not in each for each in given):
        raise click.BadParameter("ожидается NEW=PREPARATION")
    return {stage: onward for stage, _, onward in (each.partition("=") for each in given)}


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
    "--clock-ahead",
    "clock_ahead_s",
    default=0.0,
    show_default=True,
    help="На сколько секунд часы портала впереди часов этой машины; отрицательное — отстают.",
)
@click.option(
    "--limit",
    type=click.Choice(tuple(CHOICES["limit"])),
    default="standard",
    show_default=True,
    help="Ограничение интенсивности: 2/с и 50, 5/с и 250, без ограничения.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    help="Заселить пустой портал стольким числом клиентов; одно число — один и тот же портал.",
)
@click.option(
    "--costs",
    type=click.Choice(tuple(CHOICES["costs"])),
    default="none",
    show_default=True,
    help="Время методов: не считать, считать по образцу портала, считать и тратить.",
)
@click.option(
    "--operating-limit",
    "operating_limit_s",
    default=480.0,
    show_default=True,
    help="Секунд метода за 10 минут.",
)
@click.option(
    "--error-statuses",
    type=click.Choice(tuple(CHOICES["error_statuses"])),
    default="real",
    show_default=True,
    help="Отказы в доступе: 401, как на деле, или 403, как в документации.",
)
@click.option(
    "--required",
    multiple=True,
    callback=parse_required,
    metavar="KIND:FIELD",
    help="Обязательное поле, например deal:OPPORTUNITY; можно повторять.",
)
@click.option(
    "--robot",
    "robots",
    multiple=True,
    callback=parse_robots,
    metavar="STAGE=STAGE",
    help="Робот: попав на первую стадию, карточка сразу переходит на вторую; можно повторять.",
)
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(KNOWN_SCOPES),
    multiple=True,
    default=SCOPES,
    help="Право входящего вебхука; можно повторять. Без этого: все, кроме user_basic и user_brief.",
)
@click.option("--older", is_flag=True, help="Портал постарше: без useOriginalUfNames и без operating.")
@click.option("--no-leads", "mode", flag_value=2, default=1, type=int, help="Портал без лидов.")
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
@click.option("--delay", "delay_s", default=0.05, show_default=True, help="Задержка событий, с.")
@click.option("--loss", default=0.0, help="Доля потерянных событий, 0..1.")
@click.option("--doubling", default=0.0, help="Доля событий, приходящих дважды, 0..1.")
@click.option("--reorder", "reorder_s", default=0.0, help="На сколько секунд события обгоняют друг друга.")
@click.option("--updates-after-add", default=0, help="Сколько событий UPDATE следует за каждым ADD.")
@click.option("--burst", default=1, help="Сколько событий копить, чтобы отправить разом.")
def sandbox(events_url: str, **options: object) -> None:
    """Портал-песочница: отвечает по REST, как Bitrix24, и шлёт события."""
    from bitrix24_sandbox.server import serve

    serve(make_options(events_url=events_url or None, **options))
