"""A card's past in words: what was found, said and done, what stands now, and what is being waited for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any

from jinja2 import UndefinedError

from gatekeeper.messages import Messages
from gatekeeper.messages.refusals import tell_refusal
from gatekeeper.model.findings import Violation
from gatekeeper.store.journal.past import (
    Past,
    PastAction,
    PastDecision,
    PastViolation,
    Waiting,
)

SHORT_ID = 12


class Teller:
    """Speaks the messages' language, by the clock of `zone`.

    `max_attempts` is after how many failures nobody looks any more.
    """

    def __init__(self, messages: Messages, *, max_attempts: int, zone: tzinfo, now: datetime) -> None:
        self._messages = messages
        self._words = messages.words("explain")
        self._check = messages.words("check")
        self._max_attempts = max_attempts
        self._zone = zone
        self._now = now

    def tell(self, past: Past) -> str:
        lines = [f"{past.ref}", *self._beginning(past)]
        for decision in past.decisions:
            lines += ["", *self._decision(past, decision)]
        lines += [
            "",
            *(self._gone(violation) for violation in past.violations if violation.closed_why == "gone"),
        ]
        return "\n".join([*lines, *self._present(past), *self._waits_for(past)])

    def _beginning(self, past: Past) -> Iterator[str]:
        if past.first_seen_at is None:
            yield self._say("never_seen")
            return
        yield self._say("clock", offset=self._now.astimezone(self._zone).isoformat()[-6:])
        yield self._say("first_seen", at=self._time(past.first_seen_at))
        if not past.decisions:
            yield self._say("undecided")

    def _decision(self, past: Past, decision: PastDecision) -> Iterator[str]:
        status = self._check.say(f"status.{decision.status or 'none'}")
        yield self._say(
            "decided",
            at=self._time(decision.decided_at),
            status=status,
            id=decision.id[:SHORT_ID],
            revision=decision.policy_revision,
        )
        for violation in past.violations:
            if violation.opened_by == decision.id:
                yield f"  ☐ {self._violation(violation)}{self._whose(violation)}"
            if violation.closed_by == decision.id:
                yield f"  ☑ {self._title(violation.rule)}: {self._closed(violation)}"
        for spared in decision.exempted:
            why = f"{spared.exemption.id}: {spared.exemption.reason}, {spared.exemption.author}"
            yield f"  ⊘ {self._check.say('exempted')}: {self._found(spared.rule, spared.facts)} [{why}]"
        for unjudged in decision.not_judged:
            why = self._messages.unread(unjudged.why)
            yield f"  ? {self._say('not_judged', rule=self._title(unjudged.rule), why=why)}"
        if decision.let_stand is not None:
            yield f"  → {self._let_stand(decision.let_stand)}"
        yield from (f"  → {self._action(action, decision.mover_id)}" for action in decision.actions)

    def _present(self, past: Past) -> Iterator[str]:
        standing = [each for each in past.violations if each.closed_at is None]
        if not past.decisions:
            return
        yield self._say("standing" if standing else "nothing_stands")
        for violation in standing:
            facts = [
                self._say("since", at=self._time(violation.opened_at)),
                violation.mode,
                *self._grace(violation),
            ]
            yield f"  ☐ {self._violation(violation)} ({'; '.join(facts)})"
        fines: dict[str, int] = {}
        for each in past.violations:
            fines[each.currency] = fines.get(each.currency, 0) + each.owed(self._now)
        owed = ", ".join(f"{fine} {currency}" for currency, fine in fines.items() if fine)
        if owed:
            yield self._say("fines", sum=owed)

    def _waits_for(self, past: Past) -> Iterator[str]:
        waiting = past.waiting
        if waiting is None:
            standing = any(violation.closed_at is None for violation in past.violations)
            at = self._time(past.look_at) if past.look_at and past.look_at > self._now else ""
            yield self._say("waits_for_cure" if standing else "waits_for_event", at=at)
        elif waiting.leased:
            yield self._say("in_hand")
        elif waiting.attempts >= self._max_attempts:
            yield self._say("dead", attempts=waiting.attempts, error=self._error(waiting) or "—")
        else:
            yield self._say("waits_for_turn", at=self._time(waiting.not_before), error=self._error(waiting))

    def _error(self, waiting: Waiting) -> str:
        return tell_refusal(self._messages.language, waiting.last_error or "")

    def _violation(self, violation: PastViolation) -> str:
        return self._found(violation.rule, violation.facts)

    def _found(self, rule: str, facts: Mapping[str, Any]) -> str:
        """What it said; the bare facts where this version has no such words or they were masked."""
        try:
            return self._messages.render_violation(Violation(rule, facts), markup=False)
        except (KeyError, ValueError, TypeError, UndefinedError):
            return f"{self._title(rule)} — {json.dumps(facts, ensure_ascii=False)}"

    def _title(self, rule: str) -> str:
        try:
            return self._messages.title(rule)
        except KeyError:
            return rule

    def _whose(self, violation: PastViolation) -> str:
        parts = [self._say("responsible", user=violation.responsible_id)]
        if violation.mover_id:
            parts.append(self._say("mover", user=violation.mover_id))
        parts += self._grace(violation)
        if violation.fine and violation.is_counted(self._now):
            parts.append(self._say("fine", sum=f"{violation.fine} {violation.currency}"))
        return f" ({', '.join(parts)})"

    def _closed(self, violation: PastViolation) -> str:
        days = (violation.closed_at - violation.opened_at).days if violation.closed_at else 0
        why = self._words.known(f"closed.{violation.closed_why}", str(violation.closed_why))
        facts = [self._say("stood", days=days)]
        if not violation.is_counted(self._now):
            facts.append(self._say("in_time"))
        return f"{why} ({'; '.join(facts)})"

    def _grace(self, violation: PastViolation) -> list[str]:
        """Until when it does not count, or did not as long as it stood."""
        if violation.due_at is None or violation.is_counted(self._now):
            return []
        return [self._say("grace", at=self._time(violation.due_at))]

    def _let_stand(self, revert: Mapping[str, Any]) -> str:
        why = self._words.known(f"left.{revert['left']}", revert["left"])
        stages = {name: revert[name] for name in ("from_stage_id", "to_stage_id")}
        return self._say("let_stand", **stages, why=why)

    def _gone(self, violation: PastViolation) -> str:
        at = self._time(violation.closed_at) if violation.closed_at else ""
        return f"{at} ☑ {self._title(violation.rule)}: {self._closed(violation)}"

    def _action(self, action: PastAction, mover_id: int | None) -> str:
        done = self._done(action, mover_id)
        result, _, why = (action.result or "unknown").partition(": ")
        outcome = self._words.known(f"results.{result}", result)
        told = f" ({tell_refusal(self._messages.language, why)})" if why else ""
        return f"{done}: {outcome}{told}"

    def _done(self, action: PastAction, mover_id: int | None) -> str:
        try:
            return self._say(f"actions.{action.name}", **action.body, mover=mover_id)
        except KeyError:  # another version's
            return action.name

    def _say(self, name: str, **facts: Any) -> str:
        return self._words.say(name, **facts)

    def _time(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).strftime(self._words.formatter.second)


def as_json(past: Past) -> dict[str, Any]:
    """The same for a program: times in ISO 8601, people and decisions by id."""
    decisions = [
        {name: value for name, value in asdict(decision).items() if name not in {"snapshot", "policy", "ref"}}
        for decision in past.decisions
    ]
    whole = {
        "ref": str(past.ref),
        "first_seen_at": past.first_seen_at,
        "read_at": past.read_at,
        "look_at": past.look_at,
        "decisions": decisions,
        "violations": [asdict(violation) for violation in past.violations],
        "waiting": asdict(past.waiting) if past.waiting else None,
    }
    plain: dict[str, Any] = _plain(whole)
    return plain


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
