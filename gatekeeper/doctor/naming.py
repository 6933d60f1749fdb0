"""Does the portal have what the config names by number or code? Pure.

A number that leads nowhere harms nothing and does nothing, so nobody would notice: a department whose cards
were to be spared is not, an exemption never holds, a notice goes to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gatekeeper.config.values import Config
from gatekeeper.doctor.diagnosis import Broken, Diagnosis, Doubtful, Fine
from gatekeeper.doctor.webhook import unread
from gatekeeper.judge.policy import (
    RULE_IDS,
    Ceiling,
    DealOptions,
    Modes,
)
from gatekeeper.model.cards import Pipeline
from gatekeeper.model.errors import PortalError
from gatekeeper.model.exemption import FROM_CONFIG, Exemption
from gatekeeper.model.refs import Kind
from gatekeeper.portal.named import Wanted
from gatekeeper.portal.survey import Survey

PIPELINE, DEPARTMENT, USER, SOURCE = "pipeline", "department", "user", "source"
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that the config names; `key` is where."""

    what: str
    id: int | str
    key: str

    def __str__(self) -> str:
        return f"{self.id} ({self.key})"


def names_of(config: Config) -> tuple[Named, ...]:
    """In the order of the config, each key and number once."""
    policy, told = config.policy, config.notifications
    found = [*_of_modes("ceiling", policy.ceiling)]
    for rule_id in RULE_IDS:
        found += _of_modes(f'rules."{rule_id}"', policy.rules[rule_id])
    for exemption in policy.exemptions:
        found += _of_exemption(exemption)
    found += [Named(USER, each, "notifications.quality_control") for each in told.quality_control]
    found += [Named(USER, each, "notifications.digest.to") for each in told.digest.to]
    return tuple(dict.fromkeys(found))


def wanted_of(config: Config) -> Wanted:
    """What the survey must ask for beside what it always asks."""
    names = names_of(config)
    return Wanted(
        users=frozenset(int(name.id) for name in names if name.what == USER),
        departments=frozenset(int(name.id) for name in names if name.what == DEPARTMENT),
        sources=any(name.what == SOURCE for name in names),
    )


def check_names(survey: Survey, config: Config) -> Iterator[Diagnosis]:
    names = names_of(config)
    pipelines = _pipelines(survey)
    there: Mapping[str, Mapping[Any, str] | PortalError] = {
        PIPELINE: pipelines,
        DEPARTMENT: survey.named.departments,
        USER: survey.named.users,
        SOURCE: survey.named.sources,
    }
    lost = 0
    for what, known in there.items():
        mine = [name for name in names if name.what == what]
        if isinstance(known, PortalError):
            yield from (
                unread(what, known) if mine and what != PIPELINE else ()
            )  # `check_stages` tells of those
            continue
        missing = tuple(str(each) for each in mine if each.id not in known)
        lost += len(missing)
        if missing:
            yield Doubtful(f"named.{what}", {"names": missing, "there": _shown(known)})
    if names and not lost and not any(isinstance(each, PortalError) for each in there.values()):
        yield Fine("named.fine", {"count": len(names)})
    yield from _check_people(names, survey)
    yield from _check_owner(survey, config.policy.exemptions)


def _check_people(names: Iterable[Named], survey: Survey) -> Iterator[Diagnosis]:
    """Of a dismissed one his head is told; whether that is meant, only the admin knows."""
    readers = [name for name in names if name.key.startswith("notifications.")]
    gone = tuple(str(reader) for reader in readers if reader.id in survey.named.dismissed)
    if gone:
        yield Doubtful("named.dismissed", {"names": gone})


def _check_owner(survey: Survey, exemptions: Iterable[Exemption]) -> Iterator[Diagnosis]:
    """Deals are moved back in the owner's name, so an exemption of the mover would cover each of them."""
    owner = survey.owner
    for exemption in exemptions:
        of_deals = exemption.entity.kind is Kind.DEAL if exemption.entity else _is_of_deals(exemption.rule)
        if owner is not None and exemption.user == owner.id and of_deals:
            yield Broken(
                "named.owner", {"key": f"{_key(exemption)}.user", "id": owner.id, "name": owner.name}
            )


def _is_of_deals(rule: str | None) -> bool:
    return rule is None or rule.startswith(f"{Kind.DEAL}.")


def _of_modes(key: str, table: Modes) -> Iterator[Named]:
    if isinstance(table, Ceiling | DealOptions):
        yield from (Named(PIPELINE, pipeline, f"{key}.pipelines") for pipeline in table.pipelines)
    yield from (Named(DEPARTMENT, department, f"{key}.departments") for department in table.departments)


def _of_exemption(exemption: Exemption) -> Iterator[Named]:
    given = {PIPELINE: exemption.pipeline, SOURCE: exemption.source, USER: exemption.user}
    for what, value in given.items():
        if value is not None:
            yield Named(what, value, f"{_key(exemption)}.{what}")


def _key(exemption: Exemption) -> str:
    return f'exemptions."{exemption.id.removeprefix(FROM_CONFIG)}"'


def _pipelines(survey: Survey) -> Mapping[int, str] | PortalError:
    if isinstance(survey.pipelines, PortalError):
        return survey.pipelines
    silent = next((pipeline for pipeline in survey.pipelines if isinstance(pipeline, PortalError)), None)
    return silent or {
        pipeline.id: pipeline.name for pipeline in survey.pipelines if isinstance(pipeline, Pipeline)
    }


def _shown(known: Mapping[Any, str]) -> tuple[str, ...]:
    return tuple(f"{key} «{name}»" for key, name in known.items())[:MOST_SHOWN]
