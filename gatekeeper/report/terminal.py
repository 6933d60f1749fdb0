"""The report in a few lines: rules, and the managers with most on them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.report.cells import clean
from gatekeeper.report.counting import Count, Figures
from gatekeeper.report.moves import ReportedMove
from gatekeeper.report.selection import Selection
from gatekeeper.report.summary import Reservations, move_counts, notes, period_in_words
from gatekeeper.report.tables import Told

MOST_PEOPLE = 15


def render_lines(
    wanted: Selection,
    figures: Figures,
    moves: Sequence[ReportedMove],
    reservations: Reservations,
    told: Told,
) -> Iterator[str]:
    words, total = told.words, figures.total
    yield words.say("terminal", "title", period=period_in_words(wanted, told))
    counts = {name: getattr(total, name) for name in ("opened", "closed", "cured", "standing")}
    yield words.say("terminal", "total", **counts, moved=move_counts(moves)["moved"])
    if total.fines:
        fines = ", ".join(f"{fine} {currency}" for currency, fine in sorted(total.fines.items()))
        yield words.say("terminal", "fines", fines=fines)
    by_rule = [(words.title(rule), count) for rule, count in figures.by_rule.in_order(RULE_IDS)]
    by_manager = [(told.people.name(each), count) for each, count in figures.by_manager.most_burdened]
    for name, counted in (("rules", by_rule), ("managers", by_manager[:MOST_PEOPLE])):
        if counted:
            heading = f"{words.say('sheets', name)}: {words.say('terminal', 'columns')}"
            yield from ("", heading, *_aligned(counted))
    if len(by_manager) > MOST_PEOPLE:
        yield f"  {words.say('terminal', 'more', count=len(by_manager) - MOST_PEOPLE)}"
    for note in notes(wanted, reservations, told):
        yield f"! {clean(note)}"


def _aligned(counted: Sequence[tuple[str, Count]]) -> Iterator[str]:
    names = [clean(name) for name, _ in counted]
    widest = max(map(len, names))
    for name, (_, count) in zip(names, counted, strict=True):
        yield f"  {name:<{widest}}  {count.opened:>6} {count.closed:>6} {count.standing:>6}"
