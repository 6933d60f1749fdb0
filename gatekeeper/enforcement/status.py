"""The deal's status in the field that the admin keeps for it."""

from __future__ import annotations

from gatekeeper.enforcement.actions import SetField
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.verdict import Verdict
from gatekeeper.model.cards import DealSnapshot, Snapshot


def plan_status(verdict: Verdict, snapshot: Snapshot, policy: Policy) -> SetField | None:
    """Only on change, and only where it is known: a field that cannot be read is not written blindly.

    A closed deal has no status, so its field is emptied.
    """
    field = policy.fields.status
    if field is None or not isinstance(snapshot, DealSnapshot):
        return None
    closed = snapshot.stage is not None and snapshot.stage.is_final
    wanted = "" if closed else verdict.status
    if wanted is None or snapshot.status is None or snapshot.status == wanted:
        return None
    return SetField(snapshot.ref, field, str(wanted))
