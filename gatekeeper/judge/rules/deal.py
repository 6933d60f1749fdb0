"""Rule 2 of the regulations: what a deal must have, and where it must come from."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from gatekeeper.judge.comments import judge_comment
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.rules.activity import UNREADABLE, check_inactive, person_texts
from gatekeeper.judge.rules.base import DealRule
from gatekeeper.judge.rules.duplicates import check_deal_duplicate
from gatekeeper.model.cards import (
    Comment,
    DealSnapshot,
    Semantics,
    Unread,
)
from gatekeeper.model.findings import Finding, NotJudged, Violation

EXCERPT_CHARS = 60


def check_product_group(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Группа продуктов» — the field is filled, with a value that the list still has.

    >>> from gatekeeper.judge.examples import a_deal, a_policy, NOON
    >>> check_product_group(a_deal(product_group=("45",)), a_policy(), NOON)
    >>> check_product_group(a_deal(product_group=()), a_policy(), NOON).facts
    {'problem': 'empty'}
    """
    if isinstance(deal.product_group, Unread):
        return NotJudged("deal.product_group", (deal.product_group,))
    if not deal.product_group:
        return Violation("deal.product_group", {"problem": "empty"})
    choices = deal.product_group_choices
    if isinstance(choices, Unread):
        return NotJudged("deal.product_group", (choices,))
    unknown = [value for value in deal.product_group if choices is not None and value not in choices]
    return Violation("deal.product_group", {"problem": "unknown", "values": unknown}) if unknown else None


def check_stage(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Актуальная стадия» — one of the deal's own pipeline, not outstayed, and not final from birth.

    >>> from gatekeeper.judge.examples import a_deal, a_policy, NOON
    >>> check_stage(a_deal(stage_id="PREPARATION"), a_policy(), NOON)
    >>> check_stage(a_deal(stage_id="C1:NEW"), a_policy(), NOON).facts
    {'problem': 'foreign', 'stage': 'C1:NEW', 'pipeline': 'Общая'}
    """
    stage = deal.stage
    if stage is None:
        facts = {"problem": "foreign", "stage": deal.stage_id, "pipeline": deal.pipeline.name}
        return Violation("deal.stage", facts)
    if stage.is_final:
        if isinstance(deal.stage_history, Unread):
            return NotJudged("deal.stage", (deal.stage_history,))
        never_worked = all(_is_final(deal, entry.stage_id) for entry in deal.stage_history)
        return (
            Violation("deal.stage", {"problem": "born_final", "stage": stage.name}) if never_worked else None
        )
    max_days = policy.rules.deal_stage.max_days.get(stage.id)
    if max_days is not None and now - deal.moved_at > timedelta(days=max_days):
        facts = {"problem": "outstayed", "stage": stage.name}
        return Violation(
            "deal.stage", facts | {"since": deal.moved_at.date().isoformat(), "max_days": max_days}
        )
    return None


def check_contact(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Контакт», «привязана только к одному контакту».

    >>> from gatekeeper.judge.examples import a_deal, a_policy, NOON
    >>> check_contact(a_deal(contact_ids=(84,)), a_policy(), NOON)
    >>> check_contact(a_deal(contact_ids=(84, 91)), a_policy(), NOON).facts
    {'found': 2, 'wanted': 1}
    """
    found = len(deal.contact_ids)
    return None if found == 1 else Violation("deal.contact", {"found": found, "wanted": 1})


def check_comment(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Развёрнутый комментарий» — one by a person, as rule 3 defines it.

    >>> from gatekeeper.judge.examples import a_comment, a_deal, a_policy, NOON
    >>> check_comment(a_deal(), a_policy(), NOON)
    >>> check_comment(a_deal(comments=(a_comment("НД"),)), a_policy(), NOON).facts["problem"]
    'not_detailed'
    """
    if isinstance(deal.comments, Unread):
        return NotJudged("deal.comment", (deal.comments,))
    texts = _texts(deal, deal.comments, policy.rules.deal_comment.sources)
    if not texts:
        return Violation("deal.comment", {"problem": "missing"})
    lexicon = policy.text.lexicon
    judgements = [judge_comment(text, lexicon) for text in texts]
    if any(judgement.detailed for judgement in judgements):
        return None
    if not all(judgement.judged for judgement in judgements):
        return NotJudged("deal.comment", (UNREADABLE,))
    reasons = [str(reason) for reason in judgements[-1].reasons]
    excerpt = _excerpt(texts[-1])
    return Violation("deal.comment", {"problem": "not_detailed", "reasons": reasons, "excerpt": excerpt})


def check_products(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Товар и сумма» — a product row and a sum above zero; a discount is no violation.

    >>> from gatekeeper.judge.examples import a_deal, a_policy, NOON
    >>> check_products(a_deal(sum=Decimal(100), row_sums=(Decimal(120),)), a_policy(), NOON)
    >>> check_products(a_deal(sum=Decimal(0), row_sums=()), a_policy(), NOON).facts
    {'problems': ['no_rows', 'no_sum']}
    """
    if isinstance(deal.row_sums, Unread):
        return NotJudged("deal.products", (deal.row_sums,))
    if isinstance(deal.sum, Unread):
        return NotJudged("deal.products", (deal.sum,))
    problems = [] if deal.row_sums else ["no_rows"]
    if deal.sum <= 0:
        problems.append("no_sum")
    limit = policy.rules.deal_products.max_sum_deviation
    if (
        not problems
        and limit is not None
        and _deviation_percent(deal.sum, deal.row_sums) > Decimal(str(limit))
    ):
        facts = {"problems": ["deviates"], "sum": str(deal.sum), "rows": str(sum(deal.row_sums))}
        return Violation("deal.products", facts | {"max_percent": limit})
    return Violation("deal.products", {"problems": problems}) if problems else None


def check_lead(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Сделка должна быть создана только на основании лида».

    >>> from gatekeeper.judge.examples import a_deal, a_policy, NOON
    >>> check_lead(a_deal(lead_id=17, lead_exists=True), a_policy(), NOON)
    >>> check_lead(a_deal(lead_id=None, lead_exists=None), a_policy(), NOON).facts
    {'problem': 'missing'}
    """
    if isinstance(deal.lead_exists, Unread):
        return NotJudged("deal.lead", (deal.lead_exists,))
    if deal.lead_id is None:
        return Violation("deal.lead", {"problem": "missing"})
    if not deal.lead_exists:
        return Violation("deal.lead", {"problem": "gone", "lead": deal.lead_id})
    if not policy.rules.deal_lead.same_responsible:
        return None
    if isinstance(deal.lead_responsible_ids, Unread):
        return NotJudged("deal.lead", (deal.lead_responsible_ids,))
    if deal.responsible_id in deal.lead_responsible_ids:
        return None
    return Violation("deal.lead", {"problem": "other_responsible", "lead": deal.lead_id})


def applies(rule: DealRule, deal: DealSnapshot) -> bool:
    """An open deal answers to all rules, a won one to its mandatory fields, a lost one to its birth only.

    Where the portal works without leads, none is asked for.
    """
    if rule.id == "deal.lead" and not deal.leads_in_use:
        return False
    stage = deal.stage
    if stage is None or stage.semantics is Semantics.PROCESS:
        return True
    if stage.semantics is Semantics.SUCCESS:
        return rule.mandatory
    return rule.id == "deal.stage"


def _is_final(deal: DealSnapshot, stage_id: str) -> bool:
    """False for a stage of another pipeline, or one that is gone: who stood there may have worked."""
    stage = deal.pipeline.stage(stage_id)
    return stage is not None and stage.is_final


def _texts(deal: DealSnapshot, comments: tuple[Comment, ...], sources: tuple[str, ...]) -> list[str]:
    """What people wrote, oldest first, in the places that count."""
    texts = person_texts(comments) if "timeline" in sources else []
    if "comments_field" in sources and deal.comments_field.strip():
        texts.insert(0, deal.comments_field)
    return texts


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= EXCERPT_CHARS else flat[: EXCERPT_CHARS - 1].rstrip() + "…"


def _deviation_percent(found: Decimal, row_sums: tuple[Decimal, ...]) -> Decimal:
    total = sum(row_sums, Decimal(0))
    return Decimal("Infinity") if total == 0 else abs(found - total) / abs(total) * 100


DEAL_RULES: tuple[DealRule, ...] = (
    DealRule("deal.product_group", check_product_group, mandatory=True),
    DealRule("deal.stage", check_stage, mandatory=True),
    DealRule("deal.contact", check_contact, mandatory=True),
    DealRule("deal.comment", check_comment, mandatory=True),
    DealRule("deal.products", check_products, mandatory=True),
    DealRule("deal.lead", check_lead),
    DealRule("deal.duplicate", check_deal_duplicate),
    DealRule("deal.inactive", check_inactive),
)
