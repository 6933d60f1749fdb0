"""Erase the reasons of exemptions: free text that may name the person whom `forget` erases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, and_, select, update

from gatekeeper.model.errors import Undecodable
from gatekeeper.model.refs import EntityRef
from gatekeeper.store.exemptions import exemption_table
from gatekeeper.store.journal.masking import MASK
from gatekeeper.store.journal.packing import pack_policy, unpack_policy
from gatekeeper.store.journal.tables import policy_table
from gatekeeper.store.keys import among


def without_reason(exemption: Mapping[str, Any]) -> dict[str, Any]:
    """Mask the reason if it is about one card: it may name the client. Any other is a department's."""
    return {**exemption, "reason": MASK} if exemption["entity"] else dict(exemption)


def erase_reasons(conn: Connection, ref: EntityRef) -> int:
    table = exemption_table
    here = and_(among(table, [ref]), table.c.reason != MASK)
    return conn.execute(update(table).where(here).values(reason=MASK)).rowcount


def erase_reasons_kept(conn: Connection, cards: Collection[EntityRef]) -> int:
    """Mask the reasons in stored policies, which judge as before. The config file itself is the admin's.

    Skip a policy that this version cannot read: its release had no exemptions of single cards.
    """
    changed = 0
    for revision, body in conn.execute(select(policy_table.c.revision, policy_table.c.body)).all():
        try:
            policy = unpack_policy(body)
        except Undecodable:
            continue
        kept = tuple(
            replace(each, reason=MASK) if each.entity in cards else each for each in policy.exemptions
        )
        if kept != policy.exemptions:
            values = {"body": pack_policy(replace(policy, exemptions=kept))}
            conn.execute(update(policy_table).where(policy_table.c.revision == revision).values(values))
            changed += 1
    return changed
