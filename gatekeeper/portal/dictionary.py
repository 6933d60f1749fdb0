"""Pipelines, stages and list values: what the portal's admin sets up, read seldom and kept for a while.

Judged by a stale dictionary, a deal in a stage added this morning would stand accused. So whoever meets a
word that is not in it asks for a fresh one first (`covers`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gatekeeper.judge.policy import Fields
from gatekeeper.model.cards import Pipeline, Unread
from gatekeeper.model.errors import AccessLost, PortalError
from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.answers import FATAL
from gatekeeper.portal.transport.batch import run
from gatekeeper.portal.transport.client import Answer, PortalClient
from gatekeeper.portal.wire import cards as wire

Choices = dict[str, str] | None | Unread


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`group_names` and `status_names`: under which names an item may carry these fields."""

    pipelines: dict[int, Pipeline]
    group_names: tuple[str, ...]
    group_choices: Choices
    status_names: tuple[str, ...]
    leads_in_use: bool

    def covers(self, row: wire.Row) -> bool:
        """Whether everything that this deal's item names is in here."""
        pipeline = self.pipelines.get(wire.parse_number(row.get("categoryId")))
        group = wire.parse_choice(row, self.group_names)
        if isinstance(group, Unread) or isinstance(self.group_choices, Unread):
            return False
        known_group = self.group_choices is None or all(each in self.group_choices for each in group)
        return known_group and pipeline is not None and pipeline.stage(str(row["stageId"])) is not None


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

    def current(self, deals: Iterable[wire.Row], priority: Priority) -> Dictionary:
        """A dictionary that covers these deals as far as the portal's own does. Raises PortalError."""
        kept = self._kept
        aged = self._monotonic() - self._read_at > self._max_age_s
        if kept is None or aged or not all(kept.covers(row) for row in deals):
            kept = self._kept = self._read(priority)
            self._read_at = self._monotonic()
        return kept

    def _read(self, priority: Priority) -> Dictionary:
        commands = [wire.pipelines_command(), wire.deal_fields_command(), wire.crm_mode_command()]
        listed, fields, mode = run(self._client, commands, priority=priority)
        if isinstance(listed, PortalError):
            raise _without(listed)
        if isinstance(mode, FATAL):
            raise mode
        leads_in_use = isinstance(mode, PortalError) or wire.parse_leads_in_use(mode.result)
        names = wire.parse_pipelines(listed.result)
        stages = run(self._client, [wire.stages_command(each) for each in names], priority=priority)
        pipelines: dict[int, Pipeline] = {}
        for (pipeline_id, name), outcome in zip(names.items(), stages, strict=True):
            if isinstance(outcome, PortalError):
                raise _without(outcome)
            pipelines[pipeline_id] = wire.parse_pipeline(pipeline_id, name, outcome.result)
        return Dictionary(pipelines, *self._group(fields), self._status_names(fields), leads_in_use)

    def _status_names(self, outcome: Answer | PortalError) -> tuple[str, ...]:
        """() where no status is kept, or the portal has no such field."""
        code = self._fields.status
        if code is None or isinstance(outcome, PortalError):
            return ()
        found = wire.parse_field(outcome.result, code)
        return () if found is None else tuple(dict.fromkeys((code, found[0])))

    def _group(self, outcome: Answer | PortalError) -> tuple[tuple[str, ...], Choices]:
        code = self._fields.product_group
        if isinstance(outcome, PortalError):
            if isinstance(outcome, FATAL):
                raise outcome
            return (code,), Unread(f"{outcome.method}: {outcome.code}")
        found = wire.parse_field(outcome.result, code)
        if found is None:
            return (code,), Unread(f"no deal field {code} on this portal")
        name, choices = found
        return tuple(dict.fromkeys((code, name))), choices


def _without(error: PortalError) -> PortalError:
    """Without pipelines and stages no deal can be judged: a refusal of theirs is no single deal's fault."""
    return error if isinstance(error, FATAL) else AccessLost(error.method, error.code, error.status)
