"""From an item, as a list shows it, to the Imprint by which a later glance is compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from gatekeeper.model.imprint import Imprint
from gatekeeper.portal.wire.forms import a_moment
from gatekeeper.portal.wire.items import Item, read_text

STAMP = "updatedTime"
VOLATILE = frozenset({STAMP, "updatedBy"})
OF_ACTIVITIES = ("lastActivity", "lastCommunication")
"""These and their kin move with every note of ours, which changes nothing in the item (contract 3.11)."""
FRESH = timedelta(seconds=2)
"""A stamp tells whole seconds, and the portal has several servers."""


def imprint_of(
    item: Item, row_sums: Iterable[Decimal], status_names: Sequence[str], read_at: datetime | None
) -> Imprint:
    """`read_at` is the portal's time before the item was read; None where it is not known."""
    fields = {
        name: value
        for name, value in item.row.items()
        if name not in VOLATILE and name not in status_names and not name.startswith(OF_ACTIVITIES)
    }
    return Imprint(
        fields=_digest(json.dumps(fields, sort_keys=True, default=str)),
        rows=rows_digest(row_sums),
        stamp=_stamp(item, read_at),
        status=read_text(item.row, status_names) or "",
    )


def rows_digest(row_sums: Iterable[Decimal]) -> str:
    return _digest(" ".join(sorted(str(each.normalize()) for each in row_sums)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _stamp(item: Item, read_at: datetime | None) -> str:
    stamp = item.row.get(STAMP)
    try:
        is_old = read_at is not None and a_moment(stamp) <= read_at - FRESH
    except ValueError:
        return ""
    return str(stamp) if is_old else ""
