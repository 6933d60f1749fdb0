"""Phones and e-mails of a card as typed, and how the duplicate search folds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row, Store

TYPES = ("PHONE", "EMAIL", "WEB", "IM", "LINK")
_FLAGS = {"HAS_PHONE": "PHONE", "HAS_EMAIL": "EMAIL", "HAS_IMOL": "IM"}
_MAX_LENGTH = 250
MATCHES_PER_VALUE = 20
SEARCH_ORDER = (Kind.LEAD, Kind.CONTACT)


@dataclass(frozen=True, slots=True)
class MultifieldChange:
    """Adds without an id; with one it edits, or deletes where `value` is empty."""

    type_id: str
    value_type: str
    value: str
    id: int | None = None


def apply_multifields(store: Store, kind: Kind, card_id: int, changes: Iterable[MultifieldChange]) -> bool:
    """Whether anything differs afterwards."""
    if not kind.has_multifields:
        return False
    done = [_apply(store, kind, card_id, change) for change in changes]
    if any(done):
        types = {each["type_id"] for each in multifields(store, kind, [card_id]).get(card_id, [])}
        store.update(kind, card_id, {flag: "Y" if of in types else "N" for flag, of in _FLAGS.items()})
    return any(done)


def multifields(store: Store, kind: Kind, card_ids: Sequence[int]) -> dict[int, list[Row]]:
    """Of several cards at once, by card."""
    found: dict[int, list[Row]] = {}
    marks = ", ".join("?" * len(card_ids))
    sql = f"SELECT * FROM multifield WHERE kind = ? AND owner_id IN ({marks}) ORDER BY id"  # noqa: S608
    for row in store.rows(sql, [kind, *card_ids]):
        found.setdefault(row["owner_id"], []).append(row)
    return found


def find_by_communication(
    store: Store, type_id: str, values: Sequence[str], kinds: Sequence[Kind]
) -> dict[Kind, list[int]]:
    """Ids of the cards that share a folded value.

    Once one kind reaches the cap the kinds after it are not looked at any more, as on the portal.
    """
    found: dict[Kind, list[int]] = {}
    for value in values:
        folded = fold(type_id, value)
        for kind in kinds:
            ids = (
                [
                    row["owner_id"]
                    for row in store.rows(
                        "SELECT DISTINCT owner_id FROM multifield "
                        "WHERE type_id = ? AND folded = ? AND kind = ? "
                        "ORDER BY owner_id LIMIT ?",
                        [type_id, folded, kind, MATCHES_PER_VALUE],
                    )
                ]
                if folded
                else []
            )
            if ids:
                found[kind] = list(dict.fromkeys([*found.get(kind, []), *ids]))
            if len(ids) >= MATCHES_PER_VALUE:
                break
    return found


def fold(type_id: str, value: str) -> str:
    return fold_phone(value) if type_id == "PHONE" else value.strip().lower()


def fold_phone(value: str) -> str:
    """Digits as the portal's duplicate index keeps them.

    >>> fold_phone("8 (903) 123-45-67"), fold_phone("+79031234567;12"), fold_phone("9031234567")
    ('79031234567', '79031234567', '9031234567')
    >>> fold_phone("8 800 555-35-35"), fold_phone("007 903 123 45 67")
    ('78005553535', '79031234567')
    """
    digits = re.sub(r"\D", "", re.split(r"[;#]", value)[0])
    if len(digits) >= 10 and digits[0] == "8" and digits[1] not in "012":
        return "7" + digits[1:]
    for prefix in ("00", "011", "0"):
        if digits.startswith(prefix):
            return digits.removeprefix(prefix)
    return digits


def _apply(store: Store, kind: Kind, card_id: int, change: MultifieldChange) -> bool:
    value = change.value[:_MAX_LENGTH]
    if change.id is None:
        if value:
            store.insert(
                "multifield",
                {
                    "kind": kind,
                    "owner_id": card_id,
                    "type_id": change.type_id,
                    "value_type": change.value_type,
                    "value": value,
                    "folded": fold(change.type_id, value),
                },
            )
        return bool(value)
    row = store.row(
        "SELECT * FROM multifield WHERE id = ? AND kind = ? AND owner_id = ?", [change.id, kind, card_id]
    )
    if row is None:
        return False
    if not value:
        store.execute("DELETE FROM multifield WHERE id = ?", [change.id])
        return True
    after = {
        "value": value,
        "value_type": change.value_type or row["value_type"],
        "folded": fold(row["type_id"], value),
    }
    store.update("multifield", change.id, after)
    return any(row[name] != each for name, each in after.items())
