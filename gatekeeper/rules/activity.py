"""How lately anybody talked to the client, and wrote down what about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gatekeeper.model import Comment, DealSnapshot, Interactions, Unread
from gatekeeper.policy import Policy
from gatekeeper.rules.base import Finding, NotJudged, Violation
from gatekeeper.text import judge_comment
from gatekeeper.text.lexicon import Lexicon


def last_interaction(interactions: Interactions) -> datetime | None:
    """The last moment in which an exchange still had both its sides; None where there was none.

    Mail or chat is an exchange from the earlier of the client's last message and the company's last one:
    only a window that reaches back to there holds both.
    """
    moments = list(interactions.calls)
    by_client = [each.at for each in interactions.messages if each.by_client]
    by_company = [each.at for each in interactions.messages if not each.by_client]
    if by_client and by_company:
        moments.append(min(max(by_client), max(by_company)))
    return max(moments, default=None)


def person_texts(comments: Sequence[Comment]) -> list[str]:
    """What people wrote into the timeline, oldest first; the gatekeeper's own words are nobody's comment."""
    written = sorted((each for each in comments if each.mark is None), key=lambda each: each.created_at)
    return [each.text for each in written]


def last_detailed(comments: Sequence[Comment], lexicon: Lexicon) -> datetime | None:
    """When a person last wrote a detailed comment (rule 3)."""
    newest_first = sorted(
        (each for each in comments if each.mark is None), key=lambda each: each.created_at, reverse=True
    )
    return next(
        (each.created_at for each in newest_first if judge_comment(each.text, lexicon).detailed), None
    )


def is_active(deal: DealSnapshot, policy: Policy, now: datetime) -> bool | None:
    """Whether both an interaction and a detailed comment lie within the window; None if that is not known."""
    if isinstance(deal.comments, Unread):
        return None
    since = policy.rules.deal_inactive.window.before(now)
    commented = last_detailed(deal.comments, policy.text.lexicon)
    if commented is None or commented < since:
        return False
    talked = last_interaction(deal.interactions)
    if talked is not None and talked >= since:
        return True
    return None if deal.interactions.unread else False


def check_inactive(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Минимум 1 раз в 2 месяца отражает взаимодействие с клиентом… и развёрнутого комментария».

    >>> from datetime import timedelta
    >>> from gatekeeper.examples import a_deal, a_policy, NOON
    >>> check_inactive(a_deal(created_at=NOON - timedelta(days=90)), a_policy(), NOON)
    >>> check_inactive(a_deal(created_at=NOON - timedelta(days=90), comments=()), a_policy(), NOON).facts
    {'problems': ['comment'], 'window': '2 months', 'interaction': '2026-08-31', 'comment': None}
    """
    window = policy.rules.deal_inactive.window
    since = window.before(now)
    if deal.created_at >= since:
        return None
    if isinstance(deal.comments, Unread):
        return NotJudged("deal.inactive", deal.comments.why)
    talked, commented = last_interaction(deal.interactions), last_detailed(deal.comments, policy.text.lexicon)
    silent = talked is None or talked < since
    problems = ["interaction"] if silent and not deal.interactions.unread else []
    if commented is None or commented < since:
        problems.append("comment")
    if problems:
        dates = {"interaction": _day(talked), "comment": _day(commented)}
        return Violation("deal.inactive", {"problems": problems, "window": str(window), **dates})
    return NotJudged("deal.inactive", "; ".join(deal.interactions.unread)) if silent else None


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None
