"""What the inbox does with every ref of a wave, whatever happens to one of them or to the portal."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from gatekeeper.model import errors
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.writer import Applied, Overtaken, Result, Unsure, Writer, Writing, Written
from gatekeeper.worker.loop import (
    Defect,
    Done,
    GivenUp,
    Held,
    Outcome,
    PutOff,
    RetryAt,
    Worker,
    WorkerSettings,
    is_outage,
    outcome_of,
)
from gatekeeper.worker.wave.reconcile import Reconciler
from tests.gate import Gate, a_gate
from tests.planted import WEBHOOK_CODE
from tests.processes import until

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
FREE_AT = NOW + timedelta(minutes=7)
SETTINGS = WorkerSettings(settle_s=2.0)


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (Applied(), Done()),
        (errors.NotFound("m"), Done()),
        (Overtaken(), RetryAt(NOW + timedelta(seconds=2), "overtaken")),
        (Unsure(errors.OutcomeUnknown("m", status=500)), Held("m · HTTP 500")),
        (errors.MethodBlocked("m", "", 429, FREE_AT), PutOff(FREE_AT, "m · HTTP 429")),
        (errors.MethodBlocked("m", "", 429, None), RetryAt(None, "m · HTTP 429")),
        (errors.RateLimited("m", status=503), RetryAt(None, "m · HTTP 503")),
        (errors.OutcomeUnknown("m"), RetryAt(None, "m")),
        (errors.NotRun("m"), RetryAt(None, "m")),
        (errors.Unavailable("m"), RetryAt(None, "m")),
        (errors.HitRefused("m", "5"), RetryAt(None, "m · 5")),
        (errors.AnswerTooLong("m"), RetryAt(None, "m")),
        (errors.Unexplained("m", "5"), RetryAt(None, "m · 5")),
        (errors.AccessLost("m", "INVALID_CREDENTIALS"), RetryAt(None, "m · INVALID_CREDENTIALS")),
        (errors.ScopeMissing("m"), RetryAt(None, "m")),
        (errors.Moved("m", "new.example"), RetryAt(None, "m · MOVED · HTTP 302 · now_at new.example")),
        (errors.AccessDenied("m", "ACCESS_DENIED"), GivenUp("m · ACCESS_DENIED")),
        (errors.Refused("m", "100"), GivenUp("m · 100")),
        (Defect("KeyError at f:1"), RetryAt(None, "KeyError at f:1")),
    ],
)
def test_every_result_has_its_outcome(result: Result | Defect, outcome: Outcome) -> None:
    assert outcome_of(result, NOW, SETTINGS) == outcome


@pytest.mark.parametrize(
    ("result", "outage"),
    [
        (errors.Unavailable("m"), True),
        (errors.OutcomeUnknown("m"), True),
        (errors.RateLimited("m"), True),
        (errors.HitRefused("m"), True),
        (errors.Unexplained("m"), False),
        (errors.AccessLost("m"), True),
        (errors.ScopeMissing("m"), True),
        (errors.Moved("m", "h"), True),
        (Unsure(errors.OutcomeUnknown("m")), False),
        (errors.AccessDenied("m"), False),
        (errors.NotFound("m"), False),
        (Overtaken(), False),
        (Applied(), False),
        (Defect("x"), False),
    ],
)
def test_an_outage_is_the_portals_doing_and_nothing_else_is(result: Result | Defect, outage: bool) -> None:
    assert is_outage(result) is outage


@dataclass(frozen=True)
class Faulty(Reconciler):
    """A reconciler with a mistake: some cards make it fall over, whatever wave they come in."""

    broken: frozenset[EntityRef] = frozenset()

    def reconcile(
        self,
        refs: Sequence[EntityRef],
        priority: Priority,
        renew: Callable[[], Any],
        glances: Collection[EntityRef] = (),
    ) -> dict[EntityRef, Result]:
        if self.broken & set(refs):
            raise LookupError("Иванов Иван, +7 903 123-45-67")
        return Reconciler.reconcile(self, refs, priority, renew, glances)


def a_worker(gate: Gate, reconciler: Reconciler) -> Worker:
    return replace(gate.worker, reconciler=reconciler)


def reconciler_of(gate: Gate, kind: type[Reconciler] = Reconciler, **changes: Any) -> Any:
    own = gate.worker.reconciler
    values = {name: getattr(own, name) for name in Reconciler.__dataclass_fields__}
    return kind(**{**values, **changes})


def test_a_defect_in_one_card_hurts_no_other_card_of_its_wave(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    deals = [gate.add(Kind.DEAL, title=f"Сделка {number}") for number in range(5)]
    broken = deals[2]
    gate.worker = a_worker(gate, reconciler_of(gate, Faulty, broken=frozenset({broken})))
    gate.look_at(*deals)
    assert {deal: len(gate.said(deal)) for deal in deals} == {deal: int(deal != broken) for deal in deals}
    depth = gate.store.inbox.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (1, 0, 0)
    assert "LookupError" in caplog.text
    assert "Иванов" not in caplog.text
    assert "903" not in caplog.text


def test_a_card_that_fails_every_time_ends_in_the_dead_letters_and_names_no_client(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Сделка")
    inbox = gate.store.inbox
    gate.worker = a_worker(gate, reconciler_of(gate, Faulty, broken=frozenset({deal})))
    for _ in range(8):
        gate.look_at(deal)
    (letter,) = inbox.dead_letters()
    assert letter.ref == deal
    assert letter.error.startswith("LookupError at reconcile:")


def refuse_all_hits(gate: Gate) -> None:
    """With a code that nobody documents, whatever is asked."""
    gate.control("faults", kind="error", method="batch", code="5")


def test_hits_refused_without_a_reason_put_every_card_back_uncounted(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title="Пустая") for _ in range(5)]
    inbox = gate.store.inbox
    gate.look_at(gate.add(Kind.DEAL, title="Раньше"))
    refuse_all_hits(gate)
    for _ in range(12):
        inbox.mark_dirty(deals, delay_s=0)
        assert gate.worker.run_wave()
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)
    assert inbox.dead_letters() == ()
    gate.look_at(*deals)
    assert [len(gate.said(deal)) for deal in deals] == [1] * 5


@dataclass(frozen=True)
class Spoiling(Reconciler):
    """A portal that refuses every hit in which a certain card is asked for."""

    spoilt: EntityRef | None = None
    error: errors.PortalError = field(default_factory=lambda: errors.HitRefused("batch", "5", 400))

    def reconcile(
        self,
        refs: Sequence[EntityRef],
        priority: Priority,
        renew: Callable[[], Any],
        glances: Collection[EntityRef] = (),
    ) -> dict[EntityRef, Result]:
        if self.spoilt in refs:
            return dict.fromkeys(refs, self.error)
        return Reconciler.reconcile(self, refs, priority, renew, glances)


@pytest.mark.parametrize("error", [errors.HitRefused("batch", "5", 400), errors.AnswerTooLong("batch")])
def test_a_card_that_alone_spoils_every_hit_is_found_and_ends_in_the_dead_letters(
    gate: Gate, error: errors.PortalError
) -> None:
    deals = [gate.add(Kind.DEAL, title=f"Сделка {number}") for number in range(9)]
    spoilt, inbox = deals[4], gate.store.inbox
    gate.worker = a_worker(gate, reconciler_of(gate, Spoiling, spoilt=spoilt, error=error))
    waves = 0
    while not inbox.dead_letters() and waves < 100:
        inbox.mark_dirty(deals, delay_s=0)
        gate.worker.run_wave()
        waves += 1
    inbox.mark_dirty(set(deals) - {spoilt}, delay_s=0)
    while gate.worker.run_wave():
        pass
    assert {deal: len(gate.said(deal)) for deal in deals} == {deal: int(deal != spoilt) for deal in deals}
    (letter,) = inbox.dead_letters()
    assert (letter.ref, letter.error) == (spoilt, str(error))


def test_cards_refused_beside_a_pointer_that_passes_do_not_pay_for_one_another(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title=f"Сделка {number}") for number in range(3)]
    note = EntityRef(Kind.COMMENT, gate.comment(deals[0]))
    gate.worker = a_worker(gate, reconciler_of(gate, Spoiling, spoilt=deals[1]))
    gate.store.inbox.mark_dirty([*deals, note], delay_s=0)
    gate.worker.run_wave()
    assert {claim.attempts for claim in gate.store.inbox.claim(50, "somebody else")} == {1}


def test_a_lone_card_is_not_at_fault_while_no_other_card_passes(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Сделка")
    gate.worker = a_worker(gate, reconciler_of(gate, Spoiling, spoilt=deal))
    for _ in range(20):
        gate.store.inbox.mark_dirty([deal], delay_s=0)
        assert gate.worker.run_wave()
    assert gate.store.inbox.dead_letters() == ()


@pytest.mark.parametrize("kind", ["500", "overload", "truncated", "revoked", "redirect"])
def test_an_outage_puts_the_whole_wave_back_uncounted(gate: Gate, kind: str) -> None:
    deals = [gate.add(Kind.DEAL, title="Пустая") for _ in range(3)]
    inbox = gate.store.inbox
    inbox.mark_dirty(deals, delay_s=0)
    gate.control("faults", kind=kind)
    for _ in range(12):
        assert gate.worker.run_wave()
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)
    depth = inbox.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (3, 0, 0)
    assert {claim.attempts for claim in inbox.claim(50, "somebody else")} == {1}


def test_a_lead_in_the_wave_does_not_make_an_outage_count(gate: Gate) -> None:
    """Leads are not read, so they say nothing of the portal; their events must not kill the deals."""
    deal, lead = gate.add(Kind.DEAL, title="Пустая"), EntityRef(Kind.LEAD, 1)
    inbox = gate.store.inbox
    gate.control("faults", kind="500")
    for _ in range(10):
        inbox.mark_dirty([deal, lead], delay_s=0)
        assert gate.worker.run_wave()
    assert inbox.dead_letters() == ()
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)
    gate.look_at(deal, lead)
    assert len(gate.said(deal)) == 1
    assert inbox.depth().waiting == 0


def test_after_an_outage_everything_is_looked_at(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title="Пустая") for _ in range(3)]
    gate.control("faults", kind="500", count=2)
    gate.look_at(*deals)
    assert [len(gate.said(deal)) for deal in deals] == [1, 1, 1]


class Slow(Writer):
    """A portal that gets to our comments long after we stopped waiting for its answer."""

    def __init__(self, real: Writer) -> None:
        super().__init__(real._client, real._signer)
        self._under_way: list[tuple[Sequence[Writing], Priority]] = []

    def write(self, actions: Sequence[Writing], *, priority: Priority) -> list[Written]:
        self._under_way.append((actions, priority))
        return [Unsure(errors.OutcomeUnknown("crm.timeline.comment.add")) for _ in actions]

    def get_to_them(self) -> None:
        for actions, priority in self._under_way:
            super().write(actions, priority=priority)


def test_news_of_a_card_does_not_bring_a_second_comment_while_the_first_may_be_under_way(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    own = reconciler_of(gate)
    slow = Slow(own.applier.writer)
    gate.worker = a_worker(gate, replace(own, applier=replace(own.applier, writer=slow)))
    gate.look_at(deal)
    assert gate.said(deal) == []
    gate.worker = a_worker(gate, own)
    gate.look_at(deal)  # the manager goes on working, and the next event comes at once
    slow.get_to_them()
    assert len(gate.said(deal)) == 1
    depth = gate.store.inbox.depth()
    assert (depth.leased, depth.dead) == (1, 0)


def test_a_comment_that_is_deleted_while_it_is_being_updated_is_written_again(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45)

    class Sweeper(Writer):
        def write(self, actions: Sequence[Writing], *, priority: Priority) -> list[Written]:
            for action in actions:
                if number := getattr(action, "comment_id", None):
                    gate.rest("crm.timeline.comment.delete", user=1, id=number)
            return super().write(actions, priority=priority)

    own = reconciler_of(gate)
    real = own.applier.writer
    sweeper = Sweeper(real._client, real._signer)
    gate.worker = a_worker(gate, replace(own, applier=replace(own.applier, writer=sweeper)))
    gate.look_at(deal)
    (said,) = gate.said(deal)
    assert "Группа продуктов" not in said.replace("☑ Группа продуктов", "")


def test_an_event_of_an_activity_leads_to_its_card(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    fields = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal.id, "TYPE_ID": 2, "SUBJECT": "Звонок"}
    fields |= {"COMMUNICATIONS": [{"VALUE": "+79031234567", "TYPE": "PHONE"}], "RESPONSIBLE_ID": 2}
    number = gate.rest("crm.activity.add", fields=fields)
    gate.look_at(EntityRef(Kind.ACTIVITY, number))
    assert len(gate.said(deal)) == 1


def test_events_of_our_own_comments_lead_nowhere(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    owner = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal.id}
    (row,) = gate.rest("crm.timeline.comment.list", filter=owner)
    inbox = gate.store.inbox
    inbox.mark_dirty(EntityRef(Kind.COMMENT, int(row["ID"])), delay_s=0)
    assert gate.worker.run_wave()
    assert inbox.depth().waiting == 0


def test_a_comment_that_is_gone_is_struck_off(gate: Gate) -> None:
    gate.look_at(EntityRef(Kind.COMMENT, 4711), EntityRef(Kind.ACTIVITY, 4711))
    depth = gate.store.inbox.depth()
    assert (depth.waiting, depth.dead) == (0, 0)


def test_a_card_that_the_owner_may_not_see_is_a_dead_letter_and_nothing_is_written(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    before = gate.writes()
    gate.control("faults", kind="hidden", ref=str(deal))
    gate.look_at(deal)
    (letter,) = gate.store.inbox.dead_letters()
    assert letter.ref == deal
    assert gate.writes() == before


def test_a_card_whose_lease_was_lost_is_left_to_its_new_holder(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title="Пустая") for _ in range(2)]
    results = gate.worker.reconciler.reconcile(deals, Priority.LIVE, lambda: {deals[0]})
    assert [len(gate.said(deal)) for deal in deals] == [1, 0]
    assert set(results) == set(deals)


def test_the_loop_works_until_it_is_told_to_stop(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.store.inbox.mark_dirty(deal, delay_s=0)
    stop = threading.Event()
    done = threading.Thread(target=gate.worker.run, args=(stop,))
    done.start()
    until(lambda: gate.said(deal) != [], "a comment")
    stop.set()
    done.join(10)
    assert not done.is_alive()
    assert gate.store.heartbeat.silence() is not None


def test_the_portals_address_and_key_stand_in_no_log(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    contact = gate.add(Kind.CONTACT, name="Зинаида", lastName="Непомнящих", birthdate="1990-05-17")
    gate.store.inbox.mark_dirty(contact, delay_s=0)
    for kind in ("500", "overload", "truncated", "redirect", "revoked"):
        number = gate.control("faults", kind=kind)["id"]
        assert gate.worker.run_wave()
        gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", params={"id": number}, timeout=10)
    gate.look_at(contact)
    assert len(gate.said(contact)) == 1
    for secret in (WEBHOOK_CODE, "Зинаида", "Непомнящих", "1990-05-17"):
        assert secret not in "\n".join(
            each.getMessage() for each in caplog.records if "gatekeeper" in each.name
        )
