"""Counts of several processes add up, survive a restart and get lost by nothing but a kill."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from gatekeeper.enforcement import MoveStage, PostComment
from gatekeeper.metrics import names
from gatekeeper.metrics.exposition import Exposition
from gatekeeper.metrics.meter import Meter
from gatekeeper.model.errors import AccessLost, OutcomeUnknown
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.inbox import Claim
from gatekeeper.store.tally import Series, Tally
from tests.processes import until

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
DEAL = EntityRef(Kind.DEAL, 41)
A_COMMENT = PostComment(DEAL, "Иванов Иван, +7 903 123-45-67")


class Memory(Tally):
    """A tally in memory, which may fail."""

    def __init__(self) -> None:
        self.counts: dict[Series, float] = {}
        self.broken = False

    def add(self, counts: object) -> None:
        if self.broken:
            raise OperationalError("", {}, OSError())
        assert isinstance(counts, dict)
        for series, value in counts.items():
            self.counts[series] = self.counts.get(series, 0) + value

    def read(self) -> dict[Series, float]:
        return dict(self.counts)


def a_claim(first_marked: datetime, priority: Priority = Priority.LIVE) -> Claim:
    from uuid import uuid4

    return Claim(DEAL, uuid4(), uuid4(), 1, priority, first_marked, first_marked)


def samples(exposition: Exposition) -> dict[tuple[str, tuple[str, ...]], float]:
    """Name and label values, in the order of the labels' names, -> value, as Prometheus would read them."""
    families = text_string_to_metric_families(exposition.render().decode())
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def exposed(tally: Tally) -> dict[tuple[str, tuple[str, ...]], float]:
    return samples(Exposition(tally, (), {}))


def test_what_several_count_at_once_adds_up(engine: Engine) -> None:
    """Each begins with another series, so that two which locked rows as they come would wait in a circle."""
    series = [Series("m", (str(number),)) for number in range(20)]

    def count(turn: int) -> None:
        tally = Tally(engine)
        for _ in range(10):
            tally.add(dict.fromkeys(series[turn:] + series[:turn], 1))

    threads = [threading.Thread(target=count, args=(5 * turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Tally(engine).read() == dict.fromkeys(series, 40)


def test_nothing_counted_is_nothing_written(engine: Engine) -> None:
    Tally(engine).add({})
    assert Tally(engine).read() == {}


def test_two_meters_of_two_processes_are_one_figure(engine: Engine) -> None:
    for _ in range(2):
        meter = Meter(Tally(engine))
        meter.hit(Priority.LIVE, ["crm.item.list", "crm.item.get"])
        meter.hit(Priority.SWEEP, ["crm.item.list"])
        meter.flush()
    told = exposed(Tally(engine))
    assert told["gatekeeper_portal_hits_total", ("live",)] == 2
    assert told["gatekeeper_portal_hits_total", ("sweep",)] == 2
    assert told["gatekeeper_portal_commands_total", ("crm.item.list",)] == 4


def test_a_tally_that_cannot_be_written_to_costs_no_count(caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory()
    meter = Meter(memory)
    memory.broken = True
    meter.heard("marked")
    meter.flush()
    memory.broken = False
    meter.heard("marked")
    meter.flush()
    assert memory.counts == {Series("gatekeeper_events", ("marked",)): 2}
    assert "metrics.kept why=OperationalError" in caplog.text


def test_the_web_process_adds_its_counts_at_intervals() -> None:
    memory, stop = Memory(), threading.Event()
    meter = Meter(memory)
    meter.heard("marked")
    assert memory.counts == {}
    meter.keep_flushing(stop, every_s=0.01)
    until(lambda: list(memory.counts.values()) == [1], "the counts in the tally")
    stop.set()


@given(st.lists(st.floats(0, 1e6), max_size=30))
def test_the_histogram_is_that_of_the_waits(waits: list[float]) -> None:
    memory = Memory()
    meter = Meter(memory)
    for wait in waits:
        meter.applied(DEAL, A_COMMENT, "applied")
        meter.settled(a_claim(NOON), "Done", NOON + timedelta(seconds=wait))
    meter.flush()
    told = exposed(memory)
    name = names.SAID_AFTER.name
    exact = [timedelta(seconds=wait).total_seconds() for wait in waits]
    for bound in names.SAID_AFTER.bounds:
        at_most = sum(wait <= bound for wait in exact)
        assert told[f"{name}_bucket", (str(float(bound)),)] == at_most
    assert told[f"{name}_bucket", ("+Inf",)] == told[f"{name}_count", ()] == len(waits)
    assert told[f"{name}_sum", ()] == pytest.approx(sum(exact))


def test_only_a_comment_that_was_written_for_an_event_ends_its_wait() -> None:
    memory = Memory()
    meter = Meter(memory)
    meter.applied(DEAL, A_COMMENT, "failed")
    meter.settled(a_claim(NOON), "RetryAt", NOON)
    meter.applied(DEAL, MoveStage(DEAL, "A", "B", NOON), "applied")
    meter.settled(a_claim(NOON), "Done", NOON)
    meter.applied(DEAL, A_COMMENT, "applied")
    meter.settled(a_claim(NOON, Priority.SWEEP), "Done", NOON)
    meter.settled(a_claim(NOON), "Done", NOON)
    meter.flush()
    told = exposed(memory)
    assert told["gatekeeper_event_to_comment_seconds_count", ()] == 0
    assert told["gatekeeper_actions_total", ("MoveStage", "applied")] == 1
    assert told["gatekeeper_outcomes_total", ("Done",)] == 3


def test_an_error_is_counted_by_its_code_and_without_its_words() -> None:
    memory = Memory()
    meter = Meter(memory)
    meter.refused(AccessLost("crm.item.list", "INVALID_CREDENTIALS", 401, "Иванов"))
    meter.refused(OutcomeUnknown("crm.item.list", status=502))
    meter.flush()
    told = exposed(memory)
    assert told["gatekeeper_portal_errors_total", ("INVALID_CREDENTIALS", "AccessLost")] == 1
    assert told["gatekeeper_portal_errors_total", ("", "OutcomeUnknown")] == 1
    assert "Иванов" not in str(memory.counts)


def test_counts_by_labels_of_another_release_are_not_mixed_in() -> None:
    memory = Memory()
    memory.counts = {
        Series("gatekeeper_portal_hits", ("live", "crm")): 5,
        Series("gatekeeper_portal_hits", ("live",)): 2,
        Series("gatekeeper_event_to_comment_seconds", ("4",)): 3,
    }
    told = exposed(memory)
    assert [key for key in told if key[0] == "gatekeeper_portal_hits_total"] == [
        ("gatekeeper_portal_hits_total", ("live",))
    ]
    assert told["gatekeeper_event_to_comment_seconds_bucket", ("3.0",)] == 0
    assert told["gatekeeper_event_to_comment_seconds_bucket", ("5.0",)] == 3


def test_a_figure_that_cannot_be_read_is_left_out_and_the_others_are_told() -> None:
    def broken() -> dict[names.Gauge, float]:
        raise OSError("postgresql://gate:secret@db/gate")

    told = samples(Exposition(Memory(), (broken, lambda: {names.DEAD: 3}), {"version": "1"}))
    assert told["gatekeeper_dead_letters", ()] == 3
    assert told["gatekeeper_unreadable", ()] == 1
    assert told["gatekeeper_info", ("1",)] == 1
