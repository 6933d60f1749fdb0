"""The durable set of entities to look at.

What it is needed for
    The portal sends an event once, late, doubled or out of order, and our own writes raise events too. Only
    the portal holds the truth, so an event is no more than a mark: *this entity is to be read again*. The
    web process must have the mark on disk before it answers; workers must find it, also after a crash; and
    nothing may be written to a card by two workers at once.

Properties
    P1  A mark is followed by a check that *begins* after it, whatever marks, workers and crashes there are.
    P2  Two workers never hold one entity, so long as a check ends or is renewed within its lease.
    P3  A burst of marks is one check. It waits until the burst settles, but for `max_settle_s` at most.
    P4  What people do now goes before what a sweep found, and ids that no list shows go behind both.
    P5  An entity that cannot be checked ends in the dead letters, where it is seen. So does one that kills
        its worker, and it takes none of those claimed together with it along.

How: one table, a row an entity. `mark` is a fresh UUID at every mark, `lease_id` one at every claim.
Whatever ends a check names both, so it can tell whether the row is still its own and whether it was marked
anew.

Races
    A mark arrives during the check.
        The check may have read before it. `done` sees another mark than the one claimed and lets the row
        stand, free of the lease: P1. A counter in place of the UUID would start again at 1 once the row was
        deleted and made anew, and a late `done` would then delete a mark never looked at.
    A worker outlives its lease.
        Another may hold the entity by then. The late `done`, `failed` or `renew` names a lease that is not
        the row's, and touches nothing. Both may have read the card, and both may write: accepted, since a
        lease is long beside a check, workers renew it, and doing it twice writes nothing.
    A worker dies after its writes.
        The entity is checked again when the lease runs out. Accepted: the second check finds the card as it
        should be.
    Two workers claim at once.
        PostgreSQL skips rows that the other has locked; SQLite admits one writer.
    A mark and an end of many at once.
        Both lock rows in the order of their keys, so neither waits in a circle.
    A mark and a claim at once.
        If the mark commits first it is part of the claim. If it commits second, it waits for the claim, and
        is then a mark during the check.
    A comment is marked anew while the card that it hangs on is read.
        `absorb` leaves a mark that came after the claim.
    An event of our own write comes while the check that wrote lasts.
        It begins a burst of its own, for which a glance may do; whatever else that check was for is done.
        Where the check fails or is given back, the next one reads the card whole.
    A failure and a newer mark.
        Backing off must not delay news: the earlier of the two times counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    Row,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.database import (
    UtcDateTime,
    database_now,
    insert_into,
    metadata,
    reading,
)
from gatekeeper.store.keys import among, chunks, ref_of
from gatekeeper.store.lease import is_free

inbox = Table(
    "inbox",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("entity_id", BigInteger, primary_key=True, autoincrement=False),
    Column("mark", Uuid, nullable=False),
    Column("first_marked", UtcDateTime, nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    # No further mark moves not_before past this. NULL once a check began after the last mark: the next one
    # begins a new burst. So does one that revives a dead letter.
    Column("settle_by", UtcDateTime),
    Column("priority", SmallInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    # False while all that told of the card since the last check began were events of the card itself.
    Column("whole", Boolean, nullable=False),
    Column("lease_id", Uuid),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    Column("last_error", Text),
    Index(None, "lease_until", "priority", "not_before"),
)
_FREE = {"lease_id": None, "lease_owner": None, "lease_until": None}
# Joined to "", so that the planner takes the index of what is due, and not that of the kinds.
_IS_CARD = (inbox.c.kind + "").in_([kind.value for kind in Kind if kind.is_card])
_ERROR_LENGTH = 500
_OF_PEOPLE = {Priority.LIVE, Priority.CROWD}
"""What a crowd does comes behind what others do, in the same wave where there is room."""
_IN_WHOLE_WAVES = {*_OF_PEOPLE, Priority.DOUBT}
"""Those in doubt cost a command each: a wave of them is over soon."""
_LONG, _FEW = timedelta(seconds=30), 20
_SUSPECT_AFTER = 3  # a restart that goes wrong twice is no reason to work one by one


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """`settle_s` lets the portal finish building a card first. `lease_s` must exceed a wave's time.

    `patient_wave` is how many cards are handed out at most of what nobody waits for.
    """

    settle_s: float = 1.0
    max_settle_s: float = 10.0
    lease_s: float = 60.0
    max_attempts: int = 8
    backoff_base_s: float = 2.0
    backoff_cap_s: float = 600.0
    patient_wave: int = 75

    def backoff_s(self, attempts: int) -> float:
        """Doubles with every attempt.

        >>> [InboxSettings().backoff_s(attempts) for attempts in (1, 2, 3, 50)]
        [2.0, 4.0, 8.0, 600.0]
        """
        return min(self.backoff_cap_s, self.backoff_base_s * 2.0 ** (min(attempts, 64) - 1))


@dataclass(frozen=True, slots=True)
class Claim:
    """An entity to check, and the right to say how it went. `attempts` counts this one.

    Unless `whole`, a glance is enough where the card shows nothing new.
    """

    ref: EntityRef
    mark: UUID
    lease: UUID
    attempts: int
    priority: Priority
    first_marked: datetime
    claimed_at: datetime
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entity that an event told of, and which mark of it waits."""

    ref: EntityRef
    mark: UUID


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`error` is "" if no check ever ended: the entity probably kills its worker."""

    ref: EntityRef
    attempts: int
    error: str
    first_marked: datetime


@dataclass(frozen=True, slots=True)
class InboxDepth:
    """`waiting` includes what settles or backs off; `oldest_age_s` is of what is due, leased or failing."""

    waiting: int
    leased: int
    dead: int
    oldest_age_s: float


class Inbox:
    """Every call is one transaction or several, durable when it returns. Safe to share between threads."""

    def __init__(
        self,
        engine: Engine,
        settings: InboxSettings | None = None,
        *,
        now: Callable[[Connection], datetime] = database_now,
    ) -> None:
        self._engine = engine
        self._settings = settings or InboxSettings()
        self._now = now
        self._upsert = _upsert(engine, self._settings.max_attempts)  # making it takes longer than running it

    def mark_dirty(
        self,
        refs: Iterable[EntityRef] | EntityRef,
        *,
        priority: Priority = Priority.LIVE,
        delay_s: float | None = None,
        whole: bool = True,
    ) -> None:
        """Have these looked at in `delay_s` (by default, once settled), or later if marked again by then.

        Not `whole`: all that is known is that the card's own item may have changed.

        Failed attempts stay counted: an entity that fails every time must not stay out of the dead letters
        because people go on working on it. Yet every mark is worth one attempt, so news revives a dead
        letter for one check, which mends what an outage left behind, and lets a poisonous entity kill a
        worker once an event.
        """
        wanted = [refs] if isinstance(refs, EntityRef) else refs
        self.mark_each(dict.fromkeys(wanted, priority), delay_s=delay_s, whole=whole)

    def mark_each(
        self, marks: Mapping[EntityRef, Priority], *, delay_s: float | None = None, whole: bool = True
    ) -> None:
        """As `mark_dirty`, each with a priority of its own. One marked before keeps the more urgent one."""
        delay = timedelta(seconds=self._settings.settle_s if delay_s is None else delay_s)
        for some in chunks(marks):
            with self._engine.begin() as conn:
                self._mark(conn, {ref: marks[ref] for ref in some}, delay, whole)

    def claim(self, limit: int, owner: str, *, pointers: int = 0, ahead_s: float = 0.0) -> tuple[Claim, ...]:
        """Lease up to `limit` entities that are due, all of the one most urgent priority there is.

        What people do and what a crowd does is claimed together, the crowd's last.

        With `pointers`, so many comments and activities come beside up to `limit` cards: a wave follows them
        to the cards that it reads anyway. With `ahead_s`, those that are due so soon come along, where there
        is something due: what is done in a card at one time should be read at one time.

        Were a sweep's finds to fill up a live wave, they would be read with the hits that the limiter keeps
        for people; and a wave of theirs is short, because whoever acts now waits for its end.

        One whose workers died time and again is handed out alone: if it is what kills them, it kills no wave
        more, and its neighbours are out of it before their last attempt.
        """
        if not self._is_any_due():
            return ()
        with self._engine.begin() as conn:
            now = self._now(conn)
            abandoned, settled = _abandoned(now), _settled(now + timedelta(seconds=ahead_s))
            often = inbox.c.attempts >= min(_SUSPECT_AFTER, self._settings.max_attempts - 1)
            suspect = and_(abandoned, often)
            ordinary = or_(settled, and_(abandoned, ~often))
            alone = self._lease(conn, suspect, 1, 0, owner, now)
            return alone or self._lease(conn, ordinary, limit, pointers, owner, now)

    def due_by_event(self, limit: int) -> tuple[Waiting, ...]:
        """Return the cards that events told of, due and not yet claimed, in the order of their turn."""
        with reading(self._engine) as conn:
            alive = inbox.c.attempts < self._settings.max_attempts
            query = (
                select(inbox)
                .where(inbox.c.priority <= Priority.CROWD, _settled(self._now(conn)), alive)
                .where(_IS_CARD)
                .order_by(inbox.c.priority, inbox.c.not_before)
                .limit(limit)
            )
            return tuple(Waiting(ref_of(row), row.mark) for row in conn.execute(query))

    def doubt(self, marks: Iterable[Waiting]) -> None:
        """Let these wait until all others had their turn, unless they are claimed or marked again by now."""
        by_ref = {each.ref: each.mark for each in marks}
        for some in chunks(by_ref):
            unchanged = and_(
                among(inbox, some),
                inbox.c.mark.in_([by_ref[ref] for ref in some]),
                inbox.c.lease_until.is_(None),
            )
            with self._engine.begin() as conn:
                conn.execute(update(inbox).where(unchanged).values(priority=Priority.DOUBT))

    def _is_any_due(self) -> bool:
        """Ask without a lock, so that an idle worker, which asks five times a second, holds up nobody."""
        with reading(self._engine) as conn:
            now = self._now(conn)
            alive = inbox.c.attempts < self._settings.max_attempts
            due = and_(alive, or_(_abandoned(now), _settled(now)))
            return conn.execute(select(inbox.c.entity_id).where(due).limit(1)).first() is not None

    def done(self, claims: Iterable[Claim] | Claim) -> None:
        """Delete these; those marked again meanwhile stay, with their failures reset."""
        with self._engine.begin() as conn:
            held = self._held(conn, _listed(claims))
            unchanged = [claim.ref for claim, row in held if row.mark == claim.mark]
            marked_anew = [claim.ref for claim, row in held if row.mark != claim.mark]
            if unchanged:
                conn.execute(delete(inbox).where(among(inbox, unchanged)))
            if marked_anew:
                _set(conn, marked_anew, **_FREE, attempts=0, last_error=None)

    def absorb(self, pointers: Iterable[EntityRef], since: datetime) -> None:
        """Delete the marks that these had at `since`: what they lead to was read whole after that."""
        for some in chunks(pointers):
            seen = and_(among(inbox, some), inbox.c.marked_at < since, inbox.c.lease_until.is_(None))
            with self._engine.begin() as conn:
                conn.execute(delete(inbox).where(seen))

    def renew(self, claims: Iterable[Claim] | Claim) -> tuple[Claim, ...]:
        """Restart the lease. Return those still held; another worker holds the others."""
        with self._engine.begin() as conn:
            held = tuple(claim for claim, _ in self._held(conn, _listed(claims)))
            until = self._now(conn) + timedelta(seconds=self._settings.lease_s)
            if held:
                _set(conn, [claim.ref for claim in held], lease_until=until)
            return held

    def failed(self, claim: Claim, error: str, retry_at: datetime | None = None) -> None:
        """Try again at `retry_at`, by default after a growing pause; after the last attempt, never."""
        with self._engine.begin() as conn:
            pause = timedelta(seconds=self._settings.backoff_s(claim.attempts))
            self._put_back(conn, [claim], retry_at or self._now(conn) + pause, error=error)

    def hold(self, claim: Claim, error: str, wait_s: float) -> None:
        """Keep the lease for that long, then check again: no other worker may begin before, even on news."""
        with self._engine.begin() as conn:
            until = self._now(conn) + timedelta(seconds=wait_s)
            if self._held(conn, [claim]):
                _set(conn, [claim.ref], lease_until=until, last_error=error[:_ERROR_LENGTH])

    def release(self, claims: Iterable[Claim] | Claim, *, retry_at: datetime | None = None) -> None:
        """Give these back as if never claimed: at a shutdown, or when the fault is not theirs."""
        with self._engine.begin() as conn:
            self._put_back(conn, _listed(claims), retry_at or self._now(conn), error=None)

    def give_up(self, claim: Claim, error: str) -> None:
        """Move it to the dead letters: no attempt would help. One marked again meanwhile stays."""
        with self._engine.begin() as conn:
            for _, row in self._held(conn, [claim]):
                attempts = self._settings.max_attempts if row.mark == claim.mark else row.attempts
                _set(conn, [claim.ref], **_FREE, attempts=attempts, last_error=error[:_ERROR_LENGTH])

    def waiting(self, refs: Iterable[EntityRef]) -> dict[EntityRef, Priority]:
        """Return those of them that are in the inbox, with their priority."""
        found: dict[EntityRef, Priority] = {}
        with reading(self._engine) as conn:
            for some in chunks(refs):
                for row in conn.execute(select(inbox).where(among(inbox, some))):
                    found[ref_of(row)] = Priority(row.priority)
        return found

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """List what nobody will look at again unless it is marked or retried, oldest first."""
        with reading(self._engine) as conn:
            query = select(inbox).where(self._is_dead(self._now(conn))).order_by(inbox.c.first_marked)
            return tuple(
                DeadLetter(ref_of(row), row.attempts, row.last_error or "", row.first_marked)
                for row in conn.execute(query)
            )

    def retry_dead(self, refs: Iterable[EntityRef] | None = None) -> int:
        """Retry these dead letters, or all of them. Return how many there were."""
        with self._engine.begin() as conn:
            now = self._now(conn)
            chosen = self._is_dead(now)
            if refs is not None:
                chosen = and_(chosen, among(inbox, refs))
            values = {**_FREE, "attempts": 0, "whole": True, "not_before": now, "settle_by": now}
            return conn.execute(update(inbox).where(chosen).values(values)).rowcount

    def depth(self) -> InboxDepth:
        with reading(self._engine) as conn:
            now = self._now(conn)
            dead = self._is_dead(now)
            leased = ~is_free(inbox, now)
            late = and_(~dead, or_(inbox.c.not_before <= now, inbox.c.attempts > 0))
            total, leases, dead_ones, oldest = conn.execute(
                select(
                    func.count(),
                    func.count().filter(leased),
                    func.count().filter(dead),
                    func.min(inbox.c.first_marked, type_=UtcDateTime).filter(late),
                ).select_from(inbox)
            ).one()
            age_s = (now - oldest).total_seconds() if oldest else 0.0
            return InboxDepth(total - leases - dead_ones, leases, dead_ones, max(0.0, age_s))

    def _mark(
        self, conn: Connection, marks: Mapping[EntityRef, Priority], delay: timedelta, whole: bool
    ) -> None:
        now = self._now(conn)
        settle_by = now + max(delay, timedelta(seconds=self._settings.max_settle_s))
        rows = [
            {
                "kind": ref.kind.value,
                "entity_id": ref.id,
                "mark": uuid4(),
                "first_marked": now,
                "marked_at": now,
                "not_before": now + delay,
                "settle_by": settle_by,
                "priority": int(priority),
                "attempts": 0,
                "whole": whole,
            }
            for ref, priority in marks.items()
        ]
        conn.execute(self._upsert, rows)

    def _lease(
        self,
        conn: Connection,
        due: ColumnElement[bool],
        limit: int,
        pointers: int,
        owner: str,
        now: datetime,
    ) -> tuple[Claim, ...]:
        """Lease what is due: of each kind up to its share.

        Where there are more cards than a wave may have, most of the comments and activities will be seen in
        them: only a few of those that have waited for long are claimed.
        """
        due = and_(inbox.c.attempts < self._settings.max_attempts, due)
        urgent = conn.execute(select(func.min(inbox.c.priority)).where(due)).scalar()
        if urgent is None:
            return ()
        most = inf if urgent in _IN_WHOLE_WAVES else self._settings.patient_wave
        lease = {
            "lease_id": uuid4(),
            "lease_owner": owner,
            "lease_until": now + timedelta(seconds=self._settings.lease_s),
        }
        priorities = _OF_PEOPLE if urgent in _OF_PEOPLE else {urgent}
        chosen = and_(inbox.c.priority.in_(priorities), due)
        if not pointers:
            rows = self._take(conn, chosen, int(min(limit, most)), lease)
        else:
            rows = self._take(conn, and_(chosen, _IS_CARD), int(min(limit, most)), lease)
            if len(rows) >= min(limit, most):
                chosen = and_(chosen, inbox.c.first_marked <= now - _LONG)
                pointers = min(pointers, _FEW)
            rows += self._take(conn, and_(chosen, ~_IS_CARD), pointers, lease)
        return tuple(_claim(row, now) for row in sorted(rows, key=lambda row: (row.priority, row.not_before)))

    def _take(
        self, conn: Connection, chosen: ColumnElement[bool], limit: int, lease: Mapping[str, object]
    ) -> list[Row[tuple[object, ...]]]:
        picked = (
            select(inbox.c.kind, inbox.c.entity_id)
            .where(chosen)
            .order_by(inbox.c.priority, inbox.c.not_before)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("picked")
        )
        leased = (
            update(inbox)
            .where(inbox.c.kind == picked.c.kind, inbox.c.entity_id == picked.c.entity_id)
            .values(attempts=inbox.c.attempts + 1, settle_by=None, **lease)
            .returning(inbox)
        )
        return list(conn.execute(leased))

    def _held(self, conn: Connection, claims: list[Claim]) -> list[tuple[Claim, Row[tuple[object, ...]]]]:
        """Return the claims that still hold their row, with the row, locked in the order of the keys."""
        query = (
            select(inbox)
            .where(among(inbox, [claim.ref for claim in claims]))
            .order_by(inbox.c.kind, inbox.c.entity_id)
            .with_for_update()
        )
        rows = {(row.lease_id, ref_of(row)): row for row in conn.execute(query)} if claims else {}
        return [(claim, rows[claim.lease, claim.ref]) for claim in claims if (claim.lease, claim.ref) in rows]

    def _put_back(
        self, conn: Connection, claims: list[Claim], retry_at: datetime, *, error: str | None
    ) -> None:
        """Release the rows; without an error the attempt does not count."""
        for claim, row in self._held(conn, claims):
            news = row.mark != claim.mark
            _set(
                conn,
                [claim.ref],
                **_FREE,
                not_before=min(row.not_before, retry_at) if news else retry_at,
                settle_by=min(row.settle_by, retry_at) if news else retry_at,
                attempts=max(0, row.attempts - 1) if error is None else row.attempts,
                whole=True,
                last_error=row.last_error if error is None else error[:_ERROR_LENGTH],
            )

    def _is_dead(self, now: datetime) -> ColumnElement[bool]:
        return and_(inbox.c.attempts >= self._settings.max_attempts, is_free(inbox, now))


def _upsert(engine: Engine, max_attempts: int) -> sqlite.Insert | postgresql.Insert:
    insert = insert_into(engine, inbox)
    new = insert.excluded
    begins = or_(inbox.c.settle_by.is_(None), inbox.c.attempts >= max_attempts)
    latest = case((begins, new.settle_by), else_=_smaller(inbox.c.settle_by, new.settle_by))
    return insert.on_conflict_do_update(
        index_elements=[inbox.c.kind, inbox.c.entity_id],
        set_={
            "mark": new.mark,
            "first_marked": case((begins, new.first_marked), else_=inbox.c.first_marked),
            "marked_at": new.marked_at,
            "not_before": _smaller(new.not_before, latest),
            "settle_by": latest,
            "priority": _smaller(inbox.c.priority, new.priority),
            "attempts": _smaller(inbox.c.attempts, max_attempts - 1),
            "whole": or_(new.whole, and_(~begins, inbox.c.whole)),
        },
    )


def _abandoned(now: datetime) -> ColumnElement[bool]:
    return inbox.c.lease_until <= now


def _settled(now: datetime) -> ColumnElement[bool]:
    """Name every priority, so that the index leads past what is not due yet."""
    any_priority = inbox.c.priority.in_([int(priority) for priority in Priority])
    return and_(inbox.c.lease_until.is_(None), any_priority, inbox.c.not_before <= now)


def _smaller(left: ColumnElement[object], right: ColumnElement[object] | int) -> ColumnElement[object]:
    """LEAST() on PostgreSQL is MIN() on SQLite; CASE is both."""
    return case((left <= right, left), else_=right)


def _listed(claims: Iterable[Claim] | Claim) -> list[Claim]:
    return [claims] if isinstance(claims, Claim) else list(claims)


def _set(conn: Connection, refs: list[EntityRef], **values: object) -> None:
    conn.execute(update(inbox).where(among(inbox, refs)).values(values))


def _claim(row: Row[tuple[object, ...]], now: datetime) -> Claim:
    """What an earlier check has left undone is not known, so the card is read whole."""
    whole = row.whole or row.attempts > 1
    priority = Priority(row.priority)
    return Claim(ref_of(row), row.mark, row.lease_id, row.attempts, priority, row.first_marked, now, whole)
