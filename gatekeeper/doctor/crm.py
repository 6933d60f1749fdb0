"""Checks of the CRM: leads, rights, and whether what the config names is there. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gatekeeper.doctor.diagnosis import Broken, Diagnosis, Doubtful, Fine
from gatekeeper.doctor.needs import BY_LEADS, in_force, suffering
from gatekeeper.doctor.webhook import unread
from gatekeeper.judge.modes import holds_anywhere
from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import Pipeline
from gatekeeper.model.errors import AccessDenied, PortalError, ScopeMissing
from gatekeeper.model.refs import Kind
from gatekeeper.portal.survey import Survey
from gatekeeper.portal.wire.system import UserField

LIST, TEXT = "enumeration", "string"
MOST_SHOWN = 8
"""Of what an admin may have meant, so many are named."""


def check_leads(survey: Survey, policy: Policy) -> Iterator[Diagnosis]:
    in_use = survey.leads_in_use
    rules = in_force(BY_LEADS, policy)
    if isinstance(in_use, PortalError):
        yield from unread("leads", in_use)
    elif in_use:
        yield Fine("leads.in_use")
    elif rules:
        yield Doubtful("leads.none", {"rules": rules})
    else:
        yield Fine("leads.none_needed")


def check_rights(survey: Survey) -> Iterator[Diagnosis]:
    """Per kind: an empty list is a portal without cards, or an owner who sees none of them."""
    seen: list[Kind] = []
    unseen: list[Kind] = []
    for kind, visible in survey.visible.items():
        if kind is Kind.LEAD and survey.leads_in_use is False:
            continue
        if isinstance(visible, AccessDenied):
            yield Broken("rights.denied", {"kind": kind, "why": str(visible)})
        elif isinstance(visible, PortalError):
            yield from unread(kind, visible)
        else:
            (seen if visible else unseen).append(kind)
    if unseen:
        yield Doubtful("rights.nothing_seen", {"kinds": tuple(unseen)})
    if seen:
        yield Fine("rights.fine", {"kinds": tuple(seen)})


def check_probes(survey: Survey, policy: Policy) -> Iterator[Diagnosis]:
    """Rights that no scope tells of: a scope may be there and its owner still be refused."""
    answered: list[str] = []
    for scope, refusal in survey.probes.items():
        if refusal is None:
            answered.append(scope)
        elif isinstance(refusal, ScopeMissing):
            continue
        elif isinstance(refusal, AccessDenied):
            yield Doubtful(f"probe.{scope}", {"rules": suffering(scope, policy), "why": str(refusal)})
        else:
            yield from unread(scope, refusal)
    if answered:
        yield Fine("probe.fine", {"sources": tuple(answered)})


def check_product_group(survey: Survey, policy: Policy) -> Iterator[Diagnosis]:
    if not holds_anywhere(policy, "deal.product_group"):
        return
    code = policy.fields.product_group
    known = survey.user_fields
    if isinstance(known, PortalError):
        yield from unread("fields", known)
        return
    found = next((field for field in known if field.code == code), None)
    if found is None:
        meant = _shown(known, lambda each: each.type == LIST)
        yield Broken("group.missing", {"field": code, "meant": meant})
    elif found.type != LIST:
        yield Doubtful("group.no_list", {"field": code, "type": found.type})
    elif not found.choices:
        yield Broken("group.empty_list", {"field": code})
    else:
        yield Fine("group.fine", {"field": code, "title": found.title, "choices": found.choices})


def check_status_field(survey: Survey, policy: Policy) -> Iterator[Diagnosis]:
    code = policy.fields.status
    known = survey.user_fields
    if code is None or isinstance(known, PortalError):
        return
    found = next((field for field in known if field.code == code), None)
    if found is None:
        meant = _shown(known, lambda each: each.type == TEXT and not each.is_multiple)
        yield Broken("status.missing", {"field": code, "meant": meant})
    elif found.type != TEXT or found.is_multiple:
        yield Broken("status.no_text", {"field": code, "type": found.type})
    else:
        yield Fine("status.fine", {"field": code, "title": found.title})


def check_stages(survey: Survey, policy: Policy) -> Iterator[Diagnosis]:
    """`max_days` for a stage that is not there never strikes, and nobody would notice."""
    wanted = policy.rules.deal_stage.max_days
    pipelines = survey.pipelines
    if isinstance(pipelines, PortalError):
        yield from unread("pipelines", pipelines)
        return
    silent = next((pipeline for pipeline in pipelines if isinstance(pipeline, PortalError)), None)
    if silent is not None:
        yield from unread("pipelines", silent)
        return
    there = {
        stage.id: stage
        for pipeline in pipelines
        if isinstance(pipeline, Pipeline)
        for stage in pipeline.stages
    }
    lost = tuple(sorted(stage_id for stage_id in wanted if stage_id not in there))
    if lost:
        meant = tuple(f"{each.id} «{each.name}»" for each in there.values() if _akin(each.id, lost))
        yield Broken("stages.unknown", {"stages": lost, "meant": meant[: 2 * MOST_SHOWN]})
    elif wanted:
        yield Fine("stages.fine", {"count": len(wanted)})


def _akin(stage_id: str, lost: tuple[str, ...]) -> bool:
    """Of the same pipeline, by the prefix that all its stages share."""
    return stage_id.rpartition(":")[0] in {each.rpartition(":")[0] for each in lost}


def _shown(known: tuple[UserField, ...], fits: Callable[[UserField], bool]) -> tuple[str, ...]:
    return tuple(f"{row.code} «{row.title}»" for row in known if fits(row))[:MOST_SHOWN]
