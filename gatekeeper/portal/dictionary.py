"""Pipelines, stages and list values: what the portal's admin sets up, read seldom and kept for a while.

Judged by a stale dictionary, a deal in a stage added this morning would stand accused. So whoever meets a
word that is not in it asks for a fresh one first (`covers`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gatekeeper.judge.policy import Fields
from gatekeeper.model.cards import Pipeline, Unread, Why
from gatekeeper.model.errors import AccessLost, PortalError, Unavailable, Unreadable
from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.answers import FATAL, counted, parsed, unread_of
from gatekeeper.portal.transport.batch import run
from gatekeeper.portal.transport.client import Answer, PortalClient
from gatekeeper.portal.wire import cards as wire
from gatekeeper.portal.wire import setup
from gatekeeper.portal.wire.forms import Misread, Row
from gatekeeper.portal.wire.items import DealItem, read_choice
from gatekeeper.portal.wire.setup import Choices

_NUMBER = re.compile("[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`group_names` and `status_names`: under which names an item may carry these fields.

    A pipeline whose stages could not be understood is the error: its deals wait, and the others do not.
    """

    pipelines: dict[int, Pipeline | Unreadable]
    group_names: tuple[str, ...]
    group_choices: Choices
    status_names: tuple[str, ...]
    leads_in_use: bool

    def group_of(self, row: Row) -> tuple[str, ...] | Unread:
        """The product group of a deal; the values of a list are known by their numbers (contract 3.6)."""
        group = read_choice(row, self.group_names)
        numbered = isinstance(self.group_choices, dict)
        if isinstance(group, Unread) or not numbered or all(map(_NUMBER.fullmatch, group)):
            return group
        return Misread(Why.FORM, self.group_names[0]).unread

    def covers(self, deal: DealItem) -> bool:
        """Whether everything that this deal names is in here."""
        group = self.group_of(deal.row)
        if isinstance(group, Unread) or isinstance(self.group_choices, Unread):
            return False
        known_group = self.group_choices is None or all(each in self.group_choices for each in group)
        return known_group and self._has_stage(deal)

    def _has_stage(self, deal: DealItem) -> bool:
        pipeline = self.pipelines.get(deal.pipeline_id)
        stage = pipeline.stage(deal.stage_id) if isinstance(pipeline, Pipeline) else None
        return stage is not None and stage.semantics is deal.semantics


class DictionaryKeeper:
    """Reads the dictionary when first asked, when it has aged, and when a deal names something new."""

    def __init__(
        self,
        client: PortalClient,
        fields: Fields,
        *,
        max_age_s: float = 600,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._fields = fields
        self._max_age_s = max_age_s
        self._monotonic = monotonic
        self._kept: Dictionary | None = None
        self._read_at = 0.0

    def current(self, deals: Iterable[DealItem], priority: Priority) -> Dictionary:
        """A dictionary that covers these deals as far as the portal's own does. Raises PortalError."""
        kept = self._kept
        aged = self._monotonic() - self._read_at > self._max_age_s
        if kept is None or aged or not all(kept.covers(deal) for deal in deals):
            kept = self._kept = self._read(priority)
            self._read_at = self._monotonic()
        return kept

    def _read(self, priority: Priority) -> Dictionary:
        commands = [wire.pipelines_command(), wire.deal_fields_command(), wire.crm_mode_command()]
        listed, fields, mode = run(self._client, commands, priority=priority)
        leads_in_use = parsed(mode, setup.parse_leads_in_use)
        if isinstance(leads_in_use, (*FATAL, Unreadable)):
            raise _without(leads_in_use)
        names = parsed(counted(listed, "categories"), setup.parse_pipelines)
        if isinstance(names, PortalError):
            raise _without(names)
        return Dictionary(
            self._pipelines(names, priority),
            *self._group(fields),
            self._status_names(fields),
            leads_in_use is not False,
        )

    def _pipelines(self, names: dict[int, str], priority: Priority) -> dict[int, Pipeline | Unreadable]:
        outcomes = run(self._client, [wire.stages_command(each) for each in names], priority=priority)
        pipelines: dict[int, Pipeline | Unreadable] = {}
        for (pipeline_id, name), outcome in zip(names.items(), outcomes, strict=True):
            found = parsed(counted(outcome), setup.pipeline_parser(pipeline_id, name))
            if isinstance(found, PortalError) and not isinstance(found, Unreadable):
                raise _without(found)
            pipelines[pipeline_id] = found
        return pipelines

    def _status_names(self, outcome: Answer | PortalError) -> tuple[str, ...]:
        """() where no status is kept, or the portal has no such field."""
        code = self._fields.status
        if code is None:
            return ()
        found = parsed(outcome, lambda result: setup.parse_field(result, code))
        return () if found is None or isinstance(found, PortalError) else (code, found[0])

    def _group(self, outcome: Answer | PortalError) -> tuple[tuple[str, ...], Choices]:
        code = self._fields.product_group
        found = parsed(outcome, lambda result: setup.parse_field(result, code))
        if isinstance(found, FATAL):
            raise found
        if isinstance(found, PortalError):
            return (code,), unread_of(found)
        if found is None:
            return (code,), Unread.of(Why.NO_FIELD, field=code)
        name, choices = found
        return tuple(dict.fromkeys((code, name))), choices


def _without(error: PortalError) -> PortalError:
    """Without pipelines and stages no deal can be judged: a refusal of theirs is no single deal's fault."""
    if isinstance(error, Unreadable):
        return Unavailable(error.method, detail=str(error))
    return error if isinstance(error, FATAL) else AccessLost(error.method, error.code, error.status)
