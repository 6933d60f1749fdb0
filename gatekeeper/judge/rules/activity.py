"""How lately anybody talked to the client, and wrote down what about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from gatekeeper.judge.comments import judge_comment
from gatekeeper.judge.comments.lexicon import Lexicon
from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import (
    Comment,
    DealSnapshot,
    Interactions,
    Unread,
    Why,
)
from gatekeeper.model.findings import Announcement, Finding, NotJudged, Outlook, Violation
from gatekeeper.model.signature import without_quotes

# Why a comment is nobody's fault; for an admin.
UNREADABLE = Unread(Why.LANGUAGE)


def last_interaction(interactions: Interactions) -> datetime | None:
    """The last moment in which an exchange still had both its sides; None where there was none.

    Mail or chat is an exchange from the earlier of the client's last message and the company's last one:
    only a window that reaches back to there holds both.
    """
    moments = list(interactions.calls)
    by_client = [message.at for message in interactions.messages if message.by_client]
    by_company = [message.at for message in interactions.messages if not message.by_client]
    if by_client and by_company:
        moments.append(min(max(by_client), max(by_company)))
    return max(moments, default=None)


def person_texts(comments: Sequence[Comment]) -> list[str]:
    """What people wrote into the timeline, oldest first; the gatekeeper's own words are nobody's comment."""
    return [text for _, text in _written(comments)]


def last_detailed(comments: Sequence[Comment], lexicon: Lexicon) -> datetime | None:
    """When a person last wrote a detailed comment (rule 3)."""
    newest_first = reversed(_written(comments))
    return next((at for at, text in newest_first if judge_comment(text, lexicon).detailed), None)


def _written(comments: Sequence[Comment]) -> list[tuple[datetime, str]]:
    """By people, oldest first: when, and what is left of it when our notes are not quoted."""
    people = sorted(
        (comment for comment in comments if comment.signed_for is None), key=lambda each: each.created_at
    )
    texts = ((person, without_quotes(person.text)) for person in people)
    return [(each.created_at, text) for each, text in texts if text or not each.text]


def last_unreadable(comments: Sequence[Comment], lexicon: Lexicon) -> datetime | None:
    """When a person last wrote a comment that may be detailed for all that the judge can tell."""
    newest_first = reversed(_written(comments))
    return next((at for at, text in newest_first if not judge_comment(text, lexicon).judged), None)


def is_active(deal: DealSnapshot, policy: Policy, now: datetime) -> bool | None:
    """Whether both an interaction and a detailed comment lie within the window; None if that is not known."""
    if isinstance(deal.comments, Unread):
        return None
    since = policy.rules.deal_inactive.window.before(now)
    commented = _is_since(since, last_detailed(deal.comments, policy.text.lexicon))
    if not commented and not _is_since(since, last_unreadable(deal.comments, policy.text.lexicon)):
        return False
    if _is_since(since, last_interaction(deal.interactions)):
        return True if commented else None
    return None if deal.interactions.unread else False


def leaves_nothing_open(
    created_at: datetime,
    comments: tuple[Comment, ...] | Unread,
    found: Interactions,
    policy: Policy,
    now: datetime,
) -> bool:
    """Whether these interactions of a deal settle what is asked of them, whatever others there are.

    They lie within the window, and so far within that no end of it need be announced; and either the deal is
    too young to have been left alone, or its comment is as late as they are.
    """
    options = policy.rules.deal_inactive
    soon = options.warn_before.after(now) if options.warn_before else now
    since = options.window.before(soon)
    if not _is_since(since, last_interaction(found)):
        return False
    commented = not isinstance(comments, Unread) and last_detailed(comments, policy.text.lexicon)
    return created_at >= since or bool(commented and commented >= since)


def check_inactive(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Минимум 1 раз в 2 месяца отражает взаимодействие с клиентом… и развёрнутого комментария».

    >>> from datetime import timedelta
    >>> from gatekeeper.judge.examples import a_deal, a_policy, NOON
    >>> check_inactive(a_deal(created_at=NOON - timedelta(days=90)), a_policy(), NOON)
    >>> check_inactive(a_deal(created_at=NOON - timedelta(days=90), comments=()), a_policy(), NOON).facts
    {'problems': ['comment'], 'window': '2 months', 'interaction': '2026-08-31', 'comment': None}
    """
    window = policy.rules.deal_inactive.window
    since = window.before(now)
    if deal.created_at >= since:
        return None
    if isinstance(deal.comments, Unread):
        return NotJudged("deal.inactive", (deal.comments,))
    talked, commented = last_interaction(deal.interactions), last_detailed(deal.comments, policy.text.lexicon)
    silent, mute = not _is_since(since, talked), not _is_since(since, commented)
    unreadable = mute and _is_since(since, last_unreadable(deal.comments, policy.text.lexicon))
    problems = ["interaction"] if silent and not deal.interactions.unread else []
    if mute and not unreadable:
        problems.append("comment")
    if problems:
        dates = {"interaction": _day(talked), "comment": _day(commented)}
        facts: dict[str, Any] = {"problems": problems, "window": str(window), **dates}
        if policy.interaction.include_contact:
            facts["with_contact"] = True
        return Violation("deal.inactive", facts, partial=silent and bool(deal.interactions.unread))
    why = (deal.interactions.unread if silent else ()) + ((UNREADABLE,) if unreadable else ())
    return NotJudged("deal.inactive", why) if why else None


def announce_inactive(deal: DealSnapshot, policy: Policy, now: datetime) -> tuple[datetime | None, Outlook]:
    """The last moment in which an open deal does not break `deal.inactive`, and what to say of it by now.

    The moment is None where it cannot be known. Where some interactions could not be read it is the one that
    the comments alone allow: an interaction that nobody saw may be later than those that were seen.

    >>> from datetime import timedelta
    >>> from gatekeeper.judge.examples import a_deal, a_policy, NOON
    >>> announce_inactive(a_deal(comments=()), a_policy(), NOON + timedelta(days=50))[1]
    >>> announce_inactive(a_deal(comments=()), a_policy(), NOON + timedelta(days=55))[1].facts
    {'on': '2026-11-01', 'needs': ['interaction', 'comment']}
    """
    if isinstance(deal.comments, Unread):
        return None, NotJudged("deal.inactive", (deal.comments,))
    texts = (last_detailed, last_unreadable)
    moments = [each for last in texts if (each := last(deal.comments, policy.text.lexicon)) is not None]
    lasts = {"comment": max(moments, default=None)}
    if not deal.interactions.unread:
        lasts = {"interaction": last_interaction(deal.interactions)} | lasts
    since = max(deal.created_at, min((last or deal.created_at) for last in lasts.values()))
    until = policy.rules.deal_inactive.window.after(since.astimezone(UTC))
    notice = policy.rules.deal_inactive.warn_before
    if notice is None or now > until:
        return until, None
    if now < notice.before(until):
        hidden = deal.interactions.unread
        return until, NotJudged("deal.inactive", hidden) if hidden else None
    needs = [name for name, last in lasts.items() if last is None or last <= since]
    day = until.astimezone(deal.created_at.tzinfo).date().isoformat()
    return until, Announcement("deal.inactive", {"on": day, "needs": needs})


def _is_since(since: datetime, moment: datetime | None) -> bool:
    return moment is not None and moment >= since


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None
