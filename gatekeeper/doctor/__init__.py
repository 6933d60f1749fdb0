"""`gatekeeper doctor`: why it does not work, or less well than it could, and what to do about it.

`portal.survey` asks, `home` looks at our own database, the checks judge what they found, each apart from the
others, and `words` puts the diagnoses into sentences. Nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from gatekeeper.config.values import Config
from gatekeeper.doctor import crm, naming, webhook
from gatekeeper.doctor.diagnosis import Broken, Diagnosis, Doubtful, Fine
from gatekeeper.doctor.home import Home, check_events, check_home, check_troubles
from gatekeeper.model.errors import PortalError
from gatekeeper.portal.survey import Survey

__all__ = ["Broken", "Diagnosis", "Doubtful", "Fine", "diagnose"]


def diagnose(
    survey: Survey | PortalError, home: Home, config: Config, silence_limit: timedelta, now: datetime
) -> tuple[Diagnosis, ...]:
    """Everything there is to say, in the order in which an admin would mend it."""
    return tuple(_merged(_diagnoses(survey, home, config, silence_limit, now)))


def _diagnoses(
    survey: Survey | PortalError, home: Home, config: Config, silence_limit: timedelta, now: datetime
) -> Iterator[Diagnosis]:
    if isinstance(survey, PortalError):
        yield webhook.explain_silence(urlsplit(config.portal.url.reveal()).netloc, survey)
    else:
        yield from _of_portal(survey, config)
    yield from check_home(home, silence_limit)
    yield from check_troubles(home)
    yield from check_events(home, config.web.port, now)


def _merged(diagnoses: Iterable[Diagnosis]) -> Iterator[Diagnosis]:
    """A portal that falls silent half-way is one trouble, not ten: what one error kept back is one line."""
    held: dict[tuple[type[Diagnosis], str], list[str]] = {}
    for diagnosis in diagnoses:
        if diagnosis.code == "unread":
            held.setdefault((type(diagnosis), diagnosis.facts["why"]), []).extend(diagnosis.facts["what"])
        else:
            yield diagnosis
    for (kind, why), what in held.items():
        yield kind("unread", {"what": tuple(what), "why": why})


def _of_portal(survey: Survey, config: Config) -> Iterator[Diagnosis]:
    policy = config.policy
    yield from webhook.check_owner(survey)
    if survey.owner is None:
        return
    yield from webhook.check_scopes(survey, policy)
    yield from webhook.check_methods(survey)
    yield from webhook.check_clock(survey)
    yield from webhook.check_limits(survey, config.portal)
    yield from crm.check_leads(survey, policy)
    yield from crm.check_rights(survey)
    yield from crm.check_probes(survey, policy)
    yield from crm.check_product_group(survey, policy)
    yield from crm.check_status_field(survey, policy)
    yield from crm.check_stages(survey, policy)
    yield from naming.check_names(survey, config)
