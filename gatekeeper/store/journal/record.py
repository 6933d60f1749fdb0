"""Write what a pass decided into the journal, and read the card's History back for the next pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, insert, or_, select, update

from gatekeeper.enforcement import Notify
from gatekeeper.enforcement.repeats import MEDIA
from gatekeeper.judge.policy import Policy
from gatekeeper.model.errors import Undecodable
from gatekeeper.model.findings import Violation
from gatekeeper.model.history import History, Written
from gatekeeper.model.refs import EntityRef
from gatekeeper.store.database import insert_into, reading
from gatekeeper.store.journal.masking import mask_facts
from gatekeeper.store.journal.packing import VERSION, pack_policy, unpack_policy
from gatekeeper.store.journal.rows import (
    Decision,
    action_row,
    card_row,
    closing_values,
    decision_row,
    history_of,
    violation_row,
)
from gatekeeper.store.journal.tables import (
    STILL_OPEN,
    action_table,
    card_table,
    decision_table,
    gate_table,
    policy_table,
    violation_table,
)
from gatekeeper.store.journal.waived import keep_waived, load_waived
from gatekeeper.store.keys import among, ref_of
from gatekeeper.store.outbox import want


class Journal:
    """Every method is one transaction. With `masked`, personal data is left out of what is kept for good.

    The facts of an open violation are kept whole, since the note in the card is made of them.
    """

    def __init__(self, engine: Engine, *, masked: bool = False) -> None:
        self._engine = engine
        self._masked = masked
        self._stored_revisions: set[str] = set()

    def watching_since(self) -> datetime | None:
        """When the gate first looked at this portal; None before it ever did."""
        with reading(self._engine) as conn:
            since: datetime | None = conn.execute(select(gate_table.c.watching_since)).scalar_one_or_none()
            return since

    def begin_watching(self, now: datetime) -> datetime:
        """Like `watching_since`; the first call ever sets it to `now`."""
        since = self.watching_since()
        if since is not None:
            return since
        with self._engine.begin() as conn:
            row = {"id": 1, "watching_since": now.replace(microsecond=0)}  # the portal knows whole seconds
            conn.execute(insert_into(conn, gate_table).values(row).on_conflict_do_nothing())
        return self.watching_since() or now

    def judged_revision(self) -> str | None:
        """Return the policy revision that all cards were judged by; None while a change is under way."""
        with reading(self._engine) as conn:
            judged: str | None = conn.execute(select(gate_table.c.judged_revision)).scalar_one_or_none()
            return judged

    def begin_judging(self) -> Policy | None:
        """Return that policy and forget it; None if it is unknown or can no longer be read."""
        with self._engine.begin() as conn:
            query = select(policy_table.c.body).join(
                gate_table, gate_table.c.judged_revision == policy_table.c.revision
            )
            body = conn.execute(query).scalar_one_or_none()
            conn.execute(update(gate_table).values(judged_revision=None))
        return _understood(body)

    def end_judging(self, policy: Policy, now: datetime) -> None:
        """Record that all cards have been judged by this policy."""
        with self._engine.begin() as conn:
            self._store_policy(conn, policy, now)
            conn.execute(update(gate_table).values(judged_revision=policy.revision))

    def last_policy(self) -> Policy | None:
        """Return the policy of the last decision; None if there is none or it cannot be read."""
        with reading(self._engine) as conn:
            table = decision_table
            last = select(table.c.policy_revision).order_by(table.c.decided_at.desc()).limit(1)
            query = select(policy_table.c.body).where(policy_table.c.revision == last.scalar_subquery())
            return _understood(conn.execute(query).scalar_one_or_none())

    def load(self, refs: Iterable[EntityRef]) -> dict[EntityRef, History]:
        """Return what is remembered of these cards; a card never seen has an empty History."""
        wanted = list(refs)
        if not wanted:
            return {}
        with reading(self._engine) as conn:
            rows = conn.execute(select(card_table).where(among(card_table, wanted))).all()
            standing = conn.execute(
                select(violation_table)
                .where(among(violation_table, wanted), STILL_OPEN)
                .order_by(violation_table.c.position)
            )
            open_of: dict[EntityRef, list[Violation]] = {}
            for row in standing:
                open_of.setdefault(ref_of(row), []).append(Violation(row.rule, row.facts))
            exempted = load_waived(conn, wanted)
        known = {
            ref_of(row): history_of(row, tuple(open_of.get(ref_of(row), ())), exempted.get(ref_of(row), ()))
            for row in rows
        }
        return {ref: known.get(ref, History()) for ref in wanted}

    def record(self, decisions: Sequence[Decision], policy: Policy) -> None:
        """Store the decisions before anything of them is applied."""
        if not decisions:
            return
        with self._engine.begin() as conn:
            self._store_policy(conn, policy, decisions[0].decided_at)
            for decision in decisions:
                conn.execute(insert(decision_table).values(decision_row(decision, masked=self._masked)))
                for action in decision.planned.actions:
                    conn.execute(
                        insert(action_table).values(action_row(decision.id, action, masked=self._masked))
                    )
                    if isinstance(action, Notify):
                        stages = {"before": action.before, "after": action.after}
                        facts = {**stages, "rules": " ".join(action.rules)}
                        want(conn, str(action.ref), action.to, action.occasion, facts, decision.decided_at)
                self._remember(conn, decision, policy)
        self._stored_revisions.add(policy.revision)

    def record_results(self, results: Mapping[tuple[str, str], str], now: datetime) -> None:
        """Store the result of each action, named by its decision's id and its own name."""
        with self._engine.begin() as conn:
            for (decision_id, name), result in results.items():
                table = action_table
                conn.execute(
                    update(table)
                    .where(table.c.decision_id == decision_id, table.c.name == name)
                    .values(result=result[:255], applied_at=now)
                )

    def written(self, refs: Iterable[EntityRef], since: datetime) -> dict[EntityRef, tuple[Written, ...]]:
        """Return what was written into these cards since then; what failed does not count."""
        action, decision = action_table, decision_table
        done = or_(action.c.result == "applied", action.c.name == Notify.__name__)
        card = (decision.c.kind, decision.c.entity_id)
        query: Select[Any] = (
            select(*card, decision.c.decided_at, action.c.name, action.c.content)
            .join_from(decision, action)
            .where(among(decision, refs), decision.c.decided_at > since, action.c.content.is_not(None), done)
        )
        found: dict[EntityRef, tuple[Written, ...]] = {}
        with reading(self._engine) as conn:
            for row in conn.execute(query):
                write = Written(MEDIA[row.name], row.content, row.decided_at)
                found[ref_of(row)] = (*found.get(ref_of(row), ()), write)
        return found

    def close_gone(self, refs: Sequence[EntityRef], now: datetime) -> None:
        """Close every violation of cards that are gone."""
        if refs:
            with self._engine.begin() as conn:
                if self._masked:
                    _mask_open(conn, refs)
                closed = update(violation_table).where(among(violation_table, refs), STILL_OPEN)
                conn.execute(closed.values(closed_at=now, closed_why="gone"))
                for ref in refs:
                    keep_waived(conn, ref, (), now)

    def _store_policy(self, conn: Connection, policy: Policy, now: datetime) -> None:
        if policy.revision in self._stored_revisions:
            return
        row = {"revision": policy.revision, "version": VERSION, "first_used_at": now}
        values = {**row, "body": pack_policy(policy)}
        conn.execute(insert_into(conn, policy_table).values(values).on_conflict_do_nothing())

    def _remember(self, conn: Connection, decision: Decision, policy: Policy) -> None:
        ref, history = decision.verdict.ref, decision.planned.history
        row = card_row(ref, history)
        keys = ("kind", "entity_id")
        changed = {name: value for name, value in row.items() if name not in keys}
        conn.execute(
            insert_into(conn, card_table)
            .values(row)
            .on_conflict_do_update(index_elements=list(keys), set_=changed)
        )
        self._open_and_close(conn, decision, policy)
        keep_waived(conn, ref, history.exempted, decision.decided_at)

    def _open_and_close(self, conn: Connection, decision: Decision, policy: Policy) -> None:
        table, ref = violation_table, decision.verdict.ref
        here = and_(among(table, [ref]), STILL_OPEN)
        standing = conn.execute(select(table.c.rule, table.c.facts, table.c.position).where(here))
        before = {row.rule: (row.facts, row.position) for row in standing}
        now = {violation.rule: violation for violation in decision.planned.history.open}
        for rule in [rule for rule in before if rule not in now]:
            was = Violation(rule, before[rule][0])
            values = closing_values(decision, was, policy, masked=self._masked)
            conn.execute(update(table).where(here, table.c.rule == rule).values(values))
        for position, violation in enumerate(now.values()):
            if violation.rule not in before:
                values = violation_row(decision, violation, position, policy)
                conn.execute(insert(table).values(values))
            elif before[violation.rule] != (violation.facts, position):
                values = {
                    "facts": dict(violation.facts),
                    "position": position,
                    "older_id": violation.facts.get("older"),
                }
                conn.execute(update(table).where(here, table.c.rule == violation.rule).values(values))


def _mask_open(conn: Connection, refs: Sequence[EntityRef]) -> None:
    """Mask what was kept whole for the note of the card: a card that is gone has no note."""
    table = violation_table
    standing = conn.execute(select(table.c.id, table.c.facts).where(among(table, refs), STILL_OPEN)).all()
    for key, facts in standing:
        conn.execute(update(table).where(table.c.id == key).values(facts=mask_facts(facts)))


def _understood(body: bytes | None) -> Policy | None:
    try:
        return unpack_policy(body) if body else None
    except Undecodable:
        return None
