"""How the portal answers with what its admin set up: pipelines, stages, user fields, the CRM mode.

Sources: the portal contract's sections 3.6, 3.8 and 6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gatekeeper.model.cards import Pipeline, Semantics, Stage, Unread, Why
from gatekeeper.portal.wire.cards import stages_of
from gatekeeper.portal.wire.forms import (
    ABSENT,
    NO_TEXT,
    Misread,
    a_code,
    a_count,
    a_number,
    a_raw_text,
    a_semantics,
    a_text,
    agree,
    an_id,
    each_once,
    part,
    read_map,
    read_row,
    read_rows,
    told,
)

CLASSIC_MODE, SIMPLE_MODE = 1, 2
MEANINGS = {
    "process": Semantics.PROCESS,
    "success": Semantics.SUCCESS,
    "failure": Semantics.FAILURE,
    "apology": Semantics.FAILURE,
}

Choices = dict[str, str] | None | Unread


def extra_semantics(value: Any) -> Semantics:
    meaning = MEANINGS.get(a_raw_text(part(value, "SEMANTICS")))
    if meaning is None:
        raise ValueError("no semantics")
    return meaning


@dataclass(frozen=True, slots=True)
class PipelineRow:
    id: int = told("id", a_count, "3.8")
    name: str = told("name", a_text, "3.8", empty=NO_TEXT, means="")


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage says twice what it means; `extra` is the longer word, which leads and deals have."""

    listed_in: str = told("ENTITY_ID", a_code, "3.8")
    status_id: str = told("STATUS_ID", a_code, "3.8")
    name: str = told("NAME", a_text, "3.8", empty=NO_TEXT, means="")
    sort: int = told("SORT", a_number, "3.8")
    semantics: Semantics = told("SEMANTICS", a_semantics, "3.8", empty=(None,), means=Semantics.PROCESS)
    extra: Semantics | None = told("EXTRA", extra_semantics, "3.8", empty=(ABSENT,))

    def __post_init__(self) -> None:
        agree("SEMANTICS", yes=self.extra in (None, self.semantics))


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    id: int = told("ID", an_id, "3.6")
    label: str = told("VALUE", a_raw_text, "3.6")


def choices(value: Any) -> dict[str, str]:
    """A list without a single value is no list that anybody could choose from."""
    rows = read_rows(ChoiceRow, value)
    agree("items", yes=bool(rows))
    return {str(row.id): row.label for row in rows}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the deal; `choices` is Unread where it has none, which matters for lists alone."""

    type: str = told("type", a_code, "3.6")
    choices: dict[str, str] | Unread = told("items", choices, "3.6", alone=True)


def parse_pipelines(result: Any) -> dict[int, str]:
    """Pipeline id -> name. The default pipeline, id 0, is there even where its row is not."""
    rows = read_rows(PipelineRow, part(result, "categories"))
    each_once(row.id for row in rows)
    return {0: "", **{row.id: row.name for row in rows}}


def pipeline_parser(pipeline_id: int, name: str) -> Callable[[Any], Pipeline]:
    return lambda result: parse_pipeline(pipeline_id, name, result)


def parse_pipeline(pipeline_id: int, name: str, result: Any) -> Pipeline:
    """Misread where there is no stage: every pipeline has some."""
    rows = read_rows(StageRow, result)
    agree("ENTITY_ID", yes=all(row.listed_in == stages_of(pipeline_id) for row in rows))
    stages = tuple(sorted((_stage(pipeline_id, row) for row in rows), key=lambda stage: stage.sort))
    agree("STATUS_ID", yes=bool(stages) and len({stage.id for stage in stages}) == len(stages))
    return Pipeline(pipeline_id, name, stages)


def _stage(pipeline_id: int, row: StageRow) -> Stage:
    prefix = f"C{pipeline_id}:" if pipeline_id else ""
    full = row.status_id if row.status_id.startswith(prefix) else prefix + row.status_id
    return Stage(full, row.name or row.status_id, row.sort, row.semantics)


def parse_leads_in_use(result: Any) -> bool:
    """False in the CRM mode 2, which has no leads."""
    mode = a_number(result)
    if mode not in {CLASSIC_MODE, SIMPLE_MODE}:
        raise Misread(Why.FORM, "result")
    return mode == CLASSIC_MODE


def field_rows(result: Any) -> Mapping[str, Any]:
    return read_map(part(result, "fields"))


def parse_field(result: Any, code: str) -> tuple[str, Choices] | None:
    """The name under which items carry the user field, and its list's choices; None without such a field."""
    for name, row in field_rows(result).items():
        if code in {name, read_map(row).get("upperName")}:
            found = read_row(FieldRow, row)
            return name, found.choices if found.type == "enumeration" else None
    return None
