"""The fault between an event and the read that follows it: the card is gone."""

from __future__ import annotations

import re

from bitrix24_sandbox import cards
from bitrix24_sandbox.events import Announcement
from bitrix24_sandbox.faults import EVENT_KINDS, Faults
from bitrix24_sandbox.options import WEBHOOK_USER
from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.schema import Kind

_OF_A_CARD = re.compile(r"ONCRM(DEAL|CONTACT|LEAD)(ADD|UPDATE)")


def delete_before_read(portal: Portal, faults: Faults, announcement: Announcement) -> None:
    """Delete the card that this event is about, where a fault says so."""
    match = _OF_A_CARD.fullmatch(announcement.event)
    if not match:
        return
    ref = (Kind(match[1].lower()), announcement.entity_id)
    if faults.meet(EVENT_KINDS, lambda fault: fault.ref in {None, ref}):
        with portal.act(WEBHOOK_USER) as act:
            cards.delete(act, *ref)
