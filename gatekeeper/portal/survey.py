"""What `doctor` asks the portal: four rounds, nothing written, each answer apart from the others.

Every field holds what was answered or the error that was answered instead: a portal that refuses one question
must not silence the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from gatekeeper.model.cards import Pipeline
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import Kind, Priority
from gatekeeper.portal.named import FoundNames, Wanted, found, questions
from gatekeeper.portal.transport.answers import ask, parsed
from gatekeeper.portal.transport.client import Command, PortalClient
from gatekeeper.portal.wire import cards as wire
from gatekeeper.portal.wire import setup, system
from gatekeeper.portal.wire.forms import a_moment
from gatekeeper.portal.wire.items import any_id, ids_parser

T = TypeVar("T")
Parse = Callable[[Any], Any]

PROBES: Mapping[str, Callable[[int], Command]] = {
    "telephony": lambda _owner: system.any_call_command(),
    "imopenlines": lambda _owner: system.any_chat_command(),
    "user": system.user_command,
    "department": lambda _owner: system.departments_command(),
}
"""Scope -> a harmless question that only its right answers."""

NOTHING_NAMED = Wanted()


@dataclass(frozen=True, slots=True)
class Clock:
    """The portal's clock beside ours. The portal tells whole seconds, and its answer took a while."""

    portal: datetime
    skew: timedelta
    uncertain: timedelta


@dataclass(frozen=True, slots=True)
class Survey:
    """`visible`: whether the owner sees any card of the kind; `probes`: None where the question was answered.

    `pipelines`: without stages those that could not be read.
    """

    host: str
    owner: system.Owner | None
    clock: Clock | PortalError
    scopes: frozenset[str] | PortalError
    license: system.License | PortalError
    methods: Mapping[str, bool | PortalError]
    leads_in_use: bool | PortalError
    visible: Mapping[Kind, bool | PortalError]
    user_fields: tuple[system.UserField, ...] | PortalError
    pipelines: tuple[Pipeline | PortalError, ...] | PortalError
    probes: Mapping[str, PortalError | None]
    named: FoundNames = field(default_factory=FoundNames)


def read_survey(
    client: PortalClient, now: Callable[[], datetime], wanted: Wanted = NOTHING_NAMED
) -> Survey | PortalError:
    """Ask all there is to ask; an error alone where the portal does not even tell who is asking."""
    try:
        owner = parsed(client.call(system.profile_command()), system.parse_owner)
    except PortalError as error:
        return error
    if isinstance(owner, PortalError):
        return owner
    clock = _read_clock(client, now)
    heard = _read_all(client, {**_questions(owner.id if owner else 0), **questions(wanted)})
    return Survey(
        host=client.host,
        owner=owner,
        clock=clock,
        scopes=heard["scopes"],
        license=heard["license"],
        methods={name: heard["method", name] for names in system.METHODS.values() for name in names},
        leads_in_use=heard["mode"],
        visible={kind: heard["any", kind] for kind in wire.ENTITY_TYPE},
        user_fields=heard["fields"],
        pipelines=_read_pipelines(client, heard["pipelines"]),
        probes={scope: heard["probe", scope] for scope in PROBES},
        named=found(wanted, heard),
    )


def _questions(owner_id: int) -> dict[Any, tuple[Command, Parse]]:
    return {
        "scopes": (system.scopes_command(), system.parse_scopes),
        "license": (system.license_command(), system.parse_license),
        "mode": (wire.crm_mode_command(), setup.parse_leads_in_use),
        "fields": (wire.deal_fields_command(), system.parse_user_fields),
        "pipelines": (wire.pipelines_command(), setup.parse_pipelines),
        **{
            ("method", name): (system.method_command(name), system.parse_available)
            for names in system.METHODS.values()
            for name in names
        },
        **{
            ("any", kind): (system.any_card_command(kind), lambda result: bool(ids_parser(any_id)(result)))
            for kind in wire.ENTITY_TYPE
        },
        **{("probe", scope): (make(owner_id), lambda _result: None) for scope, make in PROBES.items()},
    }


def _read_all(client: PortalClient, questions: Mapping[Any, tuple[Command, Parse]]) -> dict[Any, Any]:
    """Each question's answer, or its error, by the question's key."""
    outcomes = ask(client, [command for command, _ in questions.values()], Priority.LIVE)
    return {
        key: parsed(outcome, parse)
        for (key, (_, parse)), outcome in zip(questions.items(), outcomes, strict=True)
    }


def _read_clock(client: PortalClient, now: Callable[[], datetime]) -> Clock | PortalError:
    """In a hit of its own: what else a hit does would count as travel."""
    before = now()
    try:
        answer = client.call(system.clock_command())
    except PortalError as error:
        return error
    travelled = now() - before
    portal = parsed(answer, a_moment)
    if isinstance(portal, PortalError):
        return portal
    return Clock(portal, portal - (before + travelled / 2), travelled / 2 + timedelta(seconds=1))


def _read_pipelines(
    client: PortalClient, names: dict[int, str] | PortalError
) -> tuple[Pipeline | PortalError, ...] | PortalError:
    if isinstance(names, PortalError):
        return names
    outcomes = ask(client, [wire.stages_command(name) for name in names], Priority.LIVE)
    return tuple(
        parsed(outcome, setup.pipeline_parser(number, name))
        for (number, name), outcome in zip(names.items(), outcomes, strict=True)
    )
