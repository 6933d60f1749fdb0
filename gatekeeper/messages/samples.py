"""Every message once with facts like those of real cards: what the messages are proven and printed with.

A rule's samples are what the rule itself finds in cards that break it, so that they cannot stray from what it
says. Whoever adds a rule, a problem or a template adds its sample here; tests/messages/test_samples.py fails
until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from gatekeeper.judge.comments import Reason
from gatekeeper.judge.examples import (
    NOON,
    a_comment,
    a_contact,
    a_deal,
    a_lead,
    a_policy,
    a_sibling,
    another_contact,
)
from gatekeeper.judge.policy import (
    DealDuplicateOptions,
    DealLeadOptions,
    Duration,
    InactiveOptions,
    Interaction,
    LeadCommentOptions,
    Policy,
    ProductsOptions,
    StaffEmailOptions,
    StageOptions,
)
from gatekeeper.judge.rules import RULES
from gatekeeper.judge.rules.activity import announce_inactive
from gatekeeper.judge.rules.base import ContactRule, DealRule, LeadRule, Rule
from gatekeeper.messages.command_samples import COMMANDS
from gatekeeper.messages.notice_samples import NOTICES
from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    Interactions,
    LeadSnapshot,
    Multifield,
    Neighbours,
    OtherContact,
    Siblings,
    Snapshot,
    StageEntry,
)
from gatekeeper.model.findings import Announcement, Facts, Finding, Violation
from gatekeeper.model.history import Grace, Revert
from gatekeeper.model.refs import EntityRef, Kind

KeyPath = tuple[str, ...]

STRICT = a_policy(
    deal_stage=StageOptions(max_days={"NEW": 7}),
    deal_products=ProductsOptions(max_sum_deviation=0.5),
    deal_lead=DealLeadOptions(same_responsible=True),
    lead_comment=LeadCommentOptions(require="detailed"),
    contact_staff_email=StaffEmailOptions(company_domains=("firma.example",)),
)
"""Every option on that a rule can have something to say about."""

WINDOWS = (Duration(months=1), Duration(months=3), Duration(months=6), Duration(days=1), Duration(days=45))
LONG_AGO = NOON - timedelta(days=400)
NOBODY = Interactions((), ())
TALKED_LONG_AGO = Interactions((NOON - timedelta(days=200),), ())

BAD_DEALS: tuple[dict[str, Any], ...] = (
    {"product_group": ()},
    {"product_group": ("99",)},
    {"stage_id": "C9:X"},
    {"moved_at": NOON - timedelta(days=8)},
    {"stage_id": "LOSE", "stage_history": (StageEntry("LOSE", 0, NOON, is_creation=True),)},
    {"contact_ids": ()},
    {"contact_ids": (84, 91)},
    {"comments": ()},
    {"row_sums": (), "sum": Decimal(0)},
    {"row_sums": ()},
    {"sum": Decimal(0)},
    {"sum": Decimal(1)},
    {"lead_id": None},
    {"lead_exists": False},
    {"lead_responsible_ids": (3,)},
)
SIBLINGS = (Siblings((a_sibling(),)), Siblings((a_sibling(contact_id=91),)))
SILENT_DEALS: tuple[dict[str, Any], ...] = (
    {"interactions": NOBODY},
    {"interactions": TALKED_LONG_AGO},
    {"comments": ()},
    {"comments": (a_comment(created_at=LONG_AGO),)},
    {"interactions": NOBODY, "comments": ()},
    {"interactions": TALKED_LONG_AGO, "comments": (a_comment(created_at=LONG_AGO),)},
)
SOON = NOON + timedelta(days=55)
TALKED_LATELY = Interactions((SOON - timedelta(days=3),), ())
AGEING_DEALS: tuple[dict[str, Any], ...] = (
    {"comments": (a_comment(created_at=SOON - timedelta(days=3)),)},
    {"interactions": TALKED_LATELY},
    {"interactions": NOBODY, "comments": ()},
)
BAD_LEADS: tuple[dict[str, Any], ...] = (
    {"interactions": NOBODY},
    {"comments": ()},
    {"comments": (a_comment("НД"),)},
    {"contact_ids": ()},
    {"deal_ids": ()},
    {"contact_ids": (), "deal_ids": ()},
)
BAD_NAMES = ("", "И", "12", "ivan@mail.ru", "Тест", "???")
BAD_PHONES = ("+7 999 999-99-99", "+7 495 123-45-67", "12")
BAD_EMAILS = ("не адрес", "test@test.ru")
BAD_DATES = (
    None,
    date(1900, 1, 1),
    NOON.date(),
    NOON.date() + timedelta(days=1),
    date(2020, 1, 1),
    date(1901, 2, 2),
)


def another(number: int, **changes: Any) -> OtherContact:
    return another_contact(ref=EntityRef(Kind.CONTACT, number), **changes)


DOUBLES: tuple[tuple[OtherContact, ...], ...] = (
    (another_contact(),),
    (another_contact(), another(13, name="", last_name="", second_name="")),
    tuple(another(number) for number in range(10, 15)),
    (another_contact(name="Павел", second_name=""),),
    (another_contact(phones=(), emails=(), birthdate=date(1990, 5, 18)),),
)

IN_TIME = Grace("deal.comment", NOON, NOON + timedelta(minutes=30))
MOVED: Facts = {"before": "В работе", "after": "Новая", "rules": ["deal.contact", "deal.products"]}
MOVES: tuple[Facts, ...] = (
    {**MOVED, "listed": True, "mover": ""},
    {**MOVED, "listed": False, "mover": "Иван Петров"},
)
COUNTS: tuple[Facts, ...] = ({"count": 1}, {"count": 5})
KINDS: tuple[Facts, ...] = tuple({"kind": kind.value} for kind in (Kind.DEAL, Kind.CONTACT, Kind.LEAD))

OTHERS: Mapping[KeyPath, tuple[Facts, ...]] = {
    ("comment", "wrong"): COUNTS,
    ("comment", "won"): COUNTS,
    ("comment", "grace"): KINDS,
    ("comment", "until"): ({"until": "14:30"},),
    ("comment", "may_move"): MOVES,
    ("comment", "created"): MOVES,
    ("comment", "reverted"): MOVES,
    ("comment", "refused"): MOVES,
    ("comment", "left_limit"): MOVES,
    ("comment", "left_robot"): MOVES,
    ("comment", "left_breaker"): MOVES,
    **NOTICES,
}
"""Templates of notes and notices that belong to no rule -> the facts they are filled with.

Rules stand there by their ids and cards as references: the page says them in its language.
"""

FORMATS: frozenset[KeyPath] = frozenset({("comment", "day"), ("comment", "time"), ("comment", "moment")})
"""Not templates but formats of a date and time."""


@cache
def violations() -> tuple[Violation, ...]:
    """What every rule finds in cards that break it, each finding once, in the order of the rules."""
    distinct = {repr(each): each for rule in RULES for each in (*_found(rule), *_made(rule.id))}
    return tuple(distinct.values())


@cache
def announcements() -> tuple[Announcement, ...]:
    """What is said beforehand of deals that are all well and will not be for long."""
    ageing = {"created_at": NOON - timedelta(days=5)}
    outlooks = (
        announce_inactive(a_deal(**ageing, **changes), a_policy(), SOON)[1] for changes in AGEING_DEALS
    )
    return tuple(outlook for outlook in outlooks if isinstance(outlook, Announcement))


def samples_of(path: KeyPath) -> tuple[Facts, ...]:
    """The facts with which the template at that path is filled; () for plain words and for no template."""
    match path:
        case ("rules", rule, "found" | "why"):
            return tuple(violation.facts for violation in violations() if violation.rule == rule)
        case ("rules", rule, "soon"):
            return tuple(announcement.facts for announcement in announcements() if announcement.rule == rule)
        case _:
            return OTHERS.get(path) or COMMANDS.get(path, ())


@dataclass(frozen=True, slots=True)
class Note:
    """What a whole comment is rendered from."""

    card: Snapshot
    violations: tuple[Violation, ...]
    cured: tuple[str, ...] = ()
    revert: Revert | None = None
    coming: Announcement | None = None
    graces: Mapping[str, Grace] = field(default_factory=dict)
    may_move: Revert | None = None


def notes() -> tuple[Note, ...]:
    """The note on a card of each kind that breaks all that it can, and on one where all is cured."""
    revert = Revert("EXECUTING", "NEW", NOON, NOON, ("deal.contact", "deal.products"))
    first = {violation.rule: violation for violation in reversed(violations())}
    of = {kind: tuple(v for rule, v in reversed(first.items()) if rule.startswith(kind)) for kind in Kind}
    deal, others = of[Kind.DEAL], ("deal.product_group",)
    return (
        Note(a_deal(), tuple(each for each in deal if each.rule not in others), others, revert),
        Note(a_deal(), (first["deal.comment"],), graces={"deal.comment": IN_TIME}),
        Note(a_contact(), of[Kind.CONTACT]),
        Note(a_lead(), of[Kind.LEAD]),
        Note(a_deal(), (), coming=announcements()[0]),
        Note(a_deal(), (), tuple(each.rule for each in deal)),
        Note(a_deal(), (), revert.rules, may_move=revert),
        Note(a_deal(stage_id="WON"), (first["deal.contact"],)),
        Note(a_deal(stage_id="LOSE"), ()),
    )


def _found(rule: Rule) -> Iterator[Violation]:
    for card, policy in _cards(rule):
        found = _check(rule, card, policy)
        if isinstance(found, Violation):
            yield found


def _check(rule: Rule, card: Snapshot, policy: Policy) -> Finding:
    match rule, card:
        case DealRule(), DealSnapshot():
            return rule.check(card, policy, NOON)
        case ContactRule(), ContactSnapshot():
            return rule.check(card, policy, NOON)
        case LeadRule(), LeadSnapshot():
            return rule.check(card, policy, NOON)
    raise TypeError(f"{rule.id} does not look at a {card.ref.kind}")


def _made(rule_id: str) -> Iterator[Violation]:
    """The comment judge gives several reasons at once; here each is told alone, and two together."""
    if rule_id == "deal.comment":
        for reasons in (
            *([reason.value] for reason in Reason if reason is not Reason.UNKNOWN_LANGUAGE),  # accuses nobody
            [Reason.NO_SUBJECT.value, Reason.NO_AGREEMENT.value],
        ):
            yield Violation(rule_id, {"problem": "not_detailed", "reasons": reasons, "excerpt": "НД"})


def _cards(rule: Rule) -> Iterator[tuple[Snapshot, Policy]]:
    match rule:
        case DealRule(id="deal.inactive"):
            yield from ((a_deal(created_at=LONG_AGO, **changes), STRICT) for changes in SILENT_DEALS)
            for window in WINDOWS:
                policy = a_policy(deal_inactive=InactiveOptions(window=window))
                yield a_deal(created_at=LONG_AGO, interactions=NOBODY), policy
            everywhere = replace(a_policy(), interaction=Interaction(include_contact=True))
            yield a_deal(created_at=LONG_AGO, interactions=NOBODY), everywhere
        case DealRule(id="deal.duplicate"):
            one_deal_a_client = a_policy(deal_duplicate=DealDuplicateOptions(scope="client"))
            yield a_deal(siblings=Siblings((a_sibling(product_group=()),))), one_deal_a_client
            yield from ((a_deal(siblings=sibling), STRICT) for sibling in SIBLINGS)
        case DealRule():
            yield from ((a_deal(**changes), STRICT) for changes in BAD_DEALS)
        case LeadRule():
            yield from ((a_lead(**changes), STRICT) for changes in BAD_LEADS)
        case ContactRule():
            yield from ((card, STRICT) for card in _bad_contacts())


def _bad_contacts() -> Iterator[ContactSnapshot]:
    for name in BAD_NAMES:
        yield a_contact(last_name=name)
    yield a_contact(name="")
    yield a_contact(second_name="")
    yield a_contact(name="Клиент")
    yield a_contact(second_name="Тест")
    yield a_contact(last_name="", name="Петров Иван")
    yield a_contact(last_name="Петров Иван", name="")
    yield a_contact(last_name="", name="", second_name="")
    yield a_contact(phones=())
    yield a_contact(emails=())
    for value in BAD_PHONES:
        yield a_contact(phones=(Multifield("MOBILE", value), Multifield("WORK", "+7 903 482-17-65")))
    for value in BAD_EMAILS:
        yield a_contact(emails=(Multifield("HOME", value), Multifield("WORK", "ivan.petrov@mail.ru")))
    for born in BAD_DATES:
        yield a_contact(birthdate=born)
    for others in DOUBLES:
        yield a_contact(neighbours=Neighbours(others))
    yield a_contact(staff_mailboxes=("ivan.petrov@mail.ru",))
    yield a_contact(neighbours=Neighbours(shared=("ivan.petrov@mail.ru",)))
    yield a_contact(emails=(Multifield("HOME", "a@firma.example"), Multifield("WORK", "b@firma.example")))
