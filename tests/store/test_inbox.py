from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.inbox import (
    Claim,
    Inbox,
    InboxDepth,
    InboxSettings,
)
from tests.clock import Clock

DEAL = EntityRef(Kind.DEAL, 1)
OTHER = EntityRef(Kind.DEAL, 2)
SETTINGS = InboxSettings(
    settle_s=1, max_settle_s=10, lease_s=60, max_attempts=3, backoff_base_s=2, backoff_cap_s=5
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(engine: Engine, clock: Clock) -> Inbox:
    return Inbox(engine, SETTINGS, now=clock)


def claimed(inbox: Inbox, limit: int = 50, owner: str = "worker") -> list[EntityRef]:
    return [claim.ref for claim in inbox.claim(limit, owner)]


def only(claims: tuple[Claim, ...]) -> Claim:
    (claim,) = claims
    return claim


@pytest.fixture
def claim(inbox: Inbox) -> Claim:
    """The deal, marked and claimed for the first time."""
    inbox.mark_dirty(DEAL, delay_s=0)
    return only(inbox.claim(1, "worker"))


def fail_until_dead(inbox: Inbox, clock: Clock) -> None:
    for _ in range(SETTINGS.max_attempts):
        inbox.failed(only(inbox.claim(1, "worker")), "portal said no")
        clock.advance(SETTINGS.backoff_cap_s)


def test_a_mark_is_claimed_once_it_has_settled(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL)
    clock.advance(0.999)
    assert claimed(inbox) == []
    clock.advance(0.001)
    assert claimed(inbox) == [DEAL]


def test_a_claim_tells_what_was_marked_and_when(inbox: Inbox, clock: Clock) -> None:
    marked_at = clock.time
    inbox.mark_dirty(DEAL, priority=Priority.SWEEP, delay_s=0)
    clock.advance(5)
    claim = only(inbox.claim(50, "worker"))
    claimed_at = claim.claimed_at
    assert claim == Claim(DEAL, claim.mark, claim.lease, 1, Priority.SWEEP, marked_at, claimed_at)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_treated_alike(inbox: Inbox, kind: Kind) -> None:
    ref = EntityRef(kind, 2**40)
    inbox.mark_dirty(ref, delay_s=0)
    claim = only(inbox.claim(1, "worker"))
    inbox.mark_dirty(ref, delay_s=0)
    inbox.done(claim)
    assert claimed(inbox) == [ref]


def test_many_marks_of_one_entity_are_one_claim(inbox: Inbox) -> None:
    inbox.mark_dirty([DEAL, DEAL, OTHER], delay_s=0)
    inbox.mark_dirty(DEAL, delay_s=0)
    assert sorted(claimed(inbox)) == [DEAL, OTHER]
    assert claimed(inbox) == []


def test_marking_nothing_is_no_error(inbox: Inbox) -> None:
    inbox.mark_dirty([])
    assert inbox.depth() == InboxDepth(0, 0, 0, 0.0)


def test_a_sweep_may_mark_more_than_one_statement_holds(inbox: Inbox) -> None:
    inbox.mark_dirty([EntityRef(Kind.DEAL, number) for number in range(1, 1502)], delay_s=0)
    assert inbox.depth().waiting == 1501


def test_a_burst_slides_the_check_but_never_past_the_longest_settling(inbox: Inbox, clock: Clock) -> None:
    for _ in range(14):  # at 0, 0.75 … 9.75
        inbox.mark_dirty(DEAL)
        assert claimed(inbox) == []
        clock.advance(0.75)
    inbox.mark_dirty(DEAL)  # at 10.5, past the limit
    assert claimed(inbox) == [DEAL]


def test_a_check_put_off_for_long_is_brought_forward_by_an_event(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, priority=Priority.SWEEP, delay_s=3600)
    inbox.mark_dirty(DEAL)
    clock.advance(1)
    assert claimed(inbox) == [DEAL]


def test_events_after_a_check_put_off_for_long_slide_no_further_than_usual(
    inbox: Inbox, clock: Clock
) -> None:
    inbox.mark_dirty(DEAL, delay_s=3600)
    for _ in range(20):
        inbox.mark_dirty(DEAL)
        clock.advance(0.5)
    assert claimed(inbox) == [DEAL]


def test_a_far_check_does_not_put_off_a_near_one_for_long(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL)
    inbox.mark_dirty(DEAL, delay_s=3600)
    clock.advance(10)
    assert claimed(inbox) == [DEAL]


def test_a_worker_may_ask_during_a_check_to_look_again_much_later(
    inbox: Inbox, clock: Clock, claim: Claim
) -> None:
    inbox.mark_dirty(DEAL, delay_s=3600)
    inbox.done(claim)
    clock.advance(3599)
    assert claimed(inbox) == []
    clock.advance(1)
    assert claimed(inbox) == [DEAL]


def test_a_mark_during_a_check_may_settle_anew(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    clock.advance(30)
    claim = only(inbox.claim(1, "worker"))
    inbox.mark_dirty(DEAL)
    inbox.done(claim)
    clock.advance(0.5)
    assert claimed(inbox) == []
    clock.advance(0.5)
    again = only(inbox.claim(1, "worker"))
    assert again.first_marked == clock.after(-1)


def test_live_goes_before_sweep_and_sweep_before_audit(inbox: Inbox, clock: Clock) -> None:
    refs = {priority: EntityRef(Kind.DEAL, 10 - priority) for priority in Priority}
    for priority in reversed(Priority):
        inbox.mark_dirty(refs[priority], priority=priority, delay_s=0)
        clock.advance(1)
    people = [refs[Priority.LIVE], refs[Priority.CROWD]]
    others = [[refs[priority]] for priority in (Priority.SWEEP, Priority.DOUBT, Priority.AUDIT)]
    assert [claimed(inbox) for _ in range(4)] == [people, *others]


def test_a_crowd_has_what_room_people_leave_in_a_wave(inbox: Inbox) -> None:
    crowd = [EntityRef(Kind.DEAL, number) for number in range(1, 4)]
    people = [EntityRef(Kind.CONTACT, number) for number in range(1, 3)]
    inbox.mark_dirty(crowd, priority=Priority.CROWD, delay_s=0)
    inbox.mark_dirty(people, delay_s=0)
    wave = claimed(inbox, 4)
    assert set(wave[:2]) == set(people)
    assert len(set(wave[2:]) & set(crowd)) == 2


def test_pointers_come_beside_the_cards_of_a_wave(inbox: Inbox) -> None:
    deals = [EntityRef(Kind.DEAL, number) for number in range(1, 5)]
    notes = [EntityRef(Kind.COMMENT, number) for number in range(1, 5)]
    inbox.mark_dirty([*deals, *notes], delay_s=0)
    assert {claim.ref.kind for claim in inbox.claim(2, "worker", pointers=9)} == {Kind.DEAL}
    assert {claim.ref.kind for claim in inbox.claim(3, "worker", pointers=1)} == {Kind.DEAL, Kind.COMMENT}
    assert len(inbox.claim(3, "worker", pointers=9)) == 3


def test_a_pointer_that_waits_behind_many_cards_is_followed_at_last(inbox: Inbox, clock: Clock) -> None:
    note, deals = EntityRef(Kind.COMMENT, 1), [EntityRef(Kind.DEAL, number) for number in range(1, 9)]
    inbox.mark_dirty(note, delay_s=0)
    clock.advance(29)
    inbox.mark_dirty(deals, delay_s=0)
    assert note not in {claim.ref for claim in inbox.claim(2, "worker", pointers=9)}
    clock.advance(1)
    assert note in {claim.ref for claim in inbox.claim(2, "worker", pointers=9)}


def test_a_pointer_that_was_seen_in_its_card_need_not_be_followed(inbox: Inbox, clock: Clock) -> None:
    notes = [EntityRef(Kind.COMMENT, number) for number in range(1, 5)]
    early, leased, anew, late = notes
    inbox.mark_dirty([leased], delay_s=0)
    inbox.claim(1, "another")
    inbox.mark_dirty([early, anew], delay_s=5)
    clock.advance(1)
    inbox.mark_dirty(DEAL, delay_s=0)
    (claim,) = inbox.claim(1, "worker")
    clock.advance(1)
    inbox.mark_dirty([anew, late], delay_s=0)
    inbox.absorb(notes, claim.claimed_at)
    assert inbox.waiting(notes).keys() == {leased, anew, late}


def test_what_falls_due_soon_comes_along_where_something_is_due(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=1)
    inbox.mark_dirty(OTHER, delay_s=1.2)
    assert inbox.claim(9, "worker", ahead_s=0.25) == ()
    clock.advance(1)
    assert {claim.ref for claim in inbox.claim(9, "worker", ahead_s=0.25)} == {DEAL, OTHER}


def test_what_nobody_waits_for_is_handed_out_in_short_waves(engine: Engine) -> None:
    inbox = Inbox(engine, InboxSettings(patient_wave=2))
    deals = [EntityRef(Kind.DEAL, number) for number in range(1, 5)]
    inbox.mark_dirty(deals, priority=Priority.SWEEP, delay_s=0)
    assert [len(claimed(inbox, 3)) for _ in range(3)] == [2, 2, 0]
    inbox.mark_dirty([EntityRef(Kind.LEAD, each.id) for each in deals], delay_s=0)
    assert len(claimed(inbox, 3)) == 3


def test_within_a_priority_the_one_due_first_goes_first(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=2)
    inbox.mark_dirty(OTHER, delay_s=1)
    clock.advance(5)
    assert claimed(inbox, 1) == [OTHER]


def test_a_sweep_never_lowers_a_live_entity_and_an_event_raises_a_swept_one(inbox: Inbox) -> None:
    inbox.mark_dirty(DEAL, priority=Priority.LIVE, delay_s=0)
    inbox.mark_dirty(DEAL, priority=Priority.SWEEP, delay_s=0)
    inbox.mark_dirty(OTHER, priority=Priority.AUDIT, delay_s=0)
    inbox.mark_dirty(OTHER, priority=Priority.LIVE, delay_s=0)
    assert {claim.priority for claim in inbox.claim(50, "worker")} == {Priority.LIVE}


def test_what_is_leased_is_not_claimed_again_before_the_lease_runs_out(
    inbox: Inbox, clock: Clock, claim: Claim
) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    clock.advance(59.999)
    assert claimed(inbox, owner="another") == []
    clock.advance(0.001)
    again = only(inbox.claim(1, "another"))
    assert (again.ref, again.attempts) == (claim.ref, 2)


def test_a_renewed_lease_runs_from_the_renewal(inbox: Inbox, clock: Clock, claim: Claim) -> None:
    clock.advance(59)
    assert inbox.renew(claim) == (claim,)
    clock.advance(59)
    assert claimed(inbox) == []
    clock.advance(1)
    assert claimed(inbox) == [DEAL]


def test_done_takes_the_entity_out(inbox: Inbox, clock: Clock, claim: Claim) -> None:
    inbox.done(claim)
    clock.advance(3600)
    assert claimed(inbox) == []
    assert inbox.depth() == InboxDepth(0, 0, 0, 0.0)


def test_done_of_nothing_is_no_error(inbox: Inbox) -> None:
    inbox.done([])
    inbox.release([])
    assert inbox.renew([]) == ()


def test_a_mark_during_the_check_survives_done_with_its_failures_forgotten(
    inbox: Inbox, clock: Clock
) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    inbox.failed(only(inbox.claim(1, "worker")), "portal said no")
    clock.advance(2)
    claim = only(inbox.claim(1, "worker"))
    inbox.mark_dirty(DEAL, delay_s=0)
    inbox.done(claim)
    again = only(inbox.claim(1, "worker"))
    assert (again.ref, again.attempts) == (DEAL, 1)
    assert again.mark != claim.mark


def test_done_of_a_wave_keeps_only_what_was_marked_anew(inbox: Inbox) -> None:
    inbox.mark_dirty([DEAL, OTHER], delay_s=0)
    wave = inbox.claim(50, "worker")
    inbox.mark_dirty(OTHER, delay_s=0)
    inbox.done(wave)
    assert claimed(inbox) == [OTHER]


def test_a_row_deleted_and_made_anew_is_safe_from_a_late_done(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    stale = only(inbox.claim(1, "slow"))
    clock.advance(60)
    inbox.done(only(inbox.claim(1, "quick")))
    inbox.mark_dirty(DEAL, delay_s=0)
    inbox.done(stale)
    assert claimed(inbox) == [DEAL]


@pytest.mark.parametrize("marked_anew", [False, True])
@pytest.mark.parametrize("owner", ["worker", "another"])
def test_a_stale_worker_touches_nothing(
    inbox: Inbox, clock: Clock, claim: Claim, owner: str, *, marked_anew: bool
) -> None:
    clock.advance(60)
    if marked_anew:
        inbox.mark_dirty(DEAL, delay_s=0)
    current = only(inbox.claim(1, owner))
    clock.advance(30)
    inbox.done(claim)
    inbox.failed(claim, "late")
    inbox.give_up(claim, "late")
    inbox.release(claim)
    assert inbox.renew(claim) == ()
    clock.advance(29.999)
    assert claimed(inbox) == []
    assert inbox.renew(current) == (current,)
    inbox.done(current)
    assert inbox.depth() == InboxDepth(0, 0, 0, 0.0)


def test_the_late_done_of_a_worker_nobody_followed_counts(inbox: Inbox, clock: Clock, claim: Claim) -> None:
    clock.advance(3600)
    inbox.done(claim)
    assert claimed(inbox) == []


def test_failures_back_off_ever_longer_up_to_the_cap(inbox: Inbox, clock: Clock, engine: Engine) -> None:
    inbox = Inbox(engine, replace(SETTINGS, max_attempts=10), now=clock)
    inbox.mark_dirty(DEAL, delay_s=0)
    for pause_s in (2, 4, 5, 5):
        inbox.failed(only(inbox.claim(1, "worker")), "portal said no")
        clock.advance(pause_s - 0.001)
        assert claimed(inbox) == []
        clock.advance(0.001)


def test_a_failure_may_name_its_own_time(inbox: Inbox, clock: Clock, claim: Claim) -> None:
    inbox.failed(claim, "method blocked", retry_at=clock.after(100))
    clock.advance(99.999)
    assert claimed(inbox) == []
    clock.advance(0.001)
    assert claimed(inbox) == [DEAL]


@pytest.mark.parametrize(("delay_s", "due_after_s"), [(0, 0), (1, 1), (50, 2)])
def test_backing_off_keeps_the_earlier_time_of_a_newer_mark(
    inbox: Inbox, clock: Clock, claim: Claim, delay_s: float, due_after_s: float
) -> None:
    inbox.mark_dirty(DEAL, delay_s=delay_s)
    inbox.failed(claim, "portal said no")
    clock.advance(due_after_s - 0.001)
    assert claimed(inbox) == []
    clock.advance(0.001)
    assert claimed(inbox) == [DEAL]


def test_an_event_ends_a_pause_but_does_not_forget_the_failures(
    inbox: Inbox, clock: Clock, claim: Claim
) -> None:
    inbox.failed(claim, "portal said no", retry_at=clock.after(3600))
    inbox.mark_dirty(DEAL)
    clock.advance(1)
    again = only(inbox.claim(1, "worker"))
    assert (again.attempts, again.first_marked) == (2, claim.first_marked)


def test_a_far_check_does_not_lengthen_a_pause(inbox: Inbox, clock: Clock, claim: Claim) -> None:
    inbox.failed(claim, "portal said no")
    inbox.mark_dirty(DEAL, delay_s=3600)
    clock.advance(2)
    assert claimed(inbox) == [DEAL]


def test_the_last_failure_is_a_dead_letter(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    fail_until_dead(inbox, clock)
    clock.advance(3600)
    assert claimed(inbox) == []
    (letter,) = inbox.dead_letters()
    assert (letter.ref, letter.attempts, letter.error) == (DEAL, 3, "portal said no")
    assert inbox.depth() == InboxDepth(0, 0, 1, 0.0)


def test_an_entity_that_kills_its_workers_ends_in_the_dead_letters(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    for _ in range(SETTINGS.max_attempts):
        assert claimed(inbox) == [DEAL]
        assert inbox.dead_letters() == ()
        clock.advance(SETTINGS.lease_s)
    assert claimed(inbox) == []
    (letter,) = inbox.dead_letters()
    assert (letter.ref, letter.error) == (DEAL, "")


def test_a_wave_that_killed_its_workers_twice_is_handed_out_one_by_one(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty([DEAL, OTHER], delay_s=0)
    for _ in range(2):
        assert len(claimed(inbox)) == 2
        clock.advance(SETTINGS.lease_s)
    fresh = EntityRef(Kind.LEAD, 3)
    inbox.mark_dirty(fresh, delay_s=0)
    assert [len(claimed(inbox)) for _ in range(4)] == [1, 1, 1, 0]


def test_a_poisonous_entity_takes_no_neighbour_to_the_dead_letters(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty([EntityRef(Kind.DEAL, number) for number in range(1, 11)], delay_s=0)
    for _ in range(50):
        wave = inbox.claim(50, "worker")
        if DEAL in [claim.ref for claim in wave]:
            clock.advance(SETTINGS.lease_s)  # dead
        else:
            inbox.done(wave)
    assert [letter.ref for letter in inbox.dead_letters()] == [DEAL]
    assert inbox.depth() == InboxDepth(0, 0, 1, 0.0)


def test_news_of_a_dead_letter_is_worth_one_attempt(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    fail_until_dead(inbox, clock)
    inbox.mark_dirty(DEAL, delay_s=0)
    assert inbox.dead_letters() == ()
    inbox.failed(only(inbox.claim(1, "worker")), "still no")
    (letter,) = inbox.dead_letters()
    assert letter.error == "still no"


@pytest.mark.parametrize("given_up", [False, True])
def test_news_of_a_dead_letter_settles_like_any_other(inbox: Inbox, clock: Clock, *, given_up: bool) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    if given_up:
        inbox.give_up(only(inbox.claim(1, "worker")), "the portal refuses")
    else:
        fail_until_dead(inbox, clock)
    clock.advance(3600)
    inbox.mark_dirty(DEAL)
    clock.advance(0.999)
    assert claimed(inbox) == []
    clock.advance(0.001)
    assert only(inbox.claim(1, "worker")).first_marked == clock.after(-1)


def test_news_during_the_last_attempt_is_worth_one_more(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    for _ in range(SETTINGS.max_attempts - 1):
        inbox.failed(only(inbox.claim(1, "worker")), "no")
        clock.advance(SETTINGS.backoff_cap_s)
    last = only(inbox.claim(1, "worker"))
    inbox.mark_dirty(DEAL, delay_s=0)
    inbox.failed(last, "no")
    assert inbox.dead_letters() == ()
    assert claimed(inbox) == [DEAL]


def test_giving_up_is_a_dead_letter_at_once(inbox: Inbox, clock: Clock, claim: Claim) -> None:
    inbox.give_up(claim, "the portal refuses")
    clock.advance(3600)
    assert claimed(inbox) == []
    assert [(letter.ref, letter.error) for letter in inbox.dead_letters()] == [(DEAL, "the portal refuses")]


def test_giving_up_yields_to_a_newer_mark(inbox: Inbox, claim: Claim) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    inbox.give_up(claim, "the portal refuses")
    assert inbox.dead_letters() == ()
    assert claimed(inbox) == [DEAL]


def test_a_long_error_is_kept_in_part(inbox: Inbox, claim: Claim) -> None:
    inbox.give_up(claim, "x" * 10_000)
    (letter,) = inbox.dead_letters()
    assert letter.error == "x" * 500


def test_dead_letters_are_retried_as_if_new(inbox: Inbox) -> None:
    inbox.mark_dirty([DEAL, OTHER], delay_s=0)
    for claim in inbox.claim(50, "worker"):
        inbox.give_up(claim, "no")
    assert inbox.retry_dead([OTHER, EntityRef(Kind.LEAD, 9)]) == 1
    again = only(inbox.claim(50, "worker"))
    assert (again.ref, again.attempts) == (OTHER, 1)
    assert inbox.retry_dead([]) == 0
    assert inbox.retry_dead() == 1
    assert claimed(inbox) == [DEAL]
    assert inbox.retry_dead() == 0


def test_a_released_claim_gives_its_attempt_back(inbox: Inbox) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    for _ in range(SETTINGS.max_attempts + 1):
        claim = only(inbox.claim(1, "worker"))
        assert claim.attempts == 1
        inbox.release(claim)


def test_a_released_claim_may_wait(inbox: Inbox, clock: Clock, claim: Claim) -> None:
    inbox.release(claim, retry_at=clock.after(30))
    clock.advance(29.999)
    assert claimed(inbox) == []
    clock.advance(0.001)
    assert claimed(inbox) == [DEAL]


def test_the_depth_counts_each_entity_once(inbox: Inbox, clock: Clock) -> None:
    inbox.mark_dirty(DEAL, delay_s=0)
    inbox.give_up(only(inbox.claim(1, "worker")), "no")
    inbox.mark_dirty(OTHER, delay_s=0)
    clock.advance(7)
    inbox.claim(1, "worker")
    inbox.mark_dirty([EntityRef(Kind.LEAD, 1), EntityRef(Kind.LEAD, 2)], delay_s=60)
    assert inbox.depth() == InboxDepth(waiting=2, leased=1, dead=1, oldest_age_s=7.0)


def test_by_default_the_databases_own_clock_counts(engine: Engine) -> None:
    inbox = Inbox(engine)
    inbox.mark_dirty(DEAL, delay_s=0)
    inbox.mark_dirty(OTHER, delay_s=3600)
    claim = only(inbox.claim(50, "worker"))
    assert claim.first_marked.utcoffset() == timedelta(0)
    assert inbox.depth().leased == 1
