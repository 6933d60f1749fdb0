"""A decision judged again: the stored snapshot, under the stored policy, for the stored moment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gatekeeper.judge.verdict import Verdict, judge
from gatekeeper.model.errors import Undecodable
from gatekeeper.store.journal.masking import MASKED, mask_facts
from gatekeeper.store.journal.packing import VERSION, unpack_policy, unpack_snapshot
from gatekeeper.store.journal.past import PastDecision


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is a rule's id or "status"; `then` and `now` are facts, a reason, or None for nothing found."""

    what: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """`masked` are rules whose material was not kept, and which therefore could not be judged again."""

    differences: tuple[Difference, ...]
    masked: tuple[str, ...]
    version_differs: bool


@dataclass(frozen=True, slots=True)
class NotReplayable:
    """`why` is a code of the messages' `replay.why`; `detail` is for whoever looks after the program."""

    why: str
    detail: str = ""


def replay(decision: PastDecision) -> Replayed | NotReplayable:
    """Judge again, and compare with what was recorded."""
    if decision.masked and decision.snapshot is None:
        return NotReplayable("masked")
    if decision.snapshot is None:
        return NotReplayable("no_snapshot")
    if decision.policy is None:
        return NotReplayable("no_policy", decision.policy_revision)
    try:
        snapshot, policy = unpack_snapshot(decision.snapshot), unpack_policy(decision.policy)
    except Undecodable:
        return NotReplayable("other_version", f"{decision.version} → {VERSION}")
    granted = dict.fromkeys(waived.exemption for waived in decision.exempted)
    others = tuple(each for each in granted if each not in policy.exemptions)
    verdict = judge(snapshot, policy, decision.decided_at, others)
    masked = tuple(unjudged.rule for unjudged in verdict.not_judged if MASKED in unjudged.why)
    return Replayed(
        tuple(_differences(decision, verdict, masked)), masked, version_differs=decision.version != VERSION
    )


def _differences(decision: PastDecision, verdict: Verdict, masked: tuple[str, ...]) -> Iterator[Difference]:
    then = _found(decision)
    now = _found(verdict)
    if decision.masked:
        then, now = mask_facts(then), mask_facts(now)
    for rule in sorted(then.keys() | now.keys()):
        if rule not in masked and then.get(rule) != now.get(rule):
            yield Difference(rule, then.get(rule), now.get(rule))
    if decision.status != verdict.status and not masked:
        yield Difference("status", decision.status, verdict.status)


def _found(judged: PastDecision | Verdict) -> Mapping[str, Any]:
    """Rule -> its facts, or why it was not judged; as JSON gives it back."""
    found: dict[str, Any] = {violation.rule: dict(violation.facts) for violation in judged.violations}
    found |= {
        unjudged.rule: {"not_judged": [str(why) for why in unjudged.why]} for unjudged in judged.not_judged
    }
    whole: dict[str, Any] = json.loads(json.dumps(found))
    return whole
