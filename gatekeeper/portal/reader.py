"""EntityRefs in, Snapshots out: a whole wave in a few rounds of batches.

Round one asks for the items and for what hangs on them by id alone; round two for what the items name (leads,
and items that a list left out, which may be gone or merely hidden: only `crm.item.get` tells). What could not
be read is never taken for empty. A fault that time may mend fails the whole card, so that it comes back; a
part that the owner may not see is an Unread, and the rules that need it do not judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from gatekeeper.errors import AccessLost, Moved, NotFound, PortalError, Refused, Unavailable
from gatekeeper.model import (
    Comment,
    ContactSnapshot,
    DealSnapshot,
    EntityRef,
    Kind,
    Priority,
    Snapshot,
    StageEntry,
    Unread,
)
from gatekeeper.policy import Policy
from gatekeeper.portal import wire
from gatekeeper.portal.batch import run
from gatekeeper.portal.client import Answer, Command, PortalClient
from gatekeeper.portal.dictionary import Dictionary, DictionaryKeeper

T = TypeVar("T")
Page = Callable[[int], Command]  # start -> the command for that page
PAGE_ITEMS = 50
FATAL = (Unavailable, AccessLost, Moved)


@dataclass(frozen=True, slots=True)
class Parts:
    """What hangs on one card, by id alone; each a value, or why there is none."""

    comments: tuple[Comment, ...] | Unread
    rows: tuple[wire.Row, ...] | Unread = ()
    history: tuple[StageEntry, ...] | Unread = ()


class Reader:
    """Reads cards under one policy, which says what is needed of them."""

    def __init__(self, client: PortalClient, policy: Policy) -> None:
        self._client = client
        self._policy = policy
        self._dictionary = DictionaryKeeper(client, policy.fields.product_group)

    def read(
        self, refs: Sequence[EntityRef], *, priority: Priority = Priority.LIVE
    ) -> dict[EntityRef, Snapshot | PortalError]:
        """A snapshot of each deal and contact, or what stood in the way; NotFound where the card is gone."""
        cards = [ref for ref in refs if ref.kind in {Kind.DEAL, Kind.CONTACT}]
        items, parts = self._read_cards(cards, priority)
        deals = [ref for ref in cards if ref.kind is Kind.DEAL]
        snapshots = self._deals({ref: items[ref] for ref in deals}, parts, priority)
        for ref in cards:
            if ref.kind is Kind.CONTACT:
                snapshots[ref] = _built(ref, items[ref], parts[ref], _contact)
        return snapshots

    def read_owners(
        self, pointers: Sequence[EntityRef], *, priority: Priority = Priority.LIVE
    ) -> dict[EntityRef, tuple[EntityRef, ...] | PortalError]:
        """The cards that comments and activities hang on; () where a comment is the gatekeeper's own."""
        outcomes = self._run([wire.pointer_command(ref) for ref in pointers], priority)
        return {ref: _owners(ref, each) for ref, each in zip(pointers, outcomes, strict=True)}

    def _run(self, commands: Sequence[Command], priority: Priority) -> list[Answer | PortalError]:
        return run(self._client, commands, priority=priority) if commands else []

    def _read_cards(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> tuple[dict[EntityRef, wire.Row | PortalError], dict[EntityRef, Parts | PortalError]]:
        """Round one, in one run, so that a small wave costs one hit; then the rest of long lists."""
        lists = list(_item_lists(refs))
        wanted = [(ref, *each) for ref in refs for each in _part_pages(ref)]
        commands = [wire.items_command(kind, ids) for kind, ids in lists]
        commands += [page(0) for _, _, page, _ in wanted]
        outcomes = self._run(commands, priority)
        items = self._items(refs, lists, outcomes[: len(lists)], priority)
        pages = [page for _, _, page, _ in wanted]
        whole = self._all_pages(pages, outcomes[len(lists) :], [parse for *_, parse in wanted], priority)
        parts: dict[EntityRef, dict[str, Any]] = {ref: {} for ref in refs}
        for (ref, name, _, _), value in zip(wanted, whole, strict=True):
            parts[ref][name] = value
        return items, {ref: _parts(each) for ref, each in parts.items()}

    def _items(
        self,
        refs: Sequence[EntityRef],
        lists: Sequence[tuple[Kind, list[int]]],
        outcomes: Sequence[Answer | PortalError],
        priority: Priority,
    ) -> dict[EntityRef, wire.Row | PortalError]:
        """Items by ref. What a list leaves out, or shows without all that is needed, is asked for alone."""
        found: dict[EntityRef, wire.Row | PortalError] = {}
        for (kind, ids), outcome in zip(lists, outcomes, strict=True):
            rows = _parsed(outcome, wire.parse_items)
            if isinstance(rows, PortalError):
                found |= {EntityRef(kind, number): rows for number in ids if isinstance(rows, FATAL)}
            else:
                found |= {EntityRef(kind, int(row["id"])): row for row in rows if _is_whole(kind, row)}
        rest = [ref for ref in refs if ref not in found]
        singles = self._run([wire.item_command(ref) for ref in rest], priority)
        return found | {ref: _parsed(each, wire.parse_item) for ref, each in zip(rest, singles, strict=True)}

    def _all_pages(
        self,
        pages: Sequence[Page],
        firsts: Sequence[Answer | PortalError],
        parsers: Sequence[Callable[[Any], tuple[Any, ...]]],
        priority: Priority,
    ) -> list[tuple[Any, ...] | PortalError]:
        """Each list from its first page to its last; a page that fails fails the list."""
        values = [_parsed(first, parse) for first, parse in zip(firsts, parsers, strict=True)]
        answers = {place: each for place, each in enumerate(firsts) if isinstance(each, Answer)}
        nexts = {place: each.next for place, each in answers.items() if each.next}
        while nexts:
            places = list(nexts)
            outcomes = self._run([pages[place](nexts[place]) for place in places], priority)
            nexts = {}
            for place, outcome in zip(places, outcomes, strict=True):
                more, before = _parsed(outcome, parsers[place]), values[place]
                both = isinstance(more, tuple) and isinstance(before, tuple)
                values[place] = before + more if both else more  # type: ignore[operator]
                if isinstance(outcome, Answer) and isinstance(more, tuple) and outcome.next:
                    nexts[place] = outcome.next
        return values

    def _deals(
        self,
        items: Mapping[EntityRef, wire.Row | PortalError],
        parts: Mapping[EntityRef, Parts | PortalError],
        priority: Priority,
    ) -> dict[EntityRef, Snapshot | PortalError]:
        rows = [each for each in items.values() if not isinstance(each, PortalError)]
        if not rows:
            return {ref: item for ref, item in items.items() if isinstance(item, PortalError)}
        try:
            dictionary = self._dictionary.current(rows, priority)
        except PortalError as error:
            return {ref: item if isinstance(item, PortalError) else error for ref, item in items.items()}
        leads = self._leads(rows, priority)
        clients = self._client_leads(rows, priority)

        def build(ref: EntityRef, item: wire.Row, own: Parts) -> DealSnapshot:
            return _deal(ref, item, own, dictionary, leads, clients)

        return {ref: _built(ref, item, parts[ref], build) for ref, item in items.items()}

    def _leads(self, deals: Sequence[wire.Row], priority: Priority) -> dict[int, wire.Row | PortalError]:
        ids = sorted({wire.parse_number(row.get("leadId")) for row in deals} - {0})
        refs = [EntityRef(Kind.LEAD, each) for each in ids]
        lists = list(_item_lists(refs))
        outcomes = self._run([wire.items_command(kind, some) for kind, some in lists], priority)
        return {ref.id: item for ref, item in self._items(refs, lists, outcomes, priority).items()}

    def _client_leads(
        self, deals: Sequence[wire.Row], priority: Priority
    ) -> dict[tuple[int, ...], tuple[wire.Row, ...] | PortalError]:
        """Contact ids of a deal -> the leads of that client; {} unless the policy asks."""
        if not self._policy.rules.deal_lead.same_responsible:
            return {}
        clients = sorted({wire.parse_ids(row.get("contactIds")) for row in deals} - {()})
        pages: list[Page] = [_client_page(client) for client in clients]
        firsts = self._run([page(0) for page in pages], priority)
        whole = self._all_pages(pages, firsts, [wire.parse_items] * len(pages), priority)
        return dict(zip(clients, whole, strict=True))


def _client_page(client: tuple[int, ...]) -> Page:
    return lambda start: wire.client_leads_command(client, start)


def _item_lists(refs: Iterable[EntityRef]) -> Iterator[tuple[Kind, list[int]]]:
    by_kind: dict[Kind, list[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    for kind, ids in by_kind.items():
        for place in range(0, len(ids), PAGE_ITEMS):
            yield kind, ids[place : place + PAGE_ITEMS]


def _part_pages(ref: EntityRef) -> Iterator[tuple[str, Page, Callable[[Any], tuple[Any, ...]]]]:
    yield "comments", lambda start: wire.comments_command(ref, start), wire.parse_comments
    if ref.kind is Kind.DEAL:
        yield "rows", lambda start: wire.rows_command(ref, start), wire.parse_product_rows
        yield "history", lambda start: wire.stage_history_command(ref, start), wire.parse_stage_history


def _is_whole(kind: Kind, row: wire.Row) -> bool:
    needed = {Kind.DEAL: "contactIds", Kind.CONTACT: "fm"}.get(kind)
    return needed is None or needed in row


def _parsed(outcome: Answer | PortalError, parse: Callable[[Any], T]) -> T | PortalError:
    """An answer of an unknown shape is an answer that could not be read."""
    if isinstance(outcome, PortalError):
        return outcome
    try:
        return parse(outcome.result)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Refused("answer", detail="its shape is not what the portal documents")


def _parts(values: dict[str, Any]) -> Parts | PortalError:
    for value in values.values():
        if isinstance(value, FATAL):
            return value
    return Parts(**{name: _readable(value) for name, value in values.items()})


def _readable(value: T | PortalError) -> T | Unread:
    return Unread(str(value)) if isinstance(value, PortalError) else value


def _built(
    ref: EntityRef,
    item: wire.Row | PortalError,
    parts: Parts | PortalError,
    build: Callable[[EntityRef, wire.Row, Parts], Snapshot],
) -> Snapshot | PortalError:
    if isinstance(item, PortalError):
        return item
    if isinstance(parts, PortalError):
        return parts
    try:
        return build(ref, item, parts)
    except PortalError as error:
        return error
    except (KeyError, TypeError, ValueError) as error:
        return Refused("crm.item.list", detail=f"{ref}: {type(error).__name__} in the item's fields")


def _owners(ref: EntityRef, outcome: Answer | PortalError) -> tuple[EntityRef, ...] | PortalError:
    def parse(row: Any) -> tuple[EntityRef, ...]:
        own = ref.kind is Kind.COMMENT and wire.parse_comment(row).mark is not None
        return () if own else wire.parse_pointer(ref.kind, row)

    return _parsed(outcome, parse)


def _deal(
    ref: EntityRef,
    item: wire.Row,
    parts: Parts,
    dictionary: Dictionary,
    leads: Mapping[int, wire.Row | PortalError],
    clients: Mapping[tuple[int, ...], tuple[wire.Row, ...] | PortalError],
) -> DealSnapshot:
    pipeline = dictionary.pipelines.get(wire.parse_number(item.get("categoryId")))
    if pipeline is None:
        raise ValueError("its pipeline is hidden from the webhook's owner")
    contact_ids = wire.parse_ids(item["contactIds"])
    lead_id = wire.parse_number(item.get("leadId")) or None
    return DealSnapshot(
        ref=ref,
        title=wire.parse_text(item.get("title")),
        pipeline=pipeline,
        stage_id=str(item["stageId"]),
        created_at=wire.parse_time(item["createdTime"]),
        moved_at=wire.parse_time(item.get("movedTime") or item["createdTime"]),
        moved_by=wire.parse_number(item.get("movedBy")),
        responsible_id=wire.parse_number(item.get("assignedById")),
        contact_ids=contact_ids,
        lead_id=lead_id,
        lead_exists=None if lead_id is None else _exists(leads[lead_id]),
        lead_responsible_ids=_responsible_ids(leads.get(lead_id or 0), clients.get(contact_ids, ())),
        product_group=wire.parse_choice(item, dictionary.group_names),
        product_group_choices=dictionary.group_choices,
        sum=wire.parse_money(item.get("opportunity")),
        row_sums=_row_sums(parts.rows),
        comments_field=wire.parse_text(item.get("comments")),
        comments=parts.comments,
        stage_history=parts.history,
    )


def _exists(lead: wire.Row | PortalError) -> bool | Unread:
    if isinstance(lead, FATAL):
        raise lead
    if isinstance(lead, NotFound):
        return False
    return Unread(str(lead)) if isinstance(lead, PortalError) else True


def _responsible_ids(
    own: wire.Row | PortalError | None, others: tuple[wire.Row, ...] | PortalError
) -> tuple[int, ...] | Unread:
    if isinstance(others, PortalError):
        return Unread(str(others))
    rows = [each for each in (own, *others) if each is not None and not isinstance(each, PortalError)]
    return tuple(sorted({wire.parse_number(row.get("assignedById")) for row in rows}))


def _row_sums(rows: tuple[wire.Row, ...] | Unread) -> Any:
    if isinstance(rows, Unread):
        return rows
    return tuple(wire.parse_money(row["price"]) * wire.parse_money(row["quantity"]) for row in rows)


def _contact(ref: EntityRef, item: wire.Row, parts: Parts) -> ContactSnapshot:
    return parse_contact(ref, item, parts.comments)


def parse_contact(ref: EntityRef, item: wire.Row, comments: tuple[Comment, ...] | Unread) -> ContactSnapshot:
    """KeyError or ValueError where the item is not what the portal documents."""
    return ContactSnapshot(
        ref=ref,
        last_name=wire.parse_text(item.get("lastName")),
        name=wire.parse_text(item.get("name")),
        second_name=wire.parse_text(item.get("secondName")),
        birthdate=wire.parse_date(item.get("birthdate")),
        phones=wire.parse_multifields(item, "PHONE"),
        emails=wire.parse_multifields(item, "EMAIL"),
        created_at=wire.parse_time(item["createdTime"]),
        updated_at=wire.parse_time(item.get("updatedTime") or item["createdTime"]),
        responsible_id=wire.parse_number(item.get("assignedById")),
        comments=comments,
    )
