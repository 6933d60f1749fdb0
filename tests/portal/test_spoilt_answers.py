"""The law of the wire: a spoilt answer opens and ends no violation, moves no deal, changes no note.

The answers of a portal to a whole pass are recorded, one place in one of them is spoilt, and the pass is made
again. Where the mutant is in a documented form too, it is judged as what it says, and no more is asked of it
than that it harms nobody's process. `make test` spoils a fixed sample, `pytest --soak` 20,000 places in
shards, and `python -m tests.portal.spoil` as many as there is time for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.portal.bench import DEMANDING, PLAIN, Bench, a_bench
from tests.portal.spoilings import JUNK, MORE_JUNK, Spoiling, every_spoiling, sample

pytestmark = pytest.mark.slow

SAMPLE, LONG, SHARDS = 100, 20_000, 8

KNOWN: tuple[tuple[str, str, str, Any], ...] = (
    ("crm.item.fields", "items", "drop", None),
    ("crm.item.fields", "items", "null", None),
    ("crm.timeline.comment.list", "result", "null", None),
    ("crm.timeline.comment.list", "result", "retype", False),
    ("crm.item.get", "opportunity", "drop", None),
    ("crm.item.get", "opportunity", "null", None),
    ("crm.item.get", "UF_CRM_PRODUCT_GROUP", "retype", 45.0),
    ("crm.item.get", "leadId", "drop", None),
    ("crm.item.get", "birthdate", "drop", None),
    ("crm.item.get", "name", "drop", None),
    ("crm.item.get", "id", "retype", 2**63),
    ("crm.item.get", "createdTime", "retype", "9999-12-31T23:59:59-12:00"),
    ("crm.item.get", "title", "retype", "\ud800"),
    ("crm.item.productrow.list", "productRows", "retype", []),
    ("crm.status.list", "result", "retype", []),
    ("crm.status.list", "SEMANTICS", "retype", "x"),
    ("crm.category.list", "categories", "null", None),
    ("crm.category.list", "result", "retype", True),
    ("crm.timeline.comment.list", "result", "nest", {"result": {}}),
    ("crm.item.get", "UF_CRM_PRODUCT_GROUP", "retype", [0]),
    ("crm.item.get", "UF_CRM_PRODUCT_GROUP", "retype", " 41"),
    ("crm.item.get", "UF_CRM_PRODUCT_GROUP", "retype", "\u0664\u0661"),
    ("crm.item.get", "birthdate", "retype", "-1"),
    ("crm.item.get", "stageId", "retype", "\ufeff"),
    ("crm.item.get", "stageId", "retype", "41 "),
    ("crm.item.get", "valueType", "retype", "a\u202eb"),
    ("crm.item.get", "valueType", "null", None),
    ("crm.item.fields", "ID", "retype", "x"),
    ("crm.status.list", "STATUS_ID", "retype", "я" * 70_000),
)
"""Method, name, kind, value: each moved a good deal back, accused somebody, or ended the worker."""

GUARDED: tuple[tuple[str, str, str, Any], ...] = (
    ("crm.item.get", "typeId", "retype", "x"),
    ("crm.item.productrow.list", "total", "retype", 2**63),
    ("crm.item.productrow.list", "next", "retype", "x"),
    ("crm.item.productrow.list", "next", "drop", None),
    ("voximplant.statistic.get", "CALL_TYPE", "retype", 7),
)
"""Each would hide a phone, a page or a talk, if no other part of the answer gave it away."""


@pytest.fixture
def bench(sqlite: Engine) -> Iterator[Bench]:
    with a_bench(sqlite, PLAIN) as bench:
        yield bench


@pytest.fixture
def demanding(sqlite: Engine) -> Iterator[Bench]:
    with a_bench(sqlite, DEMANDING) as bench:
        yield bench


def harms(bench: Bench, spoilings: list[Spoiling]) -> dict[str, str]:
    return {str(spoiling): harm for spoiling in spoilings if (harm := bench.harm(spoiling))}


def test_an_untouched_record_is_judged_as_before(bench: Bench) -> None:
    histories = bench.gate.store.journal.load(bench.cards).values()
    assert sum(bool(history.open) for history in histories) >= 2
    assert sum(not history.open for history in histories) >= 2
    assert bench.harm() == ""


def test_what_once_did_harm_does_none(bench: Bench, *, soak: bool) -> None:
    """Wherever it stands in the soak, and where it stands first here."""
    every = list(every_spoiling(bench.portal.answers, JUNK + MORE_JUNK))
    for known in KNOWN + GUARDED:
        chosen = [each for each in every if (each.method, each.key, each.kind, each.value) == known]
        assert chosen, known
        assert harms(bench, chosen if soak else chosen[:1]) == {}


def test_a_lead_is_not_accused_by_an_answer_that_lost_its_deals(bench: Bench) -> None:
    spoilings = every_spoiling(bench.portal.answers)
    lost = [each for each in spoilings if '"@leadId"' in each.command and each.key == "items"]
    assert any(each.value == [] for each in lost)
    assert harms(bench, lost) == {}


@pytest.mark.parametrize(
    "shard", [0, *(pytest.param(shard, marks=pytest.mark.soak) for shard in range(1, SHARDS))]
)
def test_a_spoilt_answer_harms_nobody(demanding: Bench, shard: int, *, soak: bool) -> None:
    chosen = sample(list(every_spoiling(demanding.portal.answers)), LONG, seed=12)[shard::SHARDS]
    assert len(chosen) == LONG // SHARDS
    assert harms(demanding, chosen if soak else chosen[:SAMPLE]) == {}
