"""What the words of the commands are proven with: facts like theirs."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.model.findings import Facts

AT = {"at": "12.10.2026 09:14:05"}
OF_DECISION = {"ref": "deal:662", "id": "5e6761db"}
TURN_FAILED = {**AT, "error": "crm.item.list · INTERNAL_SERVER_ERROR · HTTP 500"}
MOVED = {"from_stage_id": "EXECUTING", "to_stage_id": "NEW"}
REFUSAL = "crm.item.get · NOT_FOUND · HTTP 400"
ROWS = "decision 12, action 7"
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
    "CloseNotes": ({"comment_ids": [999, 1000]},),
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
    "no_card": ({"value": "deal662"},),
    "no_such_card": ({"value": "deal:662"},),
    "unseen": ({"value": "deal:662", "why": REFUSAL},),
    "no_day": ({"value": "31.12.2026"},),
    "no_line": ({"longest": 64},),
}
UNREAD: Mapping[str, tuple[Facts, ...]] = {
    name: ({"detail": REFUSAL},) for name in ("gone", "hidden", "locked", "scope", "later", "refused")
}
BREAKER: Mapping[str, tuple[Facts, ...]] = {
    "closed": ({"counted": 3, "limit": 30, "minutes": 10},),
    "open": ({"at": "12.10.2026 09:14"},),
}
DEAD: Mapping[str, tuple[Facts, ...]] = {
    "letter": ({"ref": "deal:662", "attempts": 8, "since": "12.10.2026 09:14", "error": REFUSAL},),
    "retried": ({"count": 2},),
    "not_dead": ({"count": 1},),
}
AUDIT: Mapping[str, tuple[Facts, ...]] = {
    "stopped": ({"why": REFUSAL},),
    "unread": ({"count": 0},),
    "amiss": ({"count": 61},),
    "amiss_marked": ({"count": 61},),
}
STORAGE: Mapping[str, tuple[Facts, ...]] = {
    "written": ({"file": "gatekeeper.backup", "rows": ROWS},),
    "restored": ({"rows": ROWS},),
    "pruned": ({"rows": ROWS},),
    "to_erase": ({"cards": "contact:84, deal:41"},),
    "forgotten": ({"ref": "contact:84", "rows": ROWS},),
    "unknown": ({"ref": "contact:84"},),
    "in_config": ({"id": "config:migration", "entity": "deal:41"},),
}
REFUSED: Mapping[str, tuple[Facts, ...]] = {
    "exists": ({"file": "gatekeeper.backup"},),
    "unwritable": ({"file": "gatekeeper.backup", "why": "No space left on device"},),
    "not_empty": ({"tables": "inbox, decision"},),
    "damaged": ({"why": "row 3 missing from index"},),
    "no_backup": ({"file": "gatekeeper.backup"},),
    "newer": ({"file": "gatekeeper.backup", "revision": "0042"},),
    "unreleased": ({"file": "gatekeeper.backup", "revision": "0011"},),
}

ASKED = {"method": "crm.item.list"}
WHY: Mapping[str, tuple[Facts, ...]] = {
    "absent": ({"field": "leadId"},),
    "form": ({"field": "leadId"},),
    "contradiction": ({"field": "stageId"},),
    "no_scope": ({**ASKED, "scope": "crm"},),
    "denied": (ASKED,),
    "refused": ({**ASKED, "reason": ""}, {**ASKED, "reason": "INVALID_ARG_VALUE"}),
    "no_answer": ({**ASKED, "reason": ""}, {**ASKED, "reason": "OVERLOAD_LIMIT"}),
    "no_field": ({"field": "UF_CRM_PRODUCT_GROUP"},),
    "no_call": ({"activity": "20"},),
    "no_contact": ({"contact": "84", "reason": "ACCESS_DENIED"},),
}

COMMANDS: Mapping[tuple[str, ...], tuple[Facts, ...]] = {
    **{("unread", name): facts for name, facts in WHY.items()},
    **{("explain", name): facts for name, facts in EXPLAIN.items()},
    **{("explain", "actions", name): facts for name, facts in ACTIONS.items()},
    **{("replay", name): facts for name, facts in REPLAY.items()},
    **{("whatif", name): facts for name, facts in WHATIF.items()},
    **{("exempt", name): facts for name, facts in EXEMPT.items()},
    **{("check", "unread", name): facts for name, facts in UNREAD.items()},
    **{("breaker", name): facts for name, facts in BREAKER.items()},
    **{("dead", name): facts for name, facts in DEAD.items()},
    **{("audit", name): facts for name, facts in AUDIT.items()},
    **{("storage", name): facts for name, facts in STORAGE.items()},
    **{("storage", "refused", name): facts for name, facts in REFUSED.items()},
}
