"""`gatekeeper report`: who broke which rule, when, for how long, and what came of it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from gatekeeper.cli.config import config_option, load_or_exit
from gatekeeper.cli.speech import say, spoken
from gatekeeper.config.exemptions import BIGGEST_ID
from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.messages import Messages
from gatekeeper.messages.formatter import formatter_of

if TYPE_CHECKING:
    from gatekeeper.report import People, Period, Report, Selection

STDOUT = Path("-")
DELIMITERS = {"semicolon": ";", "comma": ",", "tab": "\t"}
YEARS = range(2000, 2101)
"""A slip of the finger in the year is told, rather than answered by an empty report."""


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    try:
        day = None if value is None else formatter_of(spoken()).read_day(value)
    except ValueError:
        day = date.min
    if day is not None and day.year not in YEARS:
        raise click.BadParameter(say("asked.no_day", value=value))
    return day


def _month(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Period | None:
    from gatekeeper.report import Period

    try:
        period = None if value is None else Period.month_of(value)
    except ValueError:
        raise click.BadParameter(say("asked.no_month", value=value)) from None
    if period is not None and period.first.year not in YEARS:
        raise click.BadParameter(say("asked.no_month", value=value))
    return period


def _file(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    if value in {None, STDOUT} or value.suffix.lower() in {".xlsx", ".csv"}:
        return value
    raise click.BadParameter(say("asked.report_name"))


def _ids(name: str) -> Callable[[Any], Any]:
    number = click.IntRange(1, BIGGEST_ID)
    return click.option(f"--{name}", f"{name}s", type=number, multiple=True, metavar="ID")


@click.command("report")
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), callback=_file, required=False
)
@click.option("--from", "first", callback=_day, metavar="DAY")
@click.option("--to", "last", callback=_day, metavar="DAY")
@click.option("--month", callback=_month, metavar="MONTH")
@click.option("--rule", "rules", type=click.Choice(RULE_IDS), multiple=True, metavar="RULE")
@_ids("manager")
@_ids("department")
@click.option("--observed", is_flag=True)
@click.option("--delimiter", type=click.Choice(list(DELIMITERS)), default="semicolon", show_default=True)
@click.option("--force", is_flag=True)
@config_option
def report_command(
    file: Path | None, delimiter: str, force: bool, config_file: Path | None, **asked: Any
) -> None:
    """Tell the quality control of a period: the current month so far, unless said otherwise.

    FILE.xlsx holds all figures and lists, FILE.csv the violations alone. Without FILE a few lines are
    printed. --rule, --manager and --department may be given several times.
    """
    from gatekeeper.app.bootstrap import open_gatekeeper
    from gatekeeper.app.questions import make_report, read_people

    config = load_or_exit(config_file)
    with open_gatekeeper(config) as gatekeeper:
        zone = ZoneInfo(config.notifications.time_zone)
        now = gatekeeper.store.heartbeat.portal_now().astimezone(zone)
        period = _period(now.date(), asked["first"], asked["last"], asked["month"])
        people = read_people(gatekeeper)
        report = make_report(gatekeeper, _selection(period, now, people, asked), people)
        _write(report, file, DELIMITERS[delimiter], force=force)


def _period(today: date, first: date | None, last: date | None, month: Period | None) -> Period:
    from gatekeeper.report import Period

    if month is not None and (first or last):
        raise click.UsageError(say("asked.month_or_days"))
    if last is not None and first is None:
        raise click.UsageError(say("asked.to_without_from"))
    period = month or (Period(first, last or today) if first else Period.so_far(today))
    if period.first > today:
        raise click.UsageError(say("asked.not_yet", **_days(first=period.first, today=today)))
    if period.first > period.last:
        raise click.UsageError(say("asked.turned_round", **_days(first=period.first, last=period.last)))
    return period


def _days(**days: date) -> dict[str, str]:
    """As the language writes them."""
    form = formatter_of(spoken()).day
    return {name: day.strftime(form) for name, day in days.items()}


def _selection(period: Period, now: datetime, people: People, asked: dict[str, Any]) -> Selection:
    from gatekeeper.report import Selection, Span

    return Selection(
        period=period,
        span=Span.of(period, now),
        made_at=now,
        rules=asked["rules"] or None,
        people=_people(people, frozenset(asked["managers"]), frozenset(asked["departments"])),
        managers=asked["managers"],
        departments=asked["departments"],
        observed=asked["observed"],
    )


def _people(people: People, managers: frozenset[int], departments: frozenset[int]) -> frozenset[int] | None:
    """Whose cards are told of; who is named and works in one of the departments, where both are given."""
    from gatekeeper.model.cards import Unread
    from gatekeeper.model.errors import ReportError

    if not departments:
        return managers or None
    members = people.members_of(departments)
    if isinstance(members, Unread):
        why = Messages.in_language(spoken()).unread((members,))
        raise ReportError("no_members", f"the people of a department are not read: {members}", why=why)
    if unknown := departments - people.departments.keys():
        known = ", ".join(f"{department.id} {department.name}" for department in people.departments.values())
        said = say("asked.no_department", number=min(unknown), known=known)
        raise click.BadParameter(said, param_hint="--department")
    return members & managers if managers else members


def _write(report: Report, file: Path | None, delimiter: str, *, force: bool) -> None:
    from gatekeeper.report import whole_file

    if file is None:
        click.echo(report.render())
        return
    if file == STDOUT:
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        report.write_csv(out, delimiter)
        out.detach()
        return
    with whole_file(file, force=force) as part:
        if file.suffix.lower() == ".xlsx":
            count = report.write_xlsx(part)
        else:
            with part.open("w", encoding="utf-8-sig", newline="") as opened:
                count = report.write_csv(opened, delimiter)
    click.echo(report.told.words.say("terminal", "written", file=file, count=count))
