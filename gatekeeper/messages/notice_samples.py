"""What the notices to people and the day's digest are proven and printed with."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.model.findings import Facts
from gatekeeper.model.refs import EntityRef, Kind

MOVE = {
    "card": EntityRef(Kind.DEAL, 662),
    "before": "В работе",
    "after": "Новая",
    "rules": ["deal.contact", "deal.products"],
}
LASTED = {"since": "01.09.2026 12:30", "until": "01.09.2026 14:05"}
NOBODY, SOMEBODY = {**MOVE, "mover": ""}, {**MOVE, "mover": "Петров Иван"}


def named(number: int, title: str, client: str = "") -> tuple[Facts, ...]:
    """A card without its name, and with it."""
    return {"id": number, "title": "", "client": ""}, {"id": number, "title": title, "client": client}


NOTICES: Mapping[tuple[str, ...], tuple[Facts, ...]] = {
    ("notice", "reverted"): (NOBODY,),
    ("notice", "refused"): (NOBODY,),
    ("notice", "violation"): (NOBODY,),
    ("notice", "left_limit"): (NOBODY, SOMEBODY),
    ("notice", "left_robot"): (NOBODY,),
    ("notice", "undone"): tuple(
        {"card": EntityRef(Kind.DEAL, 662), "medium": medium} for medium in ("note", "other_notes", "field")
    ),
    ("notice", "breaker"): ({"reverts": 20, "minutes": 10},),
    ("notice", "trouble", "renamed"): ({"kind": "renamed", "subject": "novaya.bitrix24.ru"},),
    ("notice", "trouble", "scope"): ({"kind": "scope", "subject": "telephony"},),
    ("notice", "trouble", "blind"): (
        {"kind": "webhook", "subject": "", **LASTED},
        {"kind": "host", "subject": "chuzhoy.example", **LASTED},
        {"kind": "scope", "subject": "crm", **LASTED},
    ),
    ("notice", "trouble", "mute"): ({"kind": "scope", "subject": "im", **LASTED},),
    ("notice", "card", "deal"): named(662, "Дизайн, 1 курс", "Соколова Анна"),
    ("notice", "card", "contact"): named(84, "Соколова Анна"),
    ("notice", "card", "lead"): named(17, "Заявка с сайта"),
    ("digest", "title"): ({"day": "2026-09-01"},),
    ("digest", "tally"): ({"name": "deal.products", "opened": 7, "closed": 5, "standing": 12},),
    ("digest", "more_people"): ({"count": 4},),
    ("digest", "reverts"): ({"reverted": 3, "left": 0}, {"reverted": 3, "left": 1}),
    ("digest", "breaker"): ({"day": "2026-09-01"},),
    ("digest", "not_judged"): ({"title": "contact.staff_email", "why": "denied", "count": 12},),
    ("digest", "dead_letters"): ({"count": 2},),
}
