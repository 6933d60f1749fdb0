"""The laws of the design, each as a property: whatever people do, in whatever order, and wherever we die.

a second pass writes nothing
any order, doubling or burst of events ends in the same state
a crash after any step and a rerun end in the same state, with one comment
observe writes nothing to the portal
judging changes none of its input
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from gatekeeper.judge.examples import (
    A_DETAILED_COMMENT,
    NOON,
    a_comment,
    a_contact,
    a_deal,
    a_policy,
)
from gatekeeper.judge.policy import (
    Ceiling,
    GracePeriod,
    MandatoryOptions,
    Mode,
    Rules,
)
from gatekeeper.judge.verdict import judge
from gatekeeper.model.cards import Snapshot, Unread, Why
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.writer import Writer
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.outbox import Outbox
from gatekeeper.worker.wave.indexing import Indexer
from gatekeeper.worker.wave.reconcile import Reconciler
from tests.gate import Gate, a_gate
from tests.soak import examples

STAGES = ["NEW", "PREPARATION", "EXECUTING", "WON", "LOSE"]
NAMES = ["", "Пётр", "Тест", "[b]Иван[/b]", "$result[c0]", "https://evil.example", "Ы" * 60]
COMMENTS = ["НД", A_DETAILED_COMMENT, "[url=https://x.example]?[/url]", "🙂", "Иван\n· gk-d1-00000000"]
STEPS = (
    36  # calls of the journal, the writer, the notices, the index and the inbox in one wave, begun and ended
)

SLOW = settings(
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@contextmanager
def a_fresh_gate(**changes: Any) -> Iterator[Gate]:
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        engine = open_engine(f"sqlite:///{Path(folder) / 'gate.db'}")
        stack.callback(engine.dispose)
        migrate(engine)
        yield stack.enter_context(a_gate(engine, **changes))


class Killed(BaseException):
    """As SIGKILL: nothing that we wrote may catch it."""


class Doomed:
    """Stands before a part of the pass and dies before or after the n-th call of it."""

    def __init__(self, part: Any, fuse: Fuse) -> None:
        self._part = part
        self._fuse = fuse

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._part, name)

        def call(*args: Any, **named: Any) -> Any:
            self._fuse.burn()
            result = method(*args, **named)
            self._fuse.burn()
            return result

        return call


class Fuse:
    def __init__(self, steps: int) -> None:
        self._steps = steps

    def burn(self) -> None:
        self._steps -= 1
        if self._steps == 0:
            raise Killed


def a_doomed(reconciler: Reconciler, steps: int) -> Reconciler:
    fuse = Fuse(steps)
    own = reconciler.applier
    journal: Journal = Doomed(own.journal, fuse)  # type: ignore[assignment]
    writer: Writer = Doomed(own.writer, fuse)  # type: ignore[assignment]
    outbox: Outbox = Doomed(own.outbox, fuse)  # type: ignore[assignment]
    indexer: Indexer = Doomed(reconciler.reader.indexer, fuse)  # type: ignore[assignment]

    def mark_dirty(refs: Iterable[EntityRef], priority: Priority) -> None:
        fuse.burn()
        reconciler.mark_dirty(refs, priority)
        fuse.burn()

    return replace(
        reconciler,
        reader=replace(reconciler.reader, indexer=indexer, mark_dirty=mark_dirty),
        decider=replace(reconciler.decider, journal=journal),
        applier=replace(own, journal=journal, writer=writer, outbox=outbox),
        mark_dirty=mark_dirty,
    )


def look_and_die(gate: Gate, refs: list[EntityRef], steps: int) -> bool:
    """One wave that is killed at that step; the leases run out at once. False if it came to its end."""
    whole = gate.worker.reconciler
    gate.store.inbox.mark_dirty(refs, delay_s=0)
    claims = gate.store.inbox.claim(50, "doomed")
    gate.worker.reconciler = a_doomed(whole, steps)
    try:
        assert gate.worker._guarded(claims).keys() >= {claim.ref for claim in claims}
    except Killed:
        return True
    else:
        return False
    finally:
        gate.worker.reconciler = whole
        gate.store.inbox.release(claims)


class People(RuleBasedStateMachine):
    """Managers at work, a gate that looks now and then, and dies now and then."""

    deals: Bundle[EntityRef] = Bundle("deals")
    contacts: Bundle[EntityRef] = Bundle("contacts")

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        grace = MandatoryOptions(grace=GracePeriod(30))
        self.gate = self.stack.enter_context(a_fresh_gate(rules={"deal_contact": grace}))
        self.cards: list[EntityRef] = []
        self.settled = False
        self.passed = timedelta()
        self._set_clock()

    def _set_clock(self) -> None:
        own = self.gate.worker.reconciler
        self.gate.worker.reconciler = replace(own, now=self._now)

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.passed

    def teardown(self) -> None:
        with self.stack:
            self.settle()

    @rule(target=deals, stage=st.sampled_from(STAGES), group=st.sampled_from([None, 45]))
    def create_deal(self, stage: str, group: int | None) -> EntityRef:
        return self._added(self.gate.add(Kind.DEAL, title="С", stageId=stage, UF_CRM_PRODUCT_GROUP=group))

    @rule(target=deals)
    def create_correct_deal(self) -> EntityRef:
        return self._added(self.gate.a_correct_deal())

    @rule(target=contacts, name=st.sampled_from(NAMES))
    def create_contact(self, name: str) -> EntityRef:
        return self._added(self.gate.add(Kind.CONTACT, name=name or "И", lastName="Петров", secondName=name))

    def _added(self, ref: EntityRef) -> EntityRef:
        self.cards.append(ref)
        self.settled = False
        return ref

    @rule(deal=deals, stage=st.sampled_from(STAGES))
    def move(self, deal: EntityRef, stage: str) -> None:
        self._change(deal, stageId=stage)

    @rule(deal=deals, group=st.sampled_from([None, 45, 47]), contact=contacts)
    def fill_in(self, deal: EntityRef, group: int | None, contact: EntityRef) -> None:
        self._change(deal, UF_CRM_PRODUCT_GROUP=group, contactId=contact.id)

    @rule(contact=contacts, name=st.sampled_from(NAMES))
    def rename(self, contact: EntityRef, name: str) -> None:
        self._change(contact, secondName=name)

    def _change(self, ref: EntityRef, **fields: Any) -> None:
        if ref in self.cards:
            self.gate.change(ref, **fields)
            self.settled = False

    @rule(deal=deals, text=st.sampled_from(COMMENTS))
    def comment(self, deal: EntityRef, text: str) -> None:
        if deal in self.cards:
            self.gate.comment(deal, text)
            self.settled = False

    @rule(deal=deals, add=st.booleans())
    def sell(self, deal: EntityRef, add: bool) -> None:
        if deal in self.cards:
            rows = [{"PRODUCT_NAME": "Курс", "PRICE": 9, "QUANTITY": 1}] if add else []
            self.gate.rest("crm.deal.productrows.set", id=deal.id, rows=rows)
            self.settled = False

    @rule(minutes=st.integers(1, 40))
    def let_time_pass(self, minutes: int) -> None:
        """Graces end by it, and are looked at by themselves."""
        self.passed += timedelta(minutes=minutes)
        self.gate.look_at(*self.gate.store.visits.due(self._now(), 1000))

    @rule(ceiling=st.sampled_from(list(Mode)), college=st.sampled_from(list(Mode)))
    def change_modes(self, ceiling: Mode, college: Mode) -> None:
        policy = self.gate.gatekeeper.config.policy
        self.gate.use(replace(policy, ceiling=Ceiling(ceiling, departments={2: college})))
        self._set_clock()

    @rule(deal=deals, user=st.integers(2, 5))
    def hand_over(self, deal: EntityRef, user: int) -> None:
        self._change(deal, assignedById=user)

    @rule(place=st.integers(0, 9), rule_id=st.sampled_from([None, "deal.contact", "contact.name"]))
    def exempt(self, place: int, rule_id: str | None) -> None:
        """Some card, or one rule on all of them."""
        entity = self.cards[place] if place < len(self.cards) else None
        if entity is None and rule_id is None:
            return
        wanted = Exemption("", "так решили", "Анна", entity=entity, rule=rule_id)
        granted = self.gate.store.exemptions.grant(wanted, NOON)
        self.gate.look_at(*self.gate.store.exemptions.concerned(granted))

    @rule()
    def end_an_exemption(self) -> None:
        exemptions = self.gate.store.exemptions
        for granted in exemptions.in_force()[:1]:
            exemptions.remove(granted.id, "Борис", NOON)
            self.gate.look_at(*exemptions.concerned(granted))

    @rule(deal=consumes(deals))
    def delete(self, deal: EntityRef) -> None:
        if deal in self.cards:
            self.gate.rest("crm.item.delete", entityTypeId=2, id=deal.id)
            self.cards.remove(deal)

    @rule(some=st.sets(st.integers(0, 9)))
    def look_at_some(self, some: set[int]) -> None:
        self.gate.look_at(*[card for place, card in enumerate(self.cards) if place in some])

    @rule(steps=st.integers(1, STEPS))
    def look_and_be_killed(self, steps: int) -> None:
        if self.cards:
            look_and_die(self.gate, self.cards, steps)

    @rule()
    def settle(self) -> None:
        """A burst of events of everything, twice; then nothing is left to be done."""
        self.gate.look_at(*self.cards, *reversed(self.cards))
        self.gate.look_at(*self.cards)
        writes = self.gate.writes()
        self.gate.look_at(*self.cards)
        assert self.gate.writes() == writes
        assert self.gate.unsettled(self.cards) == {}
        depth = self.gate.store.inbox.depth()
        assert (depth.waiting, depth.leased, depth.dead) == (0, 0, 0)

    @invariant()
    def no_card_has_two_comments_of_ours(self) -> None:
        for card in getattr(self, "cards", []):
            assert len(self.gate.said(card)) <= 1, card


TestPeople = People.TestCase
TestPeople.settings = settings(SLOW, max_examples=examples(6), stateful_step_count=14)


def state_of(gate: Gate, card: EntityRef) -> Any:
    """The stage and the notes without their seals, since each gate has a key of its own."""
    return gate.item(card).get("stageId"), [note.rpartition("-")[0] for note in gate.said(card)]


def a_story(gate: Gate) -> list[EntityRef]:
    """Cards of which some are moved back, some warned, one cured, and one left in peace."""
    pushed = gate.add(Kind.DEAL, title="Толкают", stageId="EXECUTING")
    gate.look_at(pushed)
    gate.change(pushed, stageId="PREPARATION")
    cured = gate.add(Kind.CONTACT, name="Иван", lastName="Тест")
    gate.look_at(cured)
    gate.change(cured, lastName="Петров")
    fresh = gate.add(Kind.DEAL, title="Новая", stageId="PREPARATION", UF_CRM_PRODUCT_GROUP=45)
    return [pushed, cured, fresh, gate.a_correct_deal()]


@pytest.fixture(scope="module")
def undisturbed() -> list[Any]:
    with a_fresh_gate() as gate:
        cards = a_story(gate)
        gate.look_at(*cards)
        return [state_of(gate, card) for card in cards]


@pytest.mark.slow
@pytest.mark.parametrize("steps", range(1, STEPS + 1))
def test_a_crash_after_any_step_and_a_rerun_end_in_the_same_state(steps: int, undisturbed: list[Any]) -> None:
    with a_fresh_gate() as gate:
        cards = a_story(gate)
        look_and_die(gate, cards, steps)
        gate.look_at(*cards)
        assert [state_of(gate, card) for card in cards] == undisturbed
        assert [len(gate.said(card)) for card in cards] == [1, 1, 1, 0]


def test_those_steps_are_all_the_steps_there_are() -> None:
    with a_fresh_gate() as gate:
        cards = a_story(gate)
        assert not look_and_die(gate, cards, STEPS + 1)


@pytest.mark.slow
@settings(SLOW, max_examples=examples(4))
@given(order=st.lists(st.integers(0, 3), min_size=4, max_size=12).filter(lambda each: len(set(each)) == 4))
def test_any_order_and_doubling_of_events_ends_in_the_same_state(
    order: list[int], undisturbed: list[Any]
) -> None:
    with a_fresh_gate() as gate:
        cards = a_story(gate)
        for place in order:
            gate.look_at(cards[place])
        assert [state_of(gate, card) for card in cards] == undisturbed


def test_observe_writes_nothing_to_the_portal_whatever_is_wrong() -> None:
    quiet = {name: replace(getattr(Rules(), name), mode=Mode.OBSERVE) for name in Rules.__slots__}
    with a_fresh_gate(rules=quiet) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая", stageId="EXECUTING")
        contact = gate.add(Kind.CONTACT, name="Тест")
        before = gate.writes()
        gate.look_at(deal, contact)
        gate.look_at(deal, contact)
        assert gate.writes() == before
        known = gate.store.journal.load([deal, contact])
        assert len(known[deal].open) >= 5
        assert len(known[contact].open) >= 4


texts = st.text(max_size=40) | st.sampled_from(COMMENTS + NAMES)
unread = st.just(Unread(Why.DENIED))
deals = st.builds(
    a_deal,
    stage_id=st.sampled_from([*STAGES, "C9:NEW"]),
    contact_ids=st.sampled_from([(), (84,), (84, 91)]),
    lead_id=st.sampled_from([None, 17]),
    lead_exists=st.booleans() | unread,
    product_group=st.sampled_from([(), ("45",), ("99",)]) | unread,
    product_group_choices=st.sampled_from([None, {"45": "ВО"}]) | unread,
    row_sums=st.sampled_from([(), a_deal().row_sums]) | unread,
    stage_history=st.just(()) | unread,
    comments=st.lists(st.builds(a_comment, texts), max_size=3).map(tuple) | unread,
    comments_field=texts,
)
contacts = st.builds(
    a_contact,
    last_name=texts,
    name=texts,
    second_name=texts,
    birthdate=st.dates() | st.none(),
    comments=st.just(()) | unread,
)


@settings(deadline=None, max_examples=examples(150))
@given(card=deals | contacts)
def test_judging_changes_none_of_its_input_and_says_the_same_again(card: Snapshot) -> None:
    policy, untouched = a_policy(), copy.deepcopy(card)
    first = judge(card, policy, NOON)
    assert judge(card, policy, NOON) == first
    assert (card, policy) == (untouched, a_policy())
    found = [each.rule for each in first.violations] + [each.rule for each in first.not_judged]
    assert len(set(found)) == len(found)
