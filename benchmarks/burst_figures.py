"""What a burst was: the requests in the portal's own log, and what then stands in the cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.burst_cards import MadeCard
from bitrix24_sandbox.testing import Bitrix24Portal, LoggedHit
from gatekeeper.model.refs import EntityRef, Kind

OWNER = 1
NOTES = {"crm.timeline.comment.add", "crm.timeline.comment.update"}


@dataclass(frozen=True, slots=True)
class Requests:
    """What the portal was asked for. `last_note_at` is the portal's time; None where no note was written."""

    hits: int
    hits_to_last_note: int
    last_note_at: float | None
    refused_hits: int
    commands: int
    commands_by_method: dict[str, int]
    hits_by_commands: dict[str, int]


@dataclass(frozen=True, slots=True)
class Effects:
    """What became of the cards, so that no run is cheap because it did less."""

    to_be_told: int
    told: int
    told_wrongly: int
    notes: int
    statuses: int
    to_be_moved_back: int
    moved_back: int

    @property
    def are_whole(self) -> bool:
        """Whether each broken card has its note, no other has one, and all that had to move did."""
        told = (self.told, self.told_wrongly, self.notes) == (self.to_be_told, 0, self.to_be_told)
        return told and self.moved_back == self.to_be_moved_back


def requests_of(hits: Sequence[LoggedHit]) -> Requests:
    commands = Counter(command.method for hit in hits for command in hit.commands)
    last = max((place for place, hit in enumerate(hits) if _writes_note(hit)), default=None)
    return Requests(
        hits=len(hits),
        hits_to_last_note=0 if last is None else last + 1,
        last_note_at=None if last is None else hits[last].at,
        refused_hits=sum(hit.status != 200 for hit in hits),
        commands=commands.total(),
        commands_by_method=dict(commands.most_common()),
        hits_by_commands=dict(Counter(_load_of(hit) for hit in hits).most_common()),
    )


def _writes_note(hit: LoggedHit) -> bool:
    return any(command.method in NOTES for command in hit.commands)


def _load_of(hit: LoggedHit) -> str:
    """Name a hit by the methods that it carries."""
    return " + ".join(sorted({command.method for command in hit.commands})) or hit.method


def effects_on(portal: Bitrix24Portal, cards: Sequence[MadeCard]) -> Effects:
    notes = _notes_by_card(portal)
    wanted = {card.told for card in cards if card.told}
    deals = {card: _deal_row(portal, card) for card in cards}
    moved_on = [card for card in cards if card.way == "moved_on"]
    return Effects(
        to_be_told=len(wanted),
        told=len(wanted & notes.keys()),
        told_wrongly=len(notes.keys() - wanted),
        notes=notes.total(),
        statuses=sum(bool(deal["ufCrmGatekeeperStatus"]) for deal in deals.values()),
        to_be_moved_back=len(moved_on),
        moved_back=sum(deals[card]["stageId"] == "NEW" for card in moved_on),
    )


def _notes_by_card(portal: Bitrix24Portal) -> Counter[EntityRef]:
    """Count the notes of the webhook's owner; no manager of a burst acts as that user."""
    query = "SELECT kind, owner_id FROM timeline WHERE type = 'comment' AND author_id = ?"
    rows = portal.sandbox.portal.store.rows(query, (OWNER,))
    return Counter(EntityRef(Kind(row["kind"]), row["owner_id"]) for row in rows)


def _deal_row(portal: Bitrix24Portal, card: MadeCard) -> dict[str, Any]:
    row: dict[str, Any] = portal.call("crm.item.get", entityTypeId=2, id=card.deal.id)["item"]
    return row
