"""Turning a lead into a client's card and a deal, as the portal's own button does."""

from __future__ import annotations

from bitrix24_sandbox import cards, dictionaries
from bitrix24_sandbox.communications import MultifieldChange, multifields
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.required import check_required
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row

_NAMES = ("LAST_NAME", "NAME", "SECOND_NAME", "BIRTHDATE")


def convert(act: Act, lead: Row) -> int:
    """Give the new deal's id; the lead goes to its success stage, a contact that it has already is kept."""
    contact_ids = cards.contact_ids(act, Kind.LEAD, lead["ID"]) or [_contact_of(act, lead)]
    values = {"TITLE": lead["TITLE"], "LEAD_ID": lead["ID"], "CONTACT_IDS": contact_ids}
    check_required(act, Kind.DEAL, {}, values)
    deal_id = cards.add(act, Kind.DEAL, values | {"ASSIGNED_BY_ID": lead["ASSIGNED_BY_ID"]})
    stages = dictionaries.stages(act.store, Kind.LEAD, 0).values()
    success = next(stage.id for stage in stages if stage.semantics == "S")
    cards.update(act, Kind.LEAD, lead, {"STATUS_ID": success, "CONTACT_IDS": contact_ids})
    return deal_id


def _contact_of(act: Act, lead: Row) -> int:
    found = multifields(act.store, Kind.LEAD, [lead["ID"]]).get(lead["ID"], [])
    names = {code: lead[code] for code in _NAMES}
    if not (names["NAME"] or names["LAST_NAME"]):
        names["NAME"] = lead["TITLE"]
    beside = {
        "LEAD_ID": lead["ID"],
        "ASSIGNED_BY_ID": lead["ASSIGNED_BY_ID"],
        "FM": [MultifieldChange(row["type_id"], row["value_type"], row["value"]) for row in found],
    }
    return cards.add(act, Kind.CONTACT, names | beside)
