"""Turn a decision into the rows that are kept of it, and a card's row back into its History."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from gatekeeper.enforcement import Action, MoveStage, Plan, SetField
from gatekeeper.enforcement.grace import due_times
from gatekeeper.enforcement.repeats import content_of
from gatekeeper.judge.modes import mode_of
from gatekeeper.judge.policy import Mode, Policy
from gatekeeper.judge.verdict import Verdict, is_asked
from gatekeeper.model.cards import DealSnapshot, Snapshot
from gatekeeper.model.exemption import Exempted, exemption_as_json
from gatekeeper.model.findings import Announcement, NotJudged, Violation
from gatekeeper.model.history import (
    Grace,
    History,
    Left,
    Revert,
)
from gatekeeper.model.refs import EntityRef
from gatekeeper.store.journal.codec import encode
from gatekeeper.store.journal.masking import mask_facts, mask_snapshot
from gatekeeper.store.journal.packing import VERSION, pack_snapshot


@dataclass(frozen=True, slots=True)
class Decision:
    """One pass over one card that changed something. `id` is carried by its actions.

    `decided_at` is also the moment that the snapshot was judged for.
    """

    id: str
    verdict: Verdict
    planned: Plan
    snapshot: Snapshot
    decided_at: datetime

    @classmethod
    def of(cls, verdict: Verdict, planned: Plan, snapshot: Snapshot, now: datetime) -> Decision:
        return cls(uuid.uuid4().hex, verdict, planned, snapshot, now)

    @property
    def responsible_id(self) -> int:
        return self.snapshot.responsible_id

    @property
    def mover_id(self) -> int | None:
        """Who moved the deal last; None for a card without stages."""
        return self.snapshot.moved_by if isinstance(self.snapshot, DealSnapshot) else None

    @property
    def let_stand(self) -> Revert | None:
        """The move back that this decision called for but left out."""
        last = self.planned.history.reverts[-1:]
        return next((each for each in last if each.left and each.decided_at == self.decided_at), None)

    @property
    def moves(self) -> bool:
        return any(isinstance(each, MoveStage) for each in self.planned.actions)


def decision_row(decision: Decision, *, masked: bool) -> dict[str, Any]:
    verdict = decision.verdict
    kept = mask_snapshot(decision.snapshot) if masked else decision.snapshot
    return {
        "id": decision.id,
        "kind": verdict.ref.kind,
        "entity_id": verdict.ref.id,
        "decided_at": decision.decided_at,
        "policy_revision": verdict.policy_revision,
        "status": verdict.status,
        "violations": [
            {"rule": each.rule, "facts": mask_facts(each.facts) if masked else dict(each.facts)}
            for each in verdict.violations
        ],
        "not_judged": encode(verdict.not_judged, tuple[NotJudged, ...]),
        "exempted": [_exempted_row(each, masked=masked) for each in verdict.exempted],
        "let_stand": _let_stand_row(decision.let_stand) if decision.let_stand else None,
        "version": VERSION,
        "responsible_id": decision.responsible_id,
        "mover_id": decision.mover_id,
        "masked": masked,
        "snapshot": pack_snapshot(kept)[0] if kept else None,
    }


def _let_stand_row(revert: Revert) -> dict[str, Any]:
    """Leave out who moved the deal: the decision has the id, and a name would have to be masked."""
    return {
        "from_stage_id": revert.from_stage_id,
        "to_stage_id": revert.to_stage_id,
        "left": revert.left,
    }


def _exempted_row(exempted: Exempted, *, masked: bool) -> dict[str, Any]:
    """Keep the exemption whole, so that the decision can be judged again after it ends."""
    facts = mask_facts(exempted.facts) if masked else dict(exempted.facts)
    return {"rule": exempted.rule, "facts": facts, "exemption": exemption_as_json(exempted.exemption)}


def action_row(decision_id: str, action: Action, *, masked: bool) -> dict[str, Any]:
    body = _as_json(action)
    return {
        "id": uuid.uuid4().hex,
        "decision_id": decision_id,
        "name": type(action).__name__,
        # What a field is set to is a word of ours.
        "content": content_of(action),
        "body": mask_facts(body) if masked and not isinstance(action, SetField) else body,
    }


def closing_values(
    decision: Decision, violation: Violation, policy: Policy, *, masked: bool
) -> dict[str, Any]:
    closing = {
        "closed_at": decision.decided_at,
        "closed_by": decision.id,
        "closed_why": _why_closed(violation.rule, decision, policy),
        "closed_responsible_id": decision.responsible_id,
    }
    return closing | {"facts": mask_facts(violation.facts)} if masked else closing


def history_of(row: Row[Any], standing: tuple[Violation, ...], exempted: tuple[Exempted, ...]) -> History:
    return History(
        created_at=row.created_at,
        admitted_stage_id=row.admitted_stage_id,
        open=standing,
        cured=tuple(row.cured),
        reverts=tuple(_revert(each) for each in row.reverts),
        closing_judged=row.closing_judged,
        announced=Announcement(**row.announced) if row.announced else None,
        graces=tuple(_grace(each) for each in row.graces or ()),
        exempted=exempted,
        uncured=tuple(row.uncured or ()),
    )


def _revert(stored: dict[str, Any]) -> Revert:
    times = {name: datetime.fromisoformat(stored[name]) for name in ("moved_at", "decided_at")}
    left = Left(stored["left"]) if stored.get("left") else None
    return Revert(**{**stored, **times, "rules": tuple(stored["rules"]), "left": left})


def _grace(stored: dict[str, Any]) -> Grace:
    names = ("began_at", "due_at", "cured_at")
    times = {name: datetime.fromisoformat(stored[name]) for name in names if stored[name]}
    return Grace(**{**stored, **times})


def card_row(ref: EntityRef, history: History) -> dict[str, Any]:
    if history.created_at is None:
        raise ValueError(f"{ref}: a history without the card's creation cannot be kept")
    return {
        "kind": ref.kind,
        "entity_id": ref.id,
        "created_at": history.created_at,
        "admitted_stage_id": history.admitted_stage_id,
        "cured": list(history.cured),
        "reverts": [_as_json(each) for each in history.reverts],
        "closing_judged": history.closing_judged,
        "graces": [_as_json(each) for each in history.graces],
        "announced": asdict(history.announced) if history.announced else None,
        "uncured": list(history.uncured),
    }


def _why_closed(rule: str, decision: Decision, policy: Policy) -> str:
    """Return "cured", or why the rule no longer applies: off, exempt or not asked."""
    snapshot = decision.snapshot
    if mode_of(policy, rule, snapshot) is Mode.OFF:
        return "off"
    if any(each.rule == rule for each in decision.planned.history.exempted):
        return "exempt"
    return "cured" if is_asked(rule, snapshot) else "not_asked"


def violation_row(decision: Decision, violation: Violation, position: int, policy: Policy) -> dict[str, Any]:
    """Make the row; a violation that comes back uncured has no second fine, its first row has it."""
    is_old = violation.rule in decision.planned.history.uncured
    return {
        "id": uuid.uuid4().hex,
        "kind": decision.verdict.ref.kind,
        "entity_id": decision.verdict.ref.id,
        "rule": violation.rule,
        "mode": mode_of(policy, violation.rule, decision.snapshot),
        "facts": dict(violation.facts),
        "responsible_id": decision.responsible_id,
        "position": position,
        "opened_at": decision.decided_at,
        "opened_by": decision.id,
        "due_at": due_times(decision.planned.history).get(violation.rule),
        "older_id": violation.facts.get("older"),
        "mover_id": decision.mover_id if decision.moves or violation.rule == "deal.stage" else None,
        "fine": 0 if is_old else policy.rules[violation.rule].fine,
        "currency": policy.fines.currency,
    }


def _as_json(value: Action | Revert | Grace) -> dict[str, Any]:
    """Write a frozen value as JSON: times in UTC, a reference as deal:41."""
    plain: dict[str, Any] = {}
    for each in fields(value):
        item = getattr(value, each.name)
        if isinstance(item, datetime):
            item = item.astimezone(UTC).isoformat()
        elif isinstance(item, EntityRef):
            item = str(item)
        elif isinstance(item, tuple):
            item = list(item)
        plain[each.name] = item
    return plain
