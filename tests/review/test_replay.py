"""A law: whatever was judged, and under whatever policy, is judged the same when it is read back."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from gatekeeper.enforcement import Plan
from gatekeeper.judge.examples import (
    NOON,
    a_comment,
    a_contact,
    a_deal,
    a_lead,
    a_policy,
)
from gatekeeper.judge.policy import (
    DealLeadOptions,
    Duration,
    InactiveOptions,
    Mode,
    Policy,
    ProductsOptions,
)
from gatekeeper.judge.verdict import Verdict, judge
from gatekeeper.model.cards import (
    Interactions,
    Multifield,
    Semantics,
    Snapshot,
    Unread,
    Why,
)
from gatekeeper.model.findings import NotJudged, Violation
from gatekeeper.model.history import History
from gatekeeper.review.replay import NotReplayable, Replayed, replay
from gatekeeper.store.journal.masking import mask_snapshot
from gatekeeper.store.journal.packing import pack_policy, pack_snapshot
from gatekeeper.store.journal.past import PastDecision, read_decision
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.rows import Decision
from gatekeeper.store.journal.tables import decision_table

UNREAD = Unread(Why.DENIED)
COMMENTS = st.just(UNREAD) | st.lists(
    st.builds(a_comment, st.sampled_from(["НД", "", "🙂[b]"]) | st.text(max_size=40)), max_size=3
).map(tuple)
DEALS = st.builds(
    a_deal,
    stage_id=st.sampled_from(["NEW", "EXECUTING", "WON", "LOSE", "C9:X"]),
    created_at=st.sampled_from([NOON, NOON - timedelta(days=90)]),
    contact_ids=st.sampled_from([(), (84,), (84, 91)]),
    lead_exists=st.sampled_from([True, False, UNREAD]),
    product_group=st.sampled_from([(), ("45",), ("99",), UNREAD]),
    sum=st.sampled_from([Decimal(0), Decimal("0.10"), Decimal(90000)]),
    row_sums=st.sampled_from([(), (Decimal("90000.00"),), UNREAD]),
    comments=COMMENTS,
    interactions=st.sampled_from([Interactions((), ()), Interactions((), (), (Unread(Why.DENIED),))]),
)
CONTACTS = st.builds(
    a_contact,
    name=st.text(max_size=20),
    last_name=st.text(max_size=20),
    phones=st.lists(st.builds(Multifield, st.sampled_from(["MOBILE", "WORK"]), st.text(max_size=15))).map(
        tuple
    ),
    birthdate=st.none() | st.dates(),
)
LEADS = st.builds(
    a_lead, semantics=st.sampled_from(Semantics), comments=COMMENTS, deal_ids=st.sampled_from([(), UNREAD])
)
POLICIES = st.builds(
    a_policy,
    deal_products=st.builds(
        ProductsOptions, st.sampled_from(Mode), max_sum_deviation=st.none() | st.floats(0, 100)
    ),
    deal_inactive=st.builds(InactiveOptions, window=st.builds(Duration, st.integers(1, 3))),
    deal_lead=st.builds(DealLeadOptions, same_responsible=st.booleans()),
)
CARDS = DEALS | CONTACTS | LEADS
MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))


def kept(
    verdict: Verdict, snapshot: Snapshot | None, policy: Policy, now: datetime, **changes: Any
) -> PastDecision:
    """The decision as the journal gives it back."""
    fields: dict[str, Any] = {
        "id": "0" * 32,
        "ref": verdict.ref,
        "decided_at": now,
        "policy_revision": policy.revision,
        "version": "0",
        "status": verdict.status,
        "violations": tuple(Violation(each.rule, each.facts) for each in verdict.violations),
        "not_judged": tuple(NotJudged(each.rule, each.why) for each in verdict.not_judged),
        "responsible_id": 2,
        "mover_id": None,
        "masked": False,
        "actions": (),
        "snapshot": pack_snapshot(snapshot)[0] if snapshot else None,
        "policy": pack_policy(policy),
    }
    return PastDecision(**fields | changes)


@given(CARDS, POLICIES, MOMENTS)
def test_what_was_judged_is_judged_the_same(snapshot: Snapshot, policy: Policy, now: datetime) -> None:
    result = replay(kept(judge(snapshot, policy, now), snapshot, policy, now))
    assert isinstance(result, Replayed)
    assert (result.differences, result.masked) == ((), ())


@given(DEALS | LEADS, POLICIES, MOMENTS)
def test_what_was_masked_is_judged_the_same_as_far_as_it_can_be(
    snapshot: Snapshot, policy: Policy, now: datetime
) -> None:
    decision = kept(judge(snapshot, policy, now), mask_snapshot(snapshot), policy, now, masked=True)
    result = replay(decision)
    assert isinstance(result, Replayed)
    assert result.differences == ()


@given(CARDS, POLICIES, MOMENTS)
def test_a_verdict_that_was_tampered_with_is_found_out(
    snapshot: Snapshot, policy: Policy, now: datetime
) -> None:
    forged = (Violation("deal.stage", {"problem": "forged"}),)
    result = replay(kept(judge(snapshot, policy, now), snapshot, policy, now, violations=forged))
    assert isinstance(result, Replayed)
    assert "deal.stage" in {each.what for each in result.differences}


def test_a_decision_that_kept_no_snapshot_is_read_and_not_replayed(engine: Engine) -> None:
    row = {"id": "a" * 32, "kind": "deal", "entity_id": 41, "decided_at": NOON, "policy_revision": "b" * 12}
    with engine.begin() as conn:
        conn.execute(insert(decision_table).values(**row, violations=[], not_judged=[]))
    decision = read_decision(engine, "aaaaaa")
    assert decision is not None
    assert (decision.decided_at, decision.version, decision.masked) == (NOON, None, False)
    assert replay(decision) == NotReplayable("no_snapshot")


def test_a_decision_is_found_by_the_beginning_of_its_id(engine: Engine) -> None:
    verdict = judge(a_deal(), a_policy(), NOON)
    decision = Decision.of(verdict, Plan((), History(created_at=NOON)), a_deal(), NOON)
    Journal(engine).record([decision], a_policy())
    found = read_decision(engine, decision.id[:6])
    assert found is not None
    assert (found.id, found.ref, found.decided_at) == (decision.id, decision.verdict.ref, NOON)
    assert replay(found) == Replayed((), (), version_differs=False)
    assert [read_decision(engine, each) for each in ("", decision.id[:5], "%", "______")] == [None] * 4
