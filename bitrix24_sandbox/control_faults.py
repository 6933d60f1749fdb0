"""Faults as the callers of the control API write them."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from bitrix24_sandbox.control_input import ControlError, parse_ref
from bitrix24_sandbox.faults import HOWS, KINDS, Fault
from bitrix24_sandbox.options import KNOWN_SCOPES

_KNOWN = {field.name for field in fields(Fault)}


def parse_fault(body: dict[str, Any]) -> Fault:
    """Refuse every mistake: a test whose fault never strikes proves nothing."""
    unknown = sorted(set(body) - _KNOWN)
    if unknown:
        raise ControlError(f"a fault has no {unknown[0]}; it has {', '.join(sorted(_KNOWN))}")
    kind = str(body.get("kind"))
    if kind not in KINDS:
        raise ControlError(f"there is no fault {kind}; there are {', '.join(sorted(KINDS))}")
    if kind == "scope" and body.get("scope") not in KNOWN_SCOPES:
        raise ControlError(f"scope must be one of {', '.join(KNOWN_SCOPES)}")
    if kind == "hidden" and "ref" not in body:
        raise ControlError("hidden needs a ref")
    values = dict(body) | {"kind": kind, "how": _how(kind, body.get("how"))}
    if body.get("method") is not None:
        values["method"] = str(body["method"]).lower()
    if body.get("ref") is not None:
        values["ref"] = parse_ref(body["ref"])
    return Fault(**values)


def _how(kind: str, given: Any) -> str:
    ways = HOWS.get(kind, ("",))
    how = str(given or ways[0])
    if how not in ways:
        raise ControlError(f"{kind} knows no way {how}; it knows {', '.join(ways)}")
    return how


def render_fault(fault: Fault) -> dict[str, Any]:
    rendered = asdict(fault)
    return rendered | {"ref": f"{fault.ref[0]}:{fault.ref[1]}" if fault.ref else None}
