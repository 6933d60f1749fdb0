"""What the callers of the control API write: references, times, raw fields."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from bitrix24_sandbox import cards
from bitrix24_sandbox.dialects import SKIP, parse_item, store_value
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Field, Kind
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import parse_time

_BESIDE_THE_FIELDS = {"contactIds": "CONTACT_IDS", "fm": "FM"}


class ControlError(ValueError):
    """The caller's mistake, told as {"error": …}."""

    def __init__(self, what: str, status: int = 400) -> None:
        self.status = status
        super().__init__(what)


def parse_ref(text: Any) -> tuple[Kind, int]:
    kind, _, number = str(text).partition(":")
    if kind not in set(Kind) or not number.isdecimal():
        raise ControlError(f"{text!r} is no reference such as deal:41")
    return Kind(kind), int(number)


def find_card(act: Act, ref: Any) -> tuple[Kind, Row]:
    """Find the card that "deal:41" means."""
    kind, number = parse_ref(ref)
    row = cards.find(act, kind, number)
    if row is None:
        raise ControlError(f"there is no {ref}", 404)
    return kind, row


def read_float(body: Mapping[str, Any], name: str, default: float) -> float:
    try:
        number = float(body.get(name, default))
    except (TypeError, ValueError) as wrong:
        raise ControlError(f"{name} is no number") from wrong
    if not isfinite(number):
        raise ControlError(f"{name} is no number")
    return number


def read_int(body: Mapping[str, Any], name: str, default: int) -> int:
    try:
        return int(body.get(name, default))
    except (TypeError, ValueError) as wrong:
        raise ControlError(f"{name} is no number") from wrong


def read_time(act: Act, body: Mapping[str, Any], name: str) -> int | None:
    """UTC seconds, None where nothing is given; without an offset the portal's counts."""
    if body.get(name) is None:
        return None
    seconds = parse_time(str(body[name]), act.offset)
    if seconds is None:
        raise ControlError(f"{name} is no time")
    return seconds


def raw_values(act: Act, kind: Kind, given: Any) -> Row:
    """Fields under either name, read-only ones and unknown choices too."""
    if not isinstance(given, Mapping):
        raise ControlError("fields must be an object")
    catalogue = act.store.catalogue(kind)
    beside = {name: value for name, value in given.items() if name in _BESIDE_THE_FIELDS}
    values = parse_item(catalogue, beside, act.offset, original_uf=False)
    for name, value in given.items():
        if name not in beside:
            field = catalogue.by_name(name, original_uf=False) or catalogue.by_code(name)
            if field is None or field.code == "ID":
                raise ControlError(f"a {kind} has no field {name} to write")
            values[field.code] = _raw(act, field, value)
    return values


def _raw(act: Act, field: Field, value: Any) -> Any:
    if field.type == "enumeration" and not field.multiple:
        return value
    stored = store_value(field, value, act.offset)
    if stored is SKIP:
        raise ControlError(f"{field.name} cannot hold that")
    return stored
