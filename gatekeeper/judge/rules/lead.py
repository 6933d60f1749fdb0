"""Rule 1 of the regulations: what a converted lead must have behind it."""

from __future__ import annotations

from datetime import datetime

from gatekeeper.judge.comments import judge_comment
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.rules.activity import UNREADABLE, last_interaction, person_texts
from gatekeeper.judge.rules.base import LeadRule
from gatekeeper.model.cards import LeadSnapshot, Unread
from gatekeeper.model.findings import Finding, NotJudged, Violation


def check_interaction(lead: LeadSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Обязательным условием для конвертации является взаимодействие с клиентом».

    >>> from gatekeeper.judge.examples import a_lead, a_policy, NOON
    >>> from gatekeeper.model.cards import Interactions
    >>> check_interaction(a_lead(), a_policy(), NOON)
    >>> check_interaction(a_lead(interactions=Interactions((), ())), a_policy(), NOON).facts
    {'problem': 'missing'}
    """
    if last_interaction(lead.interactions) is not None:
        return None
    if lead.interactions.unread:
        return NotJudged("lead.interaction", lead.interactions.unread)
    return Violation("lead.interaction", {"problem": "missing"})


def check_comment(lead: LeadSnapshot, policy: Policy, now: datetime) -> Finding:
    """«…и проставление комментария» — in the timeline or in the card's own field.

    >>> from gatekeeper.judge.examples import a_comment, a_lead, a_policy, NOON
    >>> check_comment(a_lead(comments=(a_comment("НД"),)), a_policy(), NOON)
    >>> check_comment(a_lead(comments=()), a_policy(), NOON).facts
    {'problem': 'missing'}
    """
    if isinstance(lead.comments, Unread):
        return NotJudged("lead.comment", (lead.comments,))
    texts = [lead.comments_field, *person_texts(lead.comments)]
    written = [text for text in texts if text.strip()]
    if not written:
        return Violation("lead.comment", {"problem": "missing"})
    lexicon = policy.text.lexicon
    if policy.rules.lead_comment.require == "any" or any(judge_comment(t, lexicon).detailed for t in written):
        return None
    if not all(judge_comment(t, lexicon).judged for t in written):
        return NotJudged("lead.comment", (UNREADABLE,))
    return Violation("lead.comment", {"problem": "not_detailed"})


def check_outcome(lead: LeadSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Лид в конце концов должен конвертироваться в контакт и сделку».

    >>> from gatekeeper.judge.examples import a_lead, a_policy, NOON
    >>> check_outcome(a_lead(), a_policy(), NOON)
    >>> check_outcome(a_lead(contact_ids=()), a_policy(), NOON).facts
    {'problems': ['no_contact']}
    """
    if isinstance(lead.deal_ids, Unread):
        return NotJudged("lead.outcome", (lead.deal_ids,))
    problems = [] if lead.contact_ids else ["no_contact"]
    if not lead.deal_ids:
        problems.append("no_deal")
    return Violation("lead.outcome", {"problems": problems}) if problems else None


LEAD_RULES: tuple[LeadRule, ...] = (
    LeadRule("lead.interaction", check_interaction),
    LeadRule("lead.comment", check_comment),
    LeadRule("lead.outcome", check_outcome),
)
