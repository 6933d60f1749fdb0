"""What the words of `gatekeeper explain`, `replay`, `whatif`, `exempt` are proven with: facts like theirs."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.rules.base import Facts

AT = {"at": "12.10.2026 09:14:05"}
OF_DECISION = {"ref": "deal:662", "id": "5e6761db"}
TURN_FAILED = {**AT, "error": "crm.item.list · INTERNAL_SERVER_ERROR · HTTP 500"}
MOVED = {"from_stage_id": "EXECUTING", "to_stage_id": "NEW"}
BY_RULE = {"rule": "Товар и сумма", "flagged": 31, "released": 0}

EXPLAIN: Mapping[str, tuple[Facts, ...]] = {
    "clock": ({"offset": "+03:00"},),
    "first_seen": (AT,),
    "decided": ({**AT, "status": "некорректная", "id": "5e6761db", "revision": "49f453664932"},),
    "not_judged": ({"rule": "contact.staff_email", "why": "user.get"},),
    "responsible": ({"user": 7},),
    "mover": ({"user": 7},),
    "fine": ({"sum": "500 RUB"},),
    "grace": (AT,),
    "let_stand": ({**MOVED, "why": "возвраты были остановлены"},),
    "stood": ({"days": 0}, {"days": 3}),
    "since": (AT,),
    "fines": ({"sum": "1500 RUB"},),
    "waits_for_cure": (AT, {"at": ""}),
    "waits_for_event": (AT, {"at": ""}),
    "waits_for_turn": ({**AT, "error": ""}, TURN_FAILED),
    "dead": ({"attempts": 8, "error": "—"},),
}
ACTIONS: Mapping[str, tuple[Facts, ...]] = {
    "UpdateComment": ({"comment_id": 999},),
    "MoveStage": ({**MOVED, "mover": None}, {**MOVED, "mover": 7}),
    "Notify": ({"to": [2, 7]},),
    "SetField": (
        {"field": "UF_CRM_GATEKEEPER_STATUS", "value": "incorrect"},
        {"field": "UF_CRM_GATEKEEPER_STATUS", "value": ""},
    ),
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

EXEMPT: Mapping[str, tuple[Facts, ...]] = {
    "granted": ({"id": "12", "what": "правило deal.lead · бессрочно · Анна: перенос", "cards": 3},),
    "removed": ({"id": "12", "cards": 3},),
    "unknown": ({"id": "12"},),
    "in_config": ({"id": "config:migration"},),
    "entity": ({"value": "deal:662"},),
    "rule": ({"value": "deal.lead"},),
    "part": ({"value": "second_name"},),
    "pipeline": ({"value": 1},),
    "source": ({"value": "WEB"},),
    "user": ({"value": 7},),
    "until": ({"value": "2026-12-31"},),
    "covers": ({"cards": 3},),
    "gone": ({"author": "Анна Соколова"},),
}

COMMANDS: Mapping[tuple[str, ...], tuple[Facts, ...]] = {
    **{("explain", name): facts for name, facts in EXPLAIN.items()},
    **{("explain", "actions", name): facts for name, facts in ACTIONS.items()},
    **{("replay", name): facts for name, facts in REPLAY.items()},
    **{("whatif", name): facts for name, facts in WHATIF.items()},
    **{("exempt", name): facts for name, facts in EXEMPT.items()},
}
