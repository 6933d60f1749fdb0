"""How the portal answers with what hangs on a card: comments, product rows, the stage history.

Every row names its owner, so that answers which a batch mixed up are found out (contract 3.7, 5, 7.1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from gatekeeper.model.cards import Comment, StageEntry
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.signature import Signer, is_whole
from gatekeeper.portal.wire.cards import CREATED, ENTITY_TYPE
from gatekeeper.portal.wire.forms import (
    UNSET,
    Keyed,
    a_code,
    a_count,
    a_moment,
    a_number,
    a_raw_text,
    agree,
    an_amount,
    an_id,
    part,
    read_row,
    read_rows,
    told,
)

CARD_OF_TYPE = {number: kind for kind, number in ENTITY_TYPE.items()}
CARD_OF_NAME = {kind.value: kind for kind in ENTITY_TYPE}


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment of the timeline. Its text may be "", where it only carries files."""

    id: int = told("ID", an_id, "7.1")
    owner_kind: str = told("ENTITY_TYPE", a_code, "7.1")
    owner_id: int = told("ENTITY_ID", a_count, "7.1")
    created_at: datetime = told("CREATED", a_moment, "7.1")
    text: str = told("COMMENT", a_raw_text, "7.1")
    author_id: int = told("AUTHOR_ID", a_count, "7.1")

    def hangs_on(self, ref: EntityRef) -> bool:
        return (self.owner_kind.lower(), self.owner_id) == (ref.kind.value, ref.id)

    def comment(self, signer: Signer) -> Comment:
        signed_for = signer.card_of(self.text, self.author_id, self.created_at)
        return Comment(self.id, self.author_id, self.created_at, self.text, signed_for)

    def is_untouched_note(self, signer: Signer) -> bool:
        """Tell whether it is ours as we wrote it: an event of it is the echo of our own write."""
        return self.comment(signer).signed_for is not None and is_whole(self.text)


@dataclass(frozen=True, slots=True)
class ProductRow:
    id: int = told("id", an_id, "3.7")
    owner_id: int = told("ownerId", an_id, "3.7")
    owner_type: str = told("ownerType", a_code, "3.7")
    price: Decimal = told("price", an_amount, "3.7")
    quantity: Decimal = told("quantity", an_amount, "3.7")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One entry of the stage history: numbers now, texts on older portals."""

    id: int = told("ID", an_id, "5")
    type_id: int = told("TYPE_ID", a_number, "5")
    owner_id: int = told("OWNER_ID", an_id, "5")
    pipeline_id: int = told("CATEGORY_ID", a_count, "5")
    stage_id: str = told("STAGE_ID", a_code, "5")
    entered_at: datetime = told("CREATED_TIME", a_moment, "5")

    def entry(self) -> StageEntry:
        return StageEntry(self.stage_id, self.pipeline_id, self.entered_at, self.type_id == CREATED)


@dataclass(frozen=True, slots=True)
class Binding:
    """What an activity hangs on, by its main owner; unset for one that hangs on nothing."""

    owner_type: int = told("OWNER_TYPE_ID", a_count, "7.3", empty=UNSET, means=0)
    owner_id: int = told("OWNER_ID", a_count, "7.3", empty=UNSET, means=0)


def comments_parser(ref: EntityRef, signer: Signer) -> Callable[[Any], Keyed]:
    def parse(result: Any) -> Keyed:
        rows = read_rows(CommentRow, result)
        agree("ENTITY_ID", yes=all(row.hangs_on(ref) for row in rows))
        return tuple((row.id, row.comment(signer)) for row in rows)

    return parse


def product_rows_parser(ref: EntityRef) -> Callable[[Any], Keyed]:
    """What each row comes to: its price by its quantity."""

    def parse(result: Any) -> Keyed:
        rows = read_rows(ProductRow, part(result, "productRows"))
        agree("ownerId", yes=all((row.owner_type, row.owner_id) == ("D", ref.id) for row in rows))
        return tuple((row.id, row.price * row.quantity) for row in rows)

    return parse


def history_parser(deals: Collection[int]) -> Callable[[Any], Keyed]:
    def parse(result: Any) -> Keyed:
        rows = read_rows(HistoryRow, part(result, "items"))
        agree("OWNER_ID", yes=all(row.owner_id in deals for row in rows))
        return tuple((row.id, row) for row in sorted(rows, key=lambda row: row.id))

    return parse


def pointer_parser(ref: EntityRef, signer: Signer) -> Callable[[Any], tuple[EntityRef, ...]]:
    """The cards that a comment or an activity hangs on; () for other owners, and for our untouched notes."""
    return (lambda row: _of_comment(ref, row, signer)) if ref.kind is Kind.COMMENT else owners_of_activity


def _of_comment(ref: EntityRef, row: Any, signer: Signer) -> tuple[EntityRef, ...]:
    found = read_row(CommentRow, row)
    agree("ID", yes=found.id == ref.id)
    kind = CARD_OF_NAME.get(found.owner_kind.lower())
    if kind is None or not found.owner_id or found.is_untouched_note(signer):
        return ()
    return (EntityRef(kind, found.owner_id),)


def owners_of_activity(row: Any) -> tuple[EntityRef, ...]:
    """Its main owner; () where that is no card of ours."""
    found = read_row(Binding, row)
    kind = CARD_OF_TYPE.get(found.owner_type)
    return (EntityRef(kind, found.owner_id),) if kind and found.owner_id else ()
