"""What no event told of is found: on a sandbox portal that sends none, by a clock that moves when told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from gatekeeper.app.worker_process import make_sweeper
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.model.rhythm import OPEN_PAUSE
from gatekeeper.model.sources import Source
from gatekeeper.portal.changes import IDS_A_HIT, ChangeReader, Page, Place
from gatekeeper.store.database import database_now
from gatekeeper.store.jobs import Jobs
from gatekeeper.store.journal.tables import violation_table
from gatekeeper.store.ledger import (
    SILENT_AFTER,
    EventCounts,
    Hearing,
    Ledger,
)
from gatekeeper.store.sweep_state import SweepState
from gatekeeper.store.visits import Visit
from gatekeeper.worker.sweep import (
    GRACE,
    MARGIN,
    MOST_DRIFT,
    PAUSE_S,
    READ_EVERY,
    SEARCH_EVERY,
    Sweeper,
)
from tests.clock import Clock
from tests.gate import Gate, a_gate
from tests.processes import until

EVERY = timedelta(minutes=5)


@dataclass
class Time:
    """The portal's clock, by which the gate goes as well, and the database's, which is never set back."""

    seconds: float = 1_790_000_000.0
    behind: timedelta = timedelta()

    def portal(self) -> float:
        return self.seconds

    def ours(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def database(self) -> datetime:
        return self.ours() + self.behind

    def advance(self, by: timedelta) -> None:
        self.seconds += by.total_seconds()

    def set_back(self, by: timedelta) -> None:
        self.seconds -= by.total_seconds()
        self.behind += by


@dataclass
class Scene:
    """A gate, its clock and a sweeper that sweeps when told to."""

    gate: Gate
    time: Time
    sweepers: dict[str, Sweeper] = field(default_factory=dict)

    def sweeper(self, owner: str = "worker", **changes: Any) -> Sweeper:
        if owner not in self.sweepers:
            own = make_sweeper(self.gate.gatekeeper, owner)
            seconds = iter(range(0, 10**9, 1000))  # no pause keeps this one waiting
            self.sweepers[owner] = replace(
                own,
                now=self.time.ours,
                database_now=self.time.database,
                monotonic=lambda: float(next(seconds)),
                _next={},
                **changes,
            )
        return self.sweepers[owner]

    def sweep(self, owner: str = "worker") -> None:
        """A whole round, marks only."""
        sweeper = self.sweeper(owner)
        sweeper.begin()
        while sweeper.step():
            pass

    def look(self, *refs: EntityRef) -> None:
        """As if events of these had come, and some time passed."""
        self.gate.look_at(*refs)
        self.time.advance(timedelta(minutes=2))

    def quiet_start(self) -> None:
        """The gatekeeper has run for a while, and whatever there was is old."""
        self.sweep()
        self.gate.look_at()
        self.time.advance(timedelta(minutes=10))

    def waiting(self) -> set[EntityRef]:
        """What is marked and not yet looked at."""
        inbox = self.gate.store.inbox
        claims = inbox.claim(50, "onlooker")
        inbox.release(claims)
        return {claim.ref for claim in claims}

    def hits(self, since: int = 0) -> tuple[int, int]:
        """How many hits there were since a mark, and the new mark."""
        log = self.gate.http.get(f"{self.gate.sandbox.url}/sandbox/log", params={"since": since}, timeout=10)
        return log.json()["hits"], log.json()["mark"]

    def tally(self) -> EventCounts:
        days = Ledger(self.gate.store.engine).days().values()
        return EventCounts(
            *(sum(getattr(each, name) for each in days) for name in ("heard", "found", "recovered"))
        )


@contextmanager
def a_scene(engine: Engine, **changes: Any) -> Iterator[Scene]:
    time = Time()
    with a_gate(engine, sandbox={"clock": time.portal}, **changes) as gate:
        own = gate.worker.reconciler
        gate.worker.reconciler = replace(own, now=time.ours)
        yield Scene(gate, time)


@pytest.fixture
def scene(sqlite: Engine) -> Iterator[Scene]:
    with a_scene(sqlite) as scene:
        yield scene


def test_the_first_sweep_takes_the_portal_as_it_is(scene: Scene) -> None:
    scene.gate.add(Kind.DEAL, title="Давняя")
    scene.time.advance(timedelta(hours=1))
    scene.sweep()
    assert scene.waiting() == set()


@pytest.mark.parametrize("kind", [Kind.DEAL, Kind.CONTACT, Kind.LEAD])
def test_a_card_whose_event_was_lost_is_looked_at(scene: Scene, kind: Kind) -> None:
    scene.quiet_start()
    names = {"name": "Тест"} if kind is Kind.CONTACT else {"title": "Пустая"}
    card = scene.gate.add(kind, **names)
    scene.time.advance(timedelta(hours=5))
    scene.sweep()
    assert scene.waiting() == {card}
    scene.gate.look_at()
    assert len(scene.gate.said(card)) == (kind is not Kind.LEAD)


def test_a_change_of_the_pipeline_raises_no_event_and_is_found(scene: Scene) -> None:
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.quiet_start()
    began = scene.time.ours()
    other = scene.gate.rest("crm.category.list", entityTypeId=2)["categories"][-1]["id"]
    scene.gate.change(deal, categoryId=other)
    scene.sweep()
    assert scene.waiting() == {deal}
    reader = ChangeReader(scene.gate.gatekeeper.client)
    _, pages = reader.read({Source.MOVES: Place(began)}, priority=Priority.SWEEP)
    page = pages[Source.MOVES]
    assert isinstance(page, Page)
    assert [change.ref for change in page.changes] == [deal]


def test_a_comment_whose_event_was_lost_is_found_though_the_card_did_not_change(scene: Scene) -> None:
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.look(deal)
    scene.quiet_start()
    scene.gate.comment(deal)
    scene.sweep()
    scene.gate.look_at()
    assert "☑ Развёрнутый комментарий" in scene.gate.said(deal)[0]


def test_a_comment_that_shows_itself_in_no_list_is_found_within_a_day(scene: Scene) -> None:
    """A card that nobody saved is glanced at, and read whole so often."""
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.look(deal)
    before = scene.gate.item(deal)["lastActivityTime"]
    scene.quiet_start()
    scene.gate.comment(deal)
    scene.gate.control("put", ref=str(deal), fields={"lastActivityTime": before})
    scene.sweep()
    scene.gate.look_at()
    assert "☑ Развёрнутый комментарий" not in scene.gate.said(deal)[0]
    scene.time.advance(READ_EVERY)
    scene.sweep()
    scene.gate.look_at()
    assert "☑ Развёрнутый комментарий" in scene.gate.said(deal)[0]


def test_a_sweep_of_a_quiet_portal_marks_nothing_and_costs_two_hits(scene: Scene) -> None:
    scene.look(scene.gate.a_correct_deal())
    scene.quiet_start()
    scene.time.advance(SEARCH_EVERY)
    _, mark = scene.hits()
    scene.sweep()
    assert scene.waiting() == set()
    assert scene.hits(mark)[0] == 2
    _, mark = scene.hits()
    scene.sweep()
    assert scene.hits(mark)[0] == 1  # the search for what is gone has its hour


@pytest.mark.parametrize(
    ("age", "again"), [(MARGIN, False), (MARGIN - timedelta(seconds=1), True), (timedelta(seconds=-1), True)]
)
def test_what_was_surely_read_after_it_changed_is_not_read_again(
    scene: Scene, age: timedelta, again: bool
) -> None:
    scene.quiet_start()
    deal = scene.gate.a_correct_deal()
    looked_at = scene.time.ours() + age
    everything = [deal, EntityRef(Kind.LEAD, 1), EntityRef(Kind.CONTACT, 1)]
    scene.gate.store.visits.record(dict.fromkeys(everything, Visit(looked_at, looked_at, None, None)))
    scene.time.advance(timedelta(seconds=20))
    scene.sweep()
    assert (deal in scene.waiting()) == again


def test_a_card_deleted_without_an_event_is_forgotten(scene: Scene, sqlite: Engine) -> None:
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    contact = scene.gate.add(Kind.CONTACT, name="Иван")
    lasting = scene.gate.add(Kind.CONTACT, name="Пётр")
    scene.look(deal, contact, lasting)
    for card in (deal, contact):
        scene.gate.rest(
            "crm.item.delete", entityTypeId={Kind.DEAL: 2, Kind.CONTACT: 3}[card.kind], id=card.id
        )
    scene.time.advance(SEARCH_EVERY)
    scene.sweep()
    assert scene.waiting() >= {deal, contact}
    scene.gate.look_at()
    parts = scene.gate.gatekeeper
    assert set(parts.store.visits.load([deal, contact, lasting])) == {lasting}
    assert parts.store.contacts.known_ids(0, 10) == (lasting.id,)
    with sqlite.connect() as conn:
        still_open = select(violation_table.c.kind).where(violation_table.c.closed_at.is_(None)).distinct()
        owners = conn.execute(still_open.add_columns(violation_table.c.entity_id)).all()
    assert owners == [("contact", lasting.id)]


def test_a_hidden_card_is_tried_with_each_search_and_heals_when_the_right_is_back(scene: Scene) -> None:
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.gate.control("faults", kind="hidden", ref=str(deal))
    scene.look(deal)
    scene.quiet_start()
    for _ in range(3):
        (letter,) = scene.gate.store.inbox.dead_letters()
        assert (letter.ref, letter.attempts) == (deal, 8)
        scene.sweep()
        assert scene.waiting() == set()
        scene.time.advance(SEARCH_EVERY)
        scene.sweep()
        assert scene.waiting() == {deal}
        scene.gate.look_at()
    scene.gate.http.delete(f"{scene.gate.sandbox.url}/sandbox/faults", timeout=10)
    scene.time.advance(SEARCH_EVERY)
    scene.sweep()
    scene.gate.look_at()
    assert scene.gate.store.inbox.dead_letters() == ()
    assert len(scene.gate.said(deal)) == 1


def test_a_card_that_let_no_check_live_to_tell_waits_for_an_admin(scene: Scene) -> None:
    scene.quiet_start()
    deal = EntityRef(Kind.DEAL, 41)
    inbox = scene.gate.store.inbox
    inbox.mark_dirty(deal, delay_s=0)
    (claim,) = inbox.claim(1, "test")
    inbox.give_up(claim, "")
    scene.time.advance(SEARCH_EVERY)
    scene.sweep()
    assert [letter.ref for letter in inbox.dead_letters()] == [deal]


def many_changes(scene: Scene, count: int) -> set[EntityRef]:
    scene.quiet_start()
    deals = {scene.gate.add(Kind.DEAL, title=f"Сделка {number}") for number in range(count)}
    scene.time.advance(timedelta(hours=30))
    return deals


def waiting_in(scene: Scene, refs: set[EntityRef]) -> set[EntityRef]:
    return set(scene.gate.store.inbox.waiting(refs))


@pytest.mark.parametrize("count", [49, 50, 51, 120])
def test_after_an_outage_all_is_found_page_by_page(scene: Scene, count: int) -> None:
    deals = many_changes(scene, count)
    scene.sweep()
    assert waiting_in(scene, deals) == deals
    assert scene.tally().found == count


def test_a_round_is_shared_and_a_dead_workers_round_is_gone_on_with(scene: Scene) -> None:
    deals = many_changes(scene, 120)
    clock = Clock()
    shared = Jobs(scene.gate.store.engine, now=clock)
    first, second = (scene.sweeper(name, jobs=shared) for name in ("first", "second"))
    first.begin()
    assert first.step()
    assert not second.step()
    assert len(waiting_in(scene, deals)) == 50
    clock.advance(121)
    while second.step():
        pass
    assert waiting_in(scene, deals) == deals
    assert scene.tally().found == 120


def test_a_portal_in_trouble_is_left_alone_and_nothing_is_missed(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    deals = many_changes(scene, 60)
    sweeper = scene.sweeper()
    sweeper.begin()
    assert sweeper.step()
    scene.gate.control("faults", kind="500")
    assert not sweeper.step()
    assert f"sweep.paused pause_s={PAUSE_S}" in caplog.text
    scene.gate.http.delete(f"{scene.gate.sandbox.url}/sandbox/faults", timeout=10)
    scene.sweep()
    assert waiting_in(scene, deals) == deals


def test_a_source_that_is_refused_stops_no_other_and_is_read_from_where_it_was_left(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.quiet_start()
    before = SweepState.parse(scene.gate.store.jobs.status("sweep").state).watermarks
    scene.gate.control("faults", kind="error", method="crm.stagehistory.list", code="ACCESS_DENIED")
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.sweep()
    after = SweepState.parse(scene.gate.store.jobs.status("sweep").state).watermarks
    assert waiting_in(scene, {deal}) == {deal}
    assert "sweep.refused source=deal.pipeline" in caplog.text
    assert after[Source.MOVES] == before[Source.MOVES]
    assert after[Source.DEALS] > before[Source.DEALS]


def test_without_room_in_the_limiter_nothing_is_asked(scene: Scene) -> None:
    scene.quiet_start()
    scene.gate.add(Kind.DEAL, title="Пустая")
    _, mark = scene.hits()
    sweeper = replace(scene.sweeper(), has_room=lambda: False)
    sweeper.begin()
    assert not sweeper.step()
    assert scene.hits(mark)[0] == 0


def test_each_change_is_booked_once_as_heard_or_found_and_recovered_once_read(scene: Scene) -> None:
    scene.quiet_start()
    heard, lost = (scene.gate.add(Kind.DEAL, title=name) for name in ("Слышна", "Потеряна"))
    scene.look(heard)
    scene.sweep()
    assert scene.tally() == EventCounts(heard=1, found=1)
    for _ in range(2):
        scene.gate.look_at()
        scene.time.advance(timedelta(minutes=2))
        scene.sweep()
    assert scene.tally() == EventCounts(heard=1, found=1, recovered=1)
    assert len(scene.gate.said(lost)) == 1


def test_a_find_that_was_read_before_it_was_booked_is_recovered_when_it_is(scene: Scene) -> None:
    scene.quiet_start()
    lost = scene.gate.add(Kind.DEAL, title="Потеряна")
    scene.time.advance(2 * MARGIN)
    scene.sweep()
    scene.gate.look_at()
    assert (len(scene.gate.said(lost)), scene.tally()) == (1, EventCounts())
    scene.time.advance(2 * GRACE)
    scene.sweep()
    assert scene.tally() == EventCounts(found=1, recovered=1)


def test_an_event_that_waits_in_the_inbox_was_heard(scene: Scene) -> None:
    scene.quiet_start()
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.gate.store.inbox.mark_dirty(deal, delay_s=0)
    scene.time.advance(2 * GRACE)
    scene.sweep()
    assert scene.tally() == EventCounts(heard=1)


def test_a_fresh_change_is_marked_at_once_and_booked_when_its_event_had_time_to_come(scene: Scene) -> None:
    scene.quiet_start()
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.sweep()
    assert (scene.waiting(), scene.tally()) == ({deal}, EventCounts())
    scene.gate.look_at()
    scene.time.advance(2 * GRACE)
    scene.sweep()
    assert scene.tally().found == 1


def test_a_portal_gone_silent_raises_an_alarm_and_one_event_ends_it(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.quiet_start()
    scene.sweep()
    for number in range(10):  # ten minutes have passed already
        assert "portal.silent" not in caplog.text
        scene.gate.add(Kind.DEAL, title=f"Никто не слышал {number}")
        scene.time.advance(EVERY)
        scene.sweep()
    assert caplog.text.count("portal.silent missed=10") == 1
    caplog.clear()
    heard = scene.gate.add(Kind.DEAL, title="Слышна")
    scene.look(heard)
    scene.sweep()
    assert "portal.silent" not in caplog.text


def test_what_was_missed_while_we_were_down_is_not_the_portals_silence(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    deals = many_changes(scene, 60)
    for _ in range(3):
        scene.sweep()
        scene.time.advance(EVERY)
    assert scene.tally().found == len(deals)
    assert "portal.silent" not in caplog.text


class FromTheFuture(ChangeReader):
    """The portal's own clock, as a spoilt answer tells it."""

    def read(self, *args: Any, **kwargs: Any) -> Any:
        clock, pages = super().read(*args, **kwargs)
        return clock + timedelta(days=70), pages


def test_a_round_whose_time_was_spoilt_hides_no_later_change(scene: Scene) -> None:
    scene.quiet_start()
    scene.sweepers.clear()
    scene.sweeper(reader=FromTheFuture(scene.gate.gatekeeper.client))
    scene.sweep()
    scene.sweepers.clear()
    scene.time.advance(2 * GRACE)
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.time.advance(2 * GRACE)
    scene.sweep()
    assert scene.waiting() == {deal}


def test_what_changes_after_the_portals_clock_was_set_back_is_found(scene: Scene) -> None:
    scene.quiet_start()
    scene.sweep()
    scene.time.set_back(5 * GRACE)
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.time.advance(6 * GRACE)
    scene.sweep()
    assert scene.waiting() == {deal}


def test_a_look_before_the_portals_clock_was_set_back_has_not_seen_what_changed_after_it(
    scene: Scene,
) -> None:
    deal = a_deal_at_rest(scene)
    scene.gate.look_at(deal)
    scene.sweep()
    scene.time.set_back(GRACE / 2)
    scene.gate.change(deal, opportunity=1)
    scene.time.advance(2 * GRACE)
    scene.sweep()
    assert deal in scene.waiting()


@pytest.mark.parametrize(("by", "is_set"), [(MOST_DRIFT, False), (2 * MOST_DRIFT, True)])
def test_clocks_that_grow_apart_a_little_make_no_round_longer(
    scene: Scene, by: timedelta, *, is_set: bool
) -> None:
    deal = a_deal_at_rest(scene)
    scene.gate.change(deal, opportunity=1)
    scene.time.advance(GRACE)
    scene.look(deal)
    scene.time.set_back(by)
    scene.sweep()
    assert (deal in scene.waiting()) == is_set


def test_the_round_after_the_next_believes_looks_again(scene: Scene) -> None:
    deal = a_deal_at_rest(scene)
    scene.gate.change(deal, opportunity=1)
    scene.time.advance(GRACE)
    scene.look(deal)
    scene.time.set_back(2 * MOST_DRIFT)
    scene.sweep()
    scene.look(deal)
    scene.sweep()
    assert deal not in scene.waiting()


def a_deal_at_rest(scene: Scene) -> EntityRef:
    """In order, and swept after its last look, so that it is not to be looked at again."""
    deal = scene.gate.a_correct_deal()
    scene.quiet_start()
    scene.sweep()
    scene.look()
    scene.time.advance(timedelta(minutes=10))
    scene.sweep()
    assert deal not in scene.waiting()
    return deal


def test_what_fell_due_is_looked_at_and_the_next_time_is_set(scene: Scene) -> None:
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    scene.gate.look_at(deal)
    scene.time.advance(GRACE + timedelta(seconds=30))
    scene.sweep()
    visits = scene.gate.store.visits
    due_at = visits.load([deal])[deal].due_at
    assert due_at is not None
    scene.time.seconds = due_at.timestamp() - 1
    scene.sweep()
    assert scene.waiting() == set()
    scene.time.advance(timedelta(seconds=1))
    scene.sweep()
    assert scene.waiting() == {deal}
    scene.gate.look_at()
    again = visits.load([deal])[deal].due_at
    assert again is not None
    assert again > due_at


def test_a_cure_that_raises_no_event_and_changes_nothing_is_seen_within_minutes(scene: Scene) -> None:
    """A contact bound through the binding table: the portal saves no deal and tells nobody."""
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    contact = scene.gate.add(Kind.CONTACT, name="Иван", lastName="Петров")
    scene.gate.look_at(deal)
    scene.quiet_start()
    scene.gate.rest("crm.deal.contact.add", id=deal.id, fields={"CONTACT_ID": contact.id})
    scene.time.advance(OPEN_PAUSE[0] + timedelta(seconds=1))
    scene.sweep()
    scene.gate.look_at()
    assert "☑ Контакт" in scene.gate.said(deal)[0]


def test_a_worker_sweeps_by_itself(scene: Scene) -> None:
    scene.quiet_start()
    scene.sweepers.clear()
    deal = scene.gate.add(Kind.DEAL, title="Пустая")
    chores = scene.gate.worker.chores
    chores.sweeper.now = scene.time.ours
    run_until(scene, lambda: scene.gate.said(deal) != [])


def run_until(scene: Scene, condition: Callable[[], bool]) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=scene.gate.worker.run, args=(stop,))
    thread.start()
    try:
        until(condition, "the sweep's find")
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def test_only_so_many_known_cards_are_searched_for_in_one_round(scene: Scene) -> None:
    many = [EntityRef(Kind.LEAD, number) for number in range(1, IDS_A_HIT + 2)]
    visited = Visit(scene.time.ours(), None, None, None)
    scene.gate.store.visits.record(dict.fromkeys(many, visited))
    scene.sweep()
    assert waiting_in(scene, set(many)) == set(many[:-1])
    scene.sweep()
    assert waiting_in(scene, set(many)) == set(many)


def test_a_state_comes_back_as_it_was_kept() -> None:
    moment = datetime(2026, 9, 1, 12, tzinfo=UTC)
    state = SweepState(
        watermarks=dict.fromkeys(Source, moment),
        upto=moment,
        after={Source.DEALS: 7},
        search_at=moment,
        ahead=timedelta(seconds=-1.5),
        set_back=True,
    )
    assert SweepState.parse(state.as_json()) == state
    assert SweepState.parse({}) == SweepState()


def test_a_silent_portal_and_a_sweep_that_never_ends_are_warned_of(scene: Scene) -> None:
    store, page = scene.gate.store, scene.gate.admin_app().test_client()
    assert "warnings" not in page.get("/readyz").get_json()
    hearing = Hearing(datetime.now(UTC) - SILENT_AFTER, 3)
    scene.sweep()
    past = Jobs(store.engine, now=lambda conn: database_now(conn) - 3 * EVERY - timedelta(minutes=1))
    store.jobs.hasten("sweep")
    store.jobs.take("sweep", "x")
    past.finish("sweep", "x", SweepState(hearing=hearing).as_json(), timedelta(0))
    warnings = page.get("/readyz").get_json()["warnings"]
    assert set(warnings) == {"events", "sweep"}
    assert warnings["events"].startswith("3 changes since ")
    shown = page.get("/status").text
    assert "изменений без события: 3" in shown
    assert "Обход не завершался 16 мин" in shown


def test_a_forgotten_deal_is_announced_falls_inactive_and_is_talked_about_without_any_event(
    scene: Scene,
) -> None:
    deal = scene.gate.a_correct_deal()
    scene.gate.control("activity", owner=str(deal), kind="call_out", answered=True, seconds=60)
    scene.look(deal)
    scene.quiet_start()

    def after(days: int) -> list[str]:
        scene.time.advance(timedelta(days=days))
        scene.sweep()
        scene.gate.look_at()
        return scene.gate.said(deal)

    assert after(50) == []
    (announced,) = after(6)
    assert "⏳ Сделка станет неактивной" in announced
    writes = scene.gate.writes()
    assert after(1) == [announced]
    assert scene.gate.writes() == writes
    (fallen,) = after(10)
    assert "☐ [b]Активность[/b]" in fallen
    scene.gate.control("activity", owner=str(deal), kind="call_out", answered=True, seconds=60)
    scene.gate.comment(deal)
    (cured,) = after(1)
    assert "Всё исправлено" in cured
