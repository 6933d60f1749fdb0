"""The inbox against a model of it in plain Python: the same calls in any order, the same state after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text

from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.inbox import Claim, Inbox, InboxSettings
from tests.clock import Clock
from tests.soak import examples

SETTINGS = InboxSettings(
    settle_s=1, max_settle_s=3, lease_s=60, max_attempts=3, backoff_base_s=2, backoff_cap_s=5
)
PEOPLE = {Priority.LIVE, Priority.CROWD}
REFS = [
    EntityRef(Kind.DEAL, 1),
    EntityRef(Kind.DEAL, 2),
    EntityRef(Kind.CONTACT, 1),
    EntityRef(Kind.COMMENT, 7),
]


@dataclass
class Entry:
    """`news` says that a mark came which no check has begun after."""

    since: datetime
    due: datetime
    latest: datetime
    priority: Priority
    news: bool = True
    attempts: int = 0
    lease: UUID | None = None
    until: datetime | None = None

    def is_leased(self, now: datetime) -> bool:
        return self.until is not None and self.until > now

    def is_dead(self, now: datetime) -> bool:
        return self.attempts >= SETTINGS.max_attempts and not self.is_leased(now)

    def is_due(self, now: datetime) -> bool:
        return not self.is_dead(now) and (self.due <= now if self.until is None else self.until <= now)

    def is_suspect(self, now: datetime) -> bool:
        often = self.attempts >= min(3, SETTINGS.max_attempts - 1)
        return self.is_due(now) and self.until is not None and often

    def free(self) -> None:
        self.lease = self.until = None

    def wait(self, until: datetime) -> None:
        self.due, self.latest = (
            (min(self.due, until), min(self.latest, until)) if self.news else (until, until)
        )
        self.free()


class InboxMachine(RuleBasedStateMachine):
    claims: Bundle[Claim] = Bundle("claims")

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        with engine.begin() as conn:
            conn.execute(text("DELETE FROM inbox"))
        self.clock = Clock()
        self.inbox = Inbox(engine, SETTINGS, now=self.clock)
        self.entries: dict[EntityRef, Entry] = {}

    @property
    def now(self) -> datetime:
        return self.clock.time

    @rule(seconds=st.sampled_from([0.5, 1, 2, 60]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(
        refs=st.sets(st.sampled_from(REFS), min_size=1),
        priority=st.sampled_from(Priority),
        delay_s=st.sampled_from([0.0, 1.0, 30.0]),
    )
    def mark(self, refs: set[EntityRef], priority: Priority, delay_s: float) -> None:
        self.inbox.mark_dirty(refs, priority=priority, delay_s=delay_s)
        due, latest = self.clock.after(delay_s), self.clock.after(max(delay_s, SETTINGS.max_settle_s))
        for ref in refs:
            entry = self.entries.get(ref)
            if entry is None:
                self.entries[ref] = Entry(self.now, due, latest, priority)
                continue
            if (entry.lease and not entry.news) or entry.attempts >= SETTINGS.max_attempts:
                entry.since, entry.latest = self.now, latest
            entry.latest = min(entry.latest, latest)
            entry.due = min(due, entry.latest)
            entry.priority = min(entry.priority, priority)
            entry.attempts = min(entry.attempts, SETTINGS.max_attempts - 1)
            entry.news = True

    @rule(target=claims, limit=st.integers(1, 4))
    def claim(self, limit: int) -> MultipleResults[Claim]:
        suspects = {ref: entry for ref, entry in self.entries.items() if entry.is_suspect(self.now)}
        due = suspects or {ref: entry for ref, entry in self.entries.items() if entry.is_due(self.now)}
        claims = self.inbox.claim(limit, "worker")
        turns = [(due[claim.ref].priority, due[claim.ref].due) for claim in claims]
        left = [
            (entry.priority, entry.due) for ref, entry in due.items() if ref not in {c.ref for c in claims}
        ]
        urgent = min((entry.priority for entry in due.values()), default=None)
        most = [
            entry for entry in due.values() if entry.priority == urgent or {entry.priority, urgent} <= PEOPLE
        ]
        assert len(claims) == min(1 if suspects else limit, len(most))
        assert turns == sorted(turns)
        assert all(turn <= other for turn in turns for other in left)
        for claim in claims:
            entry = self.entries[claim.ref]
            entry.attempts += 1
            entry.news, entry.lease = False, claim.lease
            entry.until = self.clock.after(SETTINGS.lease_s)
            assert claim.attempts == entry.attempts
            assert (claim.priority, claim.first_marked) == (entry.priority, entry.since)
        return multiple(*claims)

    def held(self, claim: Claim) -> Entry | None:
        entry = self.entries.get(claim.ref)
        return entry if entry and entry.lease == claim.lease else None

    @rule(claim=claims)
    def done(self, claim: Claim) -> None:
        self.inbox.done(claim)
        if entry := self.held(claim):
            if entry.news:
                entry.free()
                entry.attempts = 0
            else:
                del self.entries[claim.ref]

    @rule(claim=claims)
    def failed(self, claim: Claim) -> None:
        self.inbox.failed(claim, "no")
        if entry := self.held(claim):
            entry.wait(self.clock.after(SETTINGS.backoff_s(claim.attempts)))

    @rule(claim=claims, pause_s=st.sampled_from([0, 10]))
    def release(self, claim: Claim, pause_s: float) -> None:
        self.inbox.release(claim, retry_at=self.clock.after(pause_s))
        if entry := self.held(claim):
            entry.wait(self.clock.after(pause_s))
            entry.attempts -= 1

    @rule(claim=claims)
    def give_up(self, claim: Claim) -> None:
        self.inbox.give_up(claim, "no")
        if entry := self.held(claim):
            entry.free()
            if not entry.news:
                entry.attempts = SETTINGS.max_attempts

    @rule(claim=claims)
    def renew(self, claim: Claim) -> None:
        entry = self.held(claim)
        assert self.inbox.renew(claim) == ((claim,) if entry else ())
        if entry:
            entry.until = self.clock.after(SETTINGS.lease_s)

    @rule()
    def retry_dead(self) -> None:
        dead = [entry for entry in self.entries.values() if entry.is_dead(self.now)]
        assert self.inbox.retry_dead() == len(dead)
        for entry in dead:
            entry.free()
            entry.attempts, entry.due, entry.latest = 0, self.now, self.now

    @invariant()
    def depth_and_dead_letters_agree(self) -> None:
        dead = {ref for ref, entry in self.entries.items() if entry.is_dead(self.now)}
        leased = [entry for entry in self.entries.values() if entry.is_leased(self.now)]
        depth = self.inbox.depth()
        assert (depth.dead, depth.leased) == (len(dead), len(leased))
        assert depth.waiting == len(self.entries) - len(dead) - len(leased)
        assert {letter.ref for letter in self.inbox.dead_letters()} == dead

    def teardown(self) -> None:
        """Every entity is either free of news, or dead, or to be had some time."""
        for _ in range(20):
            self.clock.advance(timedelta(minutes=2).total_seconds())
            self.inbox.done(self.inbox.claim(50, "last worker"))
        depth = self.inbox.depth()
        assert (depth.waiting, depth.leased) == (0, 0)


def test_the_inbox_does_what_its_model_does(engine: Engine) -> None:
    class Machine(InboxMachine):
        def __init__(self) -> None:
            super().__init__(engine)

    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=examples(12), stateful_step_count=30, deadline=None, database=None),
    )
