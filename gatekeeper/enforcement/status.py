"""The deal's status in the field that the admin keeps for it."""

from __future__ import annotations

from gatekeeper.enforcement.actions import SetField
from gatekeeper.model import DealSnapshot, Snapshot
from gatekeeper.policy import Policy
from gatekeeper.verdict import Verdict


def plan_status(verdict: Verdict, snapshot: Snapshot, policy: Policy) -> SetField | None:
    """Only on change, and only where it is known: a field that cannot be read is not written blindly."""
    field = policy.fields.status
    if field is None or verdict.status is None or not isinstance(snapshot, DealSnapshot):
        return None
    if snapshot.status is None or snapshot.status == verdict.status.value:
        return None
    return SetField(snapshot.ref, field, verdict.status.value)
