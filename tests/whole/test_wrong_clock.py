"""A gatekeeper on a machine whose clock is wrong, on a sandbox portal over HTTP."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.app.bootstrap import signer_of
from gatekeeper.app.worker_process import make_worker
from gatekeeper.config import NotificationsConfig
from gatekeeper.doctor.home import Usable, check_troubles, read_home
from gatekeeper.judge.policy import GracePeriod, MandatoryOptions
from gatekeeper.model.errors import ClockUnsure
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.clock import ENOUGH, MOST_DRIFT
from gatekeeper.portal.transport.client import Command
from tests.gate import Gate, a_gate
from tests.processes import until

LONG = timedelta(days=70)
MINUTE = timedelta(minutes=1)
VERA = 5
WRONG = pytest.mark.parametrize("wrong", [LONG, -LONG], ids=["ahead", "behind"])


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


def a_lively_deal(gate: Gate) -> EntityRef:
    """Good in every way, with a talk of today."""
    deal = gate.a_correct_deal()
    gate.portal.add_activity(str(deal), "call_out", answered=True, seconds=300)
    return deal


def work(gate: Gate, *refs: EntityRef) -> None:
    """A process of its own, at its loop from its start until nothing is left to do."""
    gate.worker = make_worker(gate.gatekeeper)
    gate.store.inbox.mark_dirty(refs, delay_s=0)
    stop = threading.Event()
    thread = threading.Thread(target=gate.worker.run, args=(stop,))
    thread.start()
    try:
        until(lambda: gate.is_idle, "nothing is left to do")
    finally:
        stop.set()
        thread.join()


@WRONG
def test_a_wrong_machine_accuses_no_good_deal_and_lets_no_bad_one_off(
    sqlite: Engine, wrong: timedelta
) -> None:
    with a_gate(sqlite, machine_wrong_by=wrong) as gate:
        good, silent = a_lively_deal(gate), gate.a_correct_deal()
        empty = gate.add(Kind.DEAL, title="Пустая")
        gate.portal.backdate(str(silent), created_at="2026-01-12T12:00:00")
        work(gate, good, silent, empty)
        gate.look_at(good, silent, empty)
        assert [len(gate.said(deal)) for deal in (good, silent, empty)] == [0, 1, 1]
        assert "не было разговора" in gate.said(silent)[0]


@WRONG
def test_what_falls_due_falls_due_by_the_portals_clock(sqlite: Engine, wrong: timedelta) -> None:
    grace = MandatoryOptions(grace=GracePeriod(30))
    with a_gate(sqlite, machine_wrong_by=wrong, rules={"deal_contact": grace}) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        gate.look_at(deal)
        assert "до " in gate.said(deal)[0].partition("Контакт")[2].splitlines()[0]
        gate.let_pass(29 * MINUTE)
        assert "до " in gate.said(deal)[0].partition("Контакт")[2].splitlines()[0]
        gate.let_pass(2 * MINUTE)
        assert "до " not in gate.said(deal)[0].partition("Контакт")[2].splitlines()[0]


@WRONG
def test_a_machine_that_jumps_while_it_works_changes_nothing(gate: Gate, wrong: timedelta) -> None:
    good, silent = a_lively_deal(gate), gate.a_correct_deal()
    gate.portal.backdate(str(silent), created_at="2026-01-12T12:00:00")
    gate.look_at(good, silent)
    before = gate.said(silent)
    gate.time.wrong = wrong
    writes = gate.writes()
    gate.look_at(good, silent)
    gate.let_pass(timedelta(hours=1))
    assert (gate.said(good), gate.said(silent), gate.writes()) == ([], before, writes)


def test_time_passes_for_the_cards_as_it_does_on_the_portal(gate: Gate) -> None:
    deal = a_lively_deal(gate)
    gate.look_at(deal)
    assert gate.said(deal) == []
    gate.let_pass(LONG)
    assert "не было разговора" in gate.said(deal)[0]


def test_a_portal_that_is_set_back_is_not_judged_by_until_it_is_believed(gate: Gate) -> None:
    """The first answers may be spoilt: the card waits, uncounted. It is judged when they all say so."""
    contact = gate.add(Kind.CONTACT, name="Тест")
    gate.worker.prepare()
    gate.portal.move_clock(-LONG.total_seconds())
    gate.gatekeeper.client.clock.hear({"date_finish": gate.portal.now()}, gate.time.monotonic())
    with pytest.raises(ClockUnsure):
        gate.gatekeeper.now()
    assert not gate.worker.chores.idle["rejudge"]()
    gate.look_at(contact)
    gate.look_at(contact)
    assert len(gate.said(contact)) == 1
    assert abs(gate.gatekeeper.now() - datetime.fromisoformat(gate.portal.now())) < MINUTE


def test_a_quiet_worker_asks_what_time_it_is_where_it_is_in_doubt(gate: Gate) -> None:
    """No card is looked at, so nothing else would tell it, and no sweep would begin."""
    clock, ask = gate.gatekeeper.client.clock, gate.worker.chores.idle["time"]
    gate.portal.move_clock(-LONG.total_seconds())
    clock.hear({"date_finish": gate.portal.now()}, gate.time.monotonic())
    asked = 0
    while not clock.is_sure:
        assert ask()
        assert not ask()  # not twice at once
        gate.time.passed += timedelta(seconds=2)
        asked += 1
    assert asked <= 3
    assert not ask()


def test_while_the_answers_contradict_each_other_a_wave_writes_nothing_and_keeps_its_cards(
    gate: Gate,
) -> None:
    deal, clock = gate.add(Kind.DEAL, title="Пустая"), gate.gatekeeper.client.clock
    past = (gate.gatekeeper.now() - LONG).isoformat()

    def now() -> datetime:  # as if the last answer of the wave had been spoilt
        clock.hear({"date_finish": past}, gate.time.monotonic())
        return clock.now()

    own, gate.worker.reconciler = gate.worker.reconciler, replace(gate.worker.reconciler, now=now)
    gate.store.inbox.mark_dirty([deal], delay_s=0)
    writes = gate.writes()
    gate.worker.run_wave()
    assert isinstance(gate.worker.reconciler.foresee([deal], Priority.LIVE)[deal], ClockUnsure)
    assert gate.writes() == writes
    assert (gate.store.inbox.depth().waiting, gate.store.inbox.depth().dead) == (1, 0)
    gate.worker.reconciler = own
    gate.look_at(deal)
    assert len(gate.said(deal)) == 1


def test_one_answer_from_the_future_accuses_nobody(gate: Gate) -> None:
    good = a_lively_deal(gate)
    gate.look_at(good)
    gate.gatekeeper.client.clock.hear({"date_finish": "2190-01-01T00:00:00+03:00"}, gate.time.monotonic())
    gate.look_at(good)
    assert gate.said(good) == []


@WRONG
def test_a_wrong_machine_is_told_of_once_and_once_that_it_is_right_again(
    gate: Gate, sqlite: Engine, caplog: pytest.LogCaptureFixture, wrong: timedelta
) -> None:
    caplog.set_level(logging.INFO)
    web, admin = gate.web_app().test_client(), gate.admin_app().test_client()

    def step() -> None:
        gate.worker.chores.errands["clock"]()

    def warnings() -> dict[str, str]:
        return dict(web.get("/readyz").get_json().get("warnings", {}))

    def told(name: str) -> list[str]:
        return [each.levelname for each in caplog.records if each.getMessage().startswith(name)]

    gate.time.wrong = (MOST_DRIFT - MINUTE) * (1 if wrong > timedelta() else -1)
    step()
    assert "clock" not in warnings()
    gate.time.wrong = wrong
    step()
    step()
    assert "s ahead of the portal's" in warnings()["clock"]
    assert ("is +60" if wrong > timedelta() else "is -60") in warnings()["clock"]
    assert "Часы сервера" in admin.get("/status").text
    home = read_home(sqlite, ("RU",))
    assert isinstance(home, Usable)
    assert [each.code for each in check_troubles(home)] == ["trouble.clock"]
    assert told("trouble.began kind=clock") == ["WARNING"]
    gate.time.wrong = timedelta()
    step()
    step()
    assert "clock" not in warnings()
    assert told("trouble.ended kind=clock") == ["WARNING"]


@WRONG
def test_a_wrong_machine_tells_people_at_once_what_they_are_to_know(sqlite: Engine, wrong: timedelta) -> None:
    told = NotificationsConfig(quality_control=(VERA,))
    with a_gate(sqlite, machine_wrong_by=wrong, notifications=told) as gate:
        gate.portal.put_fault("scope", scope="imopenlines")
        gate.look_at(gate.a_correct_deal())
        for errand in ("alarm", "notices"):
            gate.worker.chores.errands[errand]()
        assert len(gate.portal.notifications(VERA)) == 1


@WRONG
def test_the_key_of_our_notes_is_born_by_the_portals_clock(sqlite: Engine, wrong: timedelta) -> None:
    with a_gate(sqlite, machine_wrong_by=wrong) as gate:
        portal_now = datetime.fromisoformat(gate.portal.now())
        assert abs(signer_of(gate.gatekeeper).born_at - portal_now) < MINUTE


@WRONG
def test_the_web_process_and_the_commands_take_the_portals_time_from_the_workers(
    sqlite: Engine, wrong: timedelta
) -> None:
    """The database's clock is the machine's: it stands in for the wrong one, so the portal is moved."""
    with a_gate(sqlite) as gate:
        gate.portal.move_clock(-wrong.total_seconds())
        for _ in range(ENOUGH):
            gate.gatekeeper.client.call(Command("server.time", {}))
        gate.store.heartbeat.beat("worker", gate.worker.portal_now())
        portal_now = gate.store.heartbeat.portal_now()
        assert abs(portal_now - datetime.fromisoformat(gate.portal.now())) < MINUTE
        figures = gate.admin_app().test_client().get("/metrics").text
        drift = re.search(r"^gatekeeper_clock_drift_seconds (\S+)$", figures, re.MULTILINE)
        assert drift
        assert float(drift[1]) == pytest.approx(wrong.total_seconds(), abs=60)
