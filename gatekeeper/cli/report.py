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
from gatekeeper.config.exemptions import BIGGEST_ID
from gatekeeper.judge.policy import RULE_IDS

if TYPE_CHECKING:
    from gatekeeper.report import People, Period, Report, Selection

STDOUT = Path("-")
DELIMITERS = {"semicolon": ";", "comma": ",", "tab": "\t"}
YEARS = range(2000, 2101)
"""A slip of the finger in the year is told, rather than answered by an empty report."""


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    try:
        day = None if value is None else date.fromisoformat(value)
    except ValueError:
        day = date.min
    if day is not None and day.year not in YEARS:
        raise click.BadParameter(f"{value!r} is no day such as 2026-11-30")
    return day


def _month(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Period | None:
    from gatekeeper.report import Period

    try:
        period = None if value is None else Period.month_of(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no month such as 2026-10") from None
    if period is not None and period.first.year not in YEARS:
        raise click.BadParameter(f"{value!r} is no month such as 2026-10")
    return period


def _file(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    if value in {None, STDOUT} or value.suffix.lower() in {".xlsx", ".csv"}:
        return value
    raise click.BadParameter("name it *.xlsx or *.csv, or - for CSV on standard output")


def _ids(name: str, text: str) -> Callable[[Any], Any]:
    number = click.IntRange(1, BIGGEST_ID)
    return click.option(f"--{name}", f"{name}s", type=number, multiple=True, metavar="ID", help=text)


@click.command("report")
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), callback=_file, required=False
)
@click.option("--from", "first", callback=_day, metavar="DAY", help="First day, as 2026-11-01.")
@click.option("--to", "last", callback=_day, metavar="DAY", help="Last day, included; else today.")
@click.option("--month", callback=_month, metavar="MONTH", help="A whole month, as 2026-10.")
@click.option(
    "--rule", "rules", type=click.Choice(RULE_IDS), multiple=True, metavar="RULE", help="Only of this rule."
)
@_ids("manager", "Only of this user's cards.")
@_ids("department", "Only of this department's people, and of those below it.")
@click.option("--observed", is_flag=True, help="List what is merely observed, too, apart from the figures.")
@click.option(
    "--delimiter",
    type=click.Choice(list(DELIMITERS)),
    default="semicolon",
    show_default=True,
    help="What stands between the cells of a CSV; Excel in Russian takes the semicolon.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
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
        raise click.UsageError("give --month, or --from and --to, not both")
    if last is not None and first is None:
        raise click.UsageError("--to needs --from, the day to begin with")
    period = month or (Period(first, last or today) if first else Period.so_far(today))
    if period.first > today:
        raise click.UsageError(f"{period.first} has not come yet: today is {today}")
    if period.first > period.last:
        raise click.UsageError(f"--from {period.first} is later than --to {period.last}: exchange them")
    return period


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
        raise ReportError(f"who works in a department cannot be read ({members}): leave --department out")
    if unknown := departments - people.departments.keys():
        known = ", ".join(f"{department.id} {department.name}" for department in people.departments.values())
        raise click.BadParameter(f"there is no {min(unknown)}, only: {known}", param_hint="--department")
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
