"""One config as far as it decides anything: judging and planning under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gatekeeper.enforcement import Enforcement, Plan, plan
from gatekeeper.enforcement.settings import SPOKEN, Circumstances
from gatekeeper.judge.modes import mode_of
from gatekeeper.judge.policy import Mode, Policy
from gatekeeper.judge.verdict import Verdict, judge
from gatekeeper.messages import Messages
from gatekeeper.model.cards import Snapshot
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.history import History


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two configs, as far as it decides anything."""

    policy: Policy
    enforcement: Enforcement
    messages: Messages
    granted: tuple[Exemption, ...] = ()

    def judge_and_plan(self, snapshot: Snapshot, history: History, now: datetime) -> tuple[Verdict, Plan]:
        """What is against the card, and what would be done and remembered."""
        verdict = judge(snapshot, self.policy, now, self.granted)
        return verdict, plan(verdict, snapshot, history, self.policy, self.enforcement, self.messages, now)

    def wet(self) -> Side:
        """The same, were it no dry run."""
        return replace(self, enforcement=replace(self.enforcement, dry_run=False))

    def around(self, circumstances: Circumstances) -> Side:
        """The same for a move back, in the circumstances under which it would be made."""
        return replace(self, enforcement=replace(self.enforcement, around=circumstances))

    def spoken(self, snapshot: Snapshot, planned: Plan) -> tuple[str, ...]:
        """Rules that the card would speak of."""
        return self._open_in(snapshot, planned, *SPOKEN)

    def blocks(self, snapshot: Snapshot, planned: Plan) -> bool:
        """Whether the deal could not go on."""
        return bool(self._open_in(snapshot, planned, Mode.REVERT))

    def recorded(self, snapshot: Snapshot, planned: Plan) -> tuple[str, ...]:
        """Rules that only the journal would know of."""
        return self._open_in(snapshot, planned, Mode.OBSERVE)

    def _open_in(self, snapshot: Snapshot, planned: Plan, *modes: Mode) -> tuple[str, ...]:
        standing = (violation.rule for violation in planned.history.open)
        return tuple(rule for rule in standing if mode_of(self.policy, rule, snapshot) in modes)
