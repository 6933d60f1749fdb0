"""What the words of `gatekeeper explain`, `replay` and `whatif` are proven with: facts as those give them."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.rules.base import Facts

AT = {"at": "12.10.2026 09:14:05"}
OF_DECISION = {"ref": "deal:662", "id": "5e6761db"}
TURN_FAILED = {**AT, "error": "crm.item.list · INTERNAL_SERVER_ERROR · HTTP 500"}
MOVED = {"from_stage_id": "EXECUTING", "to_stage_id": "NEW"}
BY_RULE = {"rule": "Товар и сумма", "flagged": 31, "released": 0}

EXPLAIN: Mapping[str, tuple[Facts, ...]] = {
    "first_seen": (AT,),
    "decided": ({**AT, "status": "некорректная", "id": "5e6761db", "revision": "49f453664932"},),
    "not_judged": ({"rule": "contact.staff_email", "why": "user.get"},),
    "responsible": ({"user": 7},),
    "mover": ({"user": 7},),
    "fine": ({"sum": "500 RUB"},),
    "stood": ({"days": 0}, {"days": 3}),
    "since": (AT,),
    "fines": ({"sum": "1500 RUB"},),
    "waits_for_turn": ({**AT, "error": ""}, TURN_FAILED),
    "dead": ({"attempts": 8, "error": "—"},),
}
ACTIONS: Mapping[str, tuple[Facts, ...]] = {
    "UpdateComment": ({"comment_id": 999},),
    "MoveStage": ({**MOVED, "mover": None}, {**MOVED, "mover": 7}),
    "SetField": ({"field": "UF_CRM_GATEKEEPER_STATUS", "value": "incorrect"},),
}
REPLAY: Mapping[str, tuple[Facts, ...]] = {
    "same": (OF_DECISION,),
    "differs": (OF_DECISION,),
    "masked": ({"rules": "contact.name, contact.phone"},),
    "version": ({"version": "0.1.0"},),
    "cannot": (
        {**OF_DECISION, "why": "снимок не хранится", "detail": ""},
        {**OF_DECISION, "why": "снимок не хранится", "detail": "0.0.1"},
    ),
}
WHATIF: Mapping[str, tuple[Facts, ...]] = {
    "judged": ({"judged": 1149, "oldest": "12.10.2026 09:14", "newest": "25.11.2026 14:02"},),
    "unjudged": ({"count": 3, "why": "masked"},),
    "rule_unjudged": ({"rule": "Дубль контакта", "count": 3},),
    "revisions": ({"before": "49f453664932", "after": "0e1b7c55a2d1"},),
    "counts": ({"flagged": 31, "released": 118, "moved": 0, "held": 31, "recorded": 0},),
    "rule": ({**BY_RULE, "recorded": 0}, {**BY_RULE, "recorded": 2}),
    "moved": ({"stage": "NEW"},),
    "recorded": ({"rules": "Дубль сделки"},),
    "more": ({"count": 1100},),
}

COMMANDS: Mapping[tuple[str, ...], tuple[Facts, ...]] = {
    **{("explain", name): facts for name, facts in EXPLAIN.items()},
    **{("explain", "actions", name): facts for name, facts in ACTIONS.items()},
    **{("replay", name): facts for name, facts in REPLAY.items()},
    **{("whatif", name): facts for name, facts in WHATIF.items()},
}
