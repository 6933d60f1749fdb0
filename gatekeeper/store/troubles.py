"""The troubles that stand (`gatekeeper.model.trouble`), as all processes know them.

One row a trouble, shared by all processes: written by whoever meets it, ended by whoever sees the portal
answer again, told of once by whoever takes the news first. One that ends and is met again soon goes on as the
same: a portal that wavers is one trouble, not ten.

Races
    A hit that was refused ends after another's that was answered.
        The trouble goes on for one hit more; the next answer ends it. It counts as over, and is told of, once
        it was over for `STEADY`.
    Two processes take the news.
        Taking is the UPDATE or DELETE of the row, and the wish to tell is written in the same transaction.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Row,
    String,
    Table,
    and_,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from gatekeeper.model.errors import PortalError
from gatekeeper.model.trouble import (
    CRM,
    IM,
    Key,
    Trouble,
    TroubleKind,
    is_cured,
    key_of,
    plain_host,
    scope_of,
)
from gatekeeper.store.database import UtcDateTime, insert_into, metadata, reading

log = logging.getLogger(__name__)

STEADY = timedelta(minutes=1)
"""So long must a trouble be over to be over; one that did not last longer is told to nobody."""
REPEAT_S = 30.0
"""How often one process writes down that it still meets the same."""
REFRESH_S = 5.0
"""How old may what a process knows of the others' troubles be."""

trouble_table = Table(
    "trouble",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("detail", String(80), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("told_at", UtcDateTime),
)


class Troubles:
    """Any thread may tell. What cannot be written down is told by the next hit: no hit fails for it."""

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._now = now
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: dict[Key, float] = {}
        self._read_at = float("-inf")

    def met(self, errors: Iterable[PortalError]) -> None:
        """Answers that are none; most tell of no trouble."""
        for key, error in {key: each for each in errors if (key := key_of(each)) is not None}.items():
            self._begin(key, error.code[:80])

    def followed(self, host: str) -> None:
        """The portal was renamed, and answers there."""
        self._begin((TroubleKind.RENAMED, plain_host(host)), "")

    def drifting(self, machine: str, ahead: timedelta) -> None:
        """That machine's clock is so far ahead of the portal's; negative where it is behind."""
        self._begin((TroubleKind.CLOCK, plain_host(machine)), f"{ahead.total_seconds():+.0f}")

    def in_step(self, machine: str) -> None:
        """That machine's clock is right."""
        self._end(lambda kind, subject: (kind, subject) == (TroubleKind.CLOCK, plain_host(machine)))

    def answered(self, methods: Collection[str], *, at_home: bool) -> None:
        """These methods were answered, `at_home` by the host that the config names."""
        if methods:
            scopes = {scope_of(each) for each in methods}
            self._end(lambda kind, subject: is_cured(kind, subject, scopes, at_home=at_home))

    def granted(self, scopes: Collection[str]) -> None:
        """The portal says that the webhook has these."""
        self._end(lambda kind, subject: kind is TroubleKind.SCOPE and subject in scopes)

    def current(self) -> tuple[Trouble, ...]:
        """The oldest first."""
        table = trouble_table
        query = select(table).where(table.c.ended_at.is_(None)).order_by(table.c.since, table.c.subject)
        with reading(self._engine) as conn:
            return tuple(map(_trouble, conn.execute(query)))

    def take_news(self, tell: Callable[[Connection, Trouble], None]) -> int:
        """Call `tell`, within the transaction, for each trouble that people are to know of; once each.

        One that leaves the gate its sight is told of when it begins. In the others nobody can be told: they
        are told of when they are over, so that it is known what the gate did not see.
        """
        table, now = trouble_table, self._now()
        keeps_sight = and_(table.c.kind == TroubleKind.SCOPE, table.c.subject.not_in([CRM, IM]))
        at_once = or_(table.c.kind == TroubleKind.RENAMED, keeps_sight)
        new = and_(table.c.told_at.is_(None), table.c.ended_at.is_(None), at_once)
        over = table.c.ended_at <= now - STEADY
        with self._engine.begin() as conn:
            began = conn.execute(update(table).where(new).values(told_at=now).returning(*table.c)).all()
            ended = conn.execute(delete(table).where(over).returning(*table.c)).all()
            news = [*map(_trouble, began), *filter(_is_worth_telling, map(_trouble, ended))]
            for each in news:
                tell(conn, each)
        return len(news)

    def _begin(self, key: Key, detail: str) -> None:
        with self._lock:
            if self._monotonic() - self._known.get(key, float("-inf")) < REPEAT_S:
                return
            self._known[key] = self._monotonic()
        kind, subject = key
        now = self._now()
        row = {"kind": kind, "subject": subject, "detail": detail, "since": now, "seen_at": now}
        table = trouble_table
        insert = insert_into(self._engine, table).values(row)
        again = {"detail": insert.excluded.detail, "seen_at": now, "ended_at": None}
        try:
            with self._engine.begin() as conn:
                stood = conn.execute(select(table.c.since).where(_is(key))).first()
                conn.execute(
                    insert.on_conflict_do_update(index_elements=[table.c.kind, table.c.subject], set_=again)
                )
        except SQLAlchemyError:
            with self._lock:
                self._known.pop(key, None)
            return
        if stood is None:
            gravity = logging.WARNING if kind is TroubleKind.CLOCK else logging.ERROR
            log.log(gravity, "trouble.began kind=%s subject=%s detail=%s", kind, subject, detail)

    def _end(self, is_cured: Callable[[TroubleKind, str], bool]) -> None:
        try:
            cured = [key for key in self._known_keys() if is_cured(*key)]
            for key in cured:
                self._end_one(key)
        except SQLAlchemyError:
            return

    def _end_one(self, key: Key) -> None:
        stands = and_(_is(key), trouble_table.c.ended_at.is_(None))
        with self._engine.begin() as conn:
            ended = conn.execute(update(trouble_table).where(stands).values(ended_at=self._now())).rowcount
        with self._lock:
            self._known.pop(key, None)
        if ended:
            kind, subject = key
            log.warning("trouble.ended kind=%s subject=%s", kind, subject)

    def _known_keys(self) -> list[Key]:
        """What stands, as far as this process knows; another's trouble it learns of with a delay."""
        with self._lock:
            if self._monotonic() - self._read_at < REFRESH_S:
                return list(self._known)
            self._read_at = self._monotonic()
        stands = {(each.kind, each.subject) for each in self.current()}
        with self._lock:
            self._known = {key: self._known.get(key, float("-inf")) for key in stands}
            return list(self._known)


def _is_worth_telling(ended: Trouble) -> bool:
    lasted = ended.ended_at is not None and ended.ended_at - ended.since > STEADY
    return lasted and (ended.is_blinding or ended.is_mute)


def _is(key: Key) -> ColumnElement[bool]:
    kind, subject = key
    return and_(trouble_table.c.kind == kind, trouble_table.c.subject == subject)


def _trouble(row: Row[tuple[object, ...]]) -> Trouble:
    return Trouble(TroubleKind(row.kind), row.subject, row.detail, row.since, row.ended_at)
