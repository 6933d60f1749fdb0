"""Checks of the webhook itself: alive, whose, with which scopes, methods, clock and limits. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

from gatekeeper.config.values import PortalConfig
from gatekeeper.doctor.diagnosis import Broken, Diagnosis, Doubtful, Fine
from gatekeeper.doctor.needs import FOR_PEOPLE, SUFFERING, suffering
from gatekeeper.judge.policy import Policy
from gatekeeper.model.errors import (
    AccessLost,
    Moved,
    PortalError,
    RateLimited,
    ScopeMissing,
    Unavailable,
)
from gatekeeper.portal.survey import Survey
from gatekeeper.portal.wire.system import (
    METHODS,
    USER_SCOPES,
    WITH_ADDRESSES,
    License,
)

MOST_SKEW = timedelta(seconds=5)
"""More than this is told. Cards are judged by the portal's clock; the log's times are the machine's."""
STANDARD, ENTERPRISE = (2.0, 50), (5.0, 250)
"""Hits a second and at a stretch (vendor's page on limits)."""
LOST = {
    "AUTHORIZATION_ERROR": "webhook.owner_fired",
    "ALLOWED_ONLY_INTRANET_USER": "webhook.owner_outside",
    "USER_ACCESS_ERROR": "webhook.owner_outside",
    "PAYMENT_REQUIRED": "webhook.plan",
    "ACCESS_DENIED": "webhook.plan",
    "PORTAL_DELETED": "webhook.deleted",
    "OVERLOAD_LIMIT": "webhook.blocked",
    "INVALID_REQUEST": "webhook.not_https",
}
"""What the code of a dead webhook means; any other is a webhook that the portal does not know (any more)."""


NEEDED = frozenset({"scopes", "deal", "contact", "lead", "fields", "pipelines"})
"""Without these no card can be judged; the rest is good to know."""


def unread(what: str, error: PortalError) -> Iterator[Diagnosis]:
    """What could not be asked; a missing scope is `check_scopes`' to tell, once."""
    if not isinstance(error, ScopeMissing):
        facts = {"what": (what,), "why": str(error)}
        yield Broken("unread", facts) if what in NEEDED else Doubtful("unread", facts)


def explain_silence(host: str, error: PortalError) -> Broken:
    """Say why the portal did not even tell who is asking, and so nothing else was asked."""
    facts = {"host": host, "code": error.code, "why": str(error)}
    match error:
        case AccessLost(code=code) if code in LOST:
            return Broken(LOST[code], facts)
        case AccessLost():
            return Broken("webhook.unknown", facts)
        case Moved(host=new_host):
            return Broken("webhook.moved", {**facts, "new_host": new_host})
        case RateLimited():
            return Broken("webhook.busy", facts)
        case PortalError(status=HTTPStatus.NOT_FOUND):
            return Broken("webhook.wrong_url", facts)
        case Unavailable():
            return Broken("webhook.no_answer", facts)
        case _:
            return Broken("webhook.odd_answer", facts)


def check_owner(survey: Survey) -> Iterator[Diagnosis]:
    owner = survey.owner
    if owner is None:
        yield Broken("webhook.owner_unknown", {"host": survey.host})
        return
    facts = {"host": survey.host, "name": owner.name, "id": owner.id}
    yield Fine("webhook.fine", facts) if owner.is_admin else Doubtful("webhook.no_admin", facts)


def check_scopes(survey: Survey, policy: Policy) -> Iterator[Diagnosis]:
    """Every scope that is missing, and which rules suffer."""
    granted = survey.scopes
    if isinstance(granted, PortalError):
        yield from unread("scopes", granted)
        return
    yield Fine("scopes.granted", {"scopes": tuple(sorted(granted))})
    if "crm" not in granted:
        yield Broken("scope.crm")
    for scope in SUFFERING:
        rules = suffering(scope, policy)
        if not rules and scope not in FOR_PEOPLE:
            continue
        if not (USER_SCOPES if scope == "user" else {scope}) & granted:
            yield Doubtful(f"scope.{scope}", {"rules": rules})
        elif scope == "user" and not WITH_ADDRESSES & granted:
            yield Doubtful("scope.user_brief", {"rules": rules})


def check_methods(survey: Survey) -> Iterator[Diagnosis]:
    """The methods of the scopes there are; those of a missing scope are missing with it."""
    granted = survey.scopes if isinstance(survey.scopes, frozenset) else frozenset(METHODS)
    asked = [
        name
        for scope, names in METHODS.items()
        if scope in granted or (scope == "user" and USER_SCOPES & granted)
        for name in names
    ]
    errors = [each for name in asked if isinstance(each := survey.methods[name], PortalError)]
    lacking = tuple(name for name in asked if survey.methods[name] is False)
    if errors:
        yield from unread("methods", errors[0])
    elif any(name.startswith("crm.") for name in lacking):
        yield Broken("methods.lacking", {"methods": lacking})
    elif lacking:
        yield Doubtful("methods.lacking", {"methods": lacking})
    elif asked:
        yield Fine("methods.fine", {"count": len(asked)})


def check_clock(survey: Survey) -> Iterator[Diagnosis]:
    clock = survey.clock
    if isinstance(clock, PortalError):
        yield from unread("clock", clock)
        return
    facts = {"seconds": round(abs(clock.skew).total_seconds()), "offset": clock.portal.isoformat()[-6:]}
    if abs(clock.skew) <= MOST_SKEW + clock.uncertain:
        yield Fine("clock.fine", facts)
    else:
        yield Doubtful("clock.ahead" if clock.skew > timedelta(0) else "clock.behind", facts)


def check_limits(survey: Survey, portal: PortalConfig) -> Iterator[Diagnosis]:
    """The limiter's settings against the plan; a portal of one's own has what limits its admin set."""
    plan = survey.license
    if isinstance(plan, PortalError):  # to webhooks of some portals the plan is not told
        yield from unread("license", plan)
        return
    rate, burst = ENTERPRISE if plan.is_enterprise else STANDARD
    facts = {"plan": plan.code, "rate": rate, "burst": burst}
    ours = {"our_rate": portal.rate_per_s, "our_burst": portal.burst}
    if not plan.limited:
        yield Fine("limits.own", {"plan": plan.code, **ours})
    elif portal.rate_per_s > rate or portal.burst > burst:
        yield Doubtful("limits.too_high", facts | ours)
    elif _may_be_higher(plan, portal):
        yield Doubtful("limits.too_low", facts | ours)
    else:
        yield Fine("limits.fine", facts | ours)


def _may_be_higher(plan: License, portal: PortalConfig) -> bool:
    """Whoever set less than the standard did so on purpose: another programme shares the address."""
    return plan.is_enterprise and (portal.rate_per_s, portal.burst) == STANDARD
