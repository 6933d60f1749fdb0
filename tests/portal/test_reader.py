"""What is read from a portal, and above all what could not be: unread is never empty, and never judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from gatekeeper.app.bootstrap import signer_of
from gatekeeper.judge.policy import DealLeadOptions, Rules
from gatekeeper.model import errors
from gatekeeper.model.cards import ContactSnapshot, DealSnapshot, Multifield, Unread
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.store.database import migrate, open_engine
from tests.gate import Gate, a_gate
from tests.portal.scripted_portal import Bucket

FM = [
    {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"},
    {"typeId": "EMAIL", "valueType": "HOME", "value": "ivan.petrov@mail.ru"},
    {"typeId": "WEB", "valueType": "WORK", "value": "https://example.ru"},
]
PARTS = {
    "crm.timeline.comment.list": ("comments", "deal.comment"),
    "crm.item.productrow.list": ("row_sums", "deal.products"),
}


@pytest.fixture(scope="module")
def whole_gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('reader') / 'gate.db'}")
    migrate(engine)
    with a_gate(engine) as gate:
        yield gate
    engine.dispose()


@pytest.fixture
def gate(whole_gate: Gate) -> Iterator[Gate]:
    """One portal for all tests here, without its faults."""
    yield whole_gate
    whole_gate.http.delete(f"{whole_gate.sandbox.url}/sandbox/faults", timeout=10)


def read(gate: Gate, *refs: EntityRef, **rules: Any) -> dict[EntityRef, Any]:
    """By a reader that knows nothing yet, on a bucket of its own: no fault outlives its test."""
    with PortalClient(gate.sandbox.webhook_url, Bucket()) as client:
        return dict(a_reader(gate, client, **rules).read(refs))


def a_reader(gate: Gate, client: PortalClient, **rules: Any) -> Reader:
    policy = replace(gate.gatekeeper.config.policy, rules=replace(Rules(), **rules))
    return Reader(client, policy, signer_of(gate.gatekeeper))


def read_deal(gate: Gate, deal: EntityRef, **rules: Any) -> DealSnapshot:
    snapshot = read(gate, deal, **rules)[deal]
    assert isinstance(snapshot, DealSnapshot), snapshot
    return snapshot


def read_contact(gate: Gate, contact: EntityRef) -> ContactSnapshot:
    snapshot = read(gate, contact)[contact]
    assert isinstance(snapshot, ContactSnapshot), snapshot
    return snapshot


def refuse(gate: Gate, method: str, code: str = "ACCESS_DENIED") -> None:
    gate.control("faults", kind="error", method=method, code=code)


def test_a_deal_is_read_whole(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    snapshot = read_deal(gate, deal)
    assert (snapshot.title, snapshot.stage_id, snapshot.pipeline.id) == ("Сделка", "NEW", 0)
    assert (snapshot.product_group, snapshot.lead_exists) == (("45",), True)
    assert isinstance(snapshot.product_group_choices, dict)
    assert {"45", "47", "49"} <= set(snapshot.product_group_choices)
    assert (snapshot.sum, snapshot.row_sums) == (Decimal(90000), (Decimal(90000),))
    assert len(snapshot.contact_ids) == 1
    assert not isinstance(snapshot.comments, Unread)
    assert [each.author_id for each in snapshot.comments] == [2]
    assert not isinstance(snapshot.stage_history, Unread)
    assert [(each.stage_id, each.is_creation) for each in snapshot.stage_history] == [("NEW", True)]


def test_an_empty_deal_is_read_as_empty(gate: Gate) -> None:
    snapshot = read_deal(gate, gate.add(Kind.DEAL, title="Пустая"))
    assert (snapshot.contact_ids, snapshot.lead_id, snapshot.lead_exists) == ((), None, None)
    assert (snapshot.product_group, snapshot.row_sums, snapshot.comments) == ((), (), ())
    assert snapshot.sum == 0


def test_both_contacts_of_a_deal_are_read(gate: Gate) -> None:
    people = [gate.add(Kind.CONTACT, name="И", lastName="П") for _ in range(2)]
    deal = gate.add(Kind.DEAL, title="Двое", contactIds=[each.id for each in people])
    assert set(read_deal(gate, deal).contact_ids) == {each.id for each in people}


def test_a_row_counts_with_its_quantity(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="С")
    rows = [
        {"PRODUCT_NAME": "Курс", "PRICE": 899.1, "QUANTITY": 3},
        {"PRODUCT_NAME": "Книга", "PRICE": 1, "QUANTITY": 1},
    ]
    gate.rest("crm.deal.productrows.set", id=deal.id, rows=rows)
    assert read_deal(gate, deal).row_sums == (Decimal("2697.3"), Decimal(1))


def test_a_contact_is_read_with_all_its_phones_and_addresses(gate: Gate) -> None:
    contact = gate.add(
        Kind.CONTACT, name=" Иван ", lastName="Петров", secondName="Ильич", birthdate="1990-05-17", fm=FM
    )
    snapshot = read_contact(gate, contact)
    assert (snapshot.last_name, snapshot.name, snapshot.second_name) == ("Петров", "Иван", "Ильич")
    assert str(snapshot.birthdate) == "1990-05-17"
    assert snapshot.phones == (Multifield("MOBILE", "+7 903 482-17-65"),)
    assert snapshot.emails == (Multifield("HOME", "ivan.petrov@mail.ru"),)


def test_a_contact_without_anything_is_read_as_empty(gate: Gate) -> None:
    snapshot = read_contact(gate, gate.add(Kind.CONTACT, name="Иван"))
    assert (snapshot.birthdate, snapshot.phones, snapshot.emails) == (None, (), ())
    assert (snapshot.last_name, snapshot.second_name) == ("", "")


@pytest.mark.parametrize("count", [49, 50, 51, 101])
def test_every_page_of_comments_is_read(gate: Gate, count: int) -> None:
    deal = gate.add(Kind.DEAL, title="Разговорчивая")
    for number in range(count):
        gate.control("comment", owner=str(deal), text=f"№ {number}")
    comments = read_deal(gate, deal).comments
    assert not isinstance(comments, Unread)
    assert [each.text for each in comments] == [f"№ {number}" for number in range(count)]


def test_the_living_comment_is_found_behind_fifty_others(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Разговорчивая")
    for _ in range(60):
        gate.comment(deal, "НД")
    gate.look_at(deal)
    gate.look_at(deal)
    everything = read_deal(gate, deal).comments
    assert not isinstance(everything, Unread)
    assert len([each for each in everything if each.signed_for]) == 1


@dataclass
class SecondPage:
    """A bucket that breaks the portal's comments once the first page was read."""

    gate: Gate
    kind: str
    hits: int = 0

    def acquire(self, _priority: Priority) -> None:
        self.hits += 1
        if self.hits == 2:
            fault = {"kind": self.kind, "method": "crm.timeline.comment.list", "code": "ACCESS_DENIED"}
            self.gate.control("faults", **fault)

    def penalise(self) -> None: ...
    def block(self, method: str, until: datetime) -> None: ...
    def blocked_until(self, _method: str) -> None:
        return None

    def fullness(self) -> float:
        return 1.0


@pytest.mark.parametrize("kind", ["error", "429"])
def test_half_a_timeline_is_no_timeline(gate: Gate, kind: str) -> None:
    """Our own comment may stand on the other half, and the next pass would write a second one."""
    deal = gate.add(Kind.DEAL, title="Разговорчивая")
    for number in range(51):
        gate.control("comment", owner=str(deal), text=f"№ {number}")
    with PortalClient(gate.sandbox.webhook_url, SecondPage(gate, kind)) as client:
        snapshot = a_reader(gate, client).read([deal])[deal]
    if kind == "429":
        assert isinstance(snapshot, errors.MethodBlocked)
    else:
        assert isinstance(snapshot, DealSnapshot)
        assert isinstance(snapshot.comments, Unread)


@pytest.mark.parametrize("method", sorted(PARTS))
def test_a_part_that_may_not_be_seen_is_unread_and_its_rule_does_not_judge(gate: Gate, method: str) -> None:
    part, rule = PARTS[method]
    deal = gate.add(Kind.DEAL, title="Пустая")
    refuse(gate, method)
    assert isinstance(getattr(read_deal(gate, deal), part), Unread)
    verdict = gate.foresee(deal).verdict
    assert rule in [each.rule for each in verdict.not_judged]
    assert rule not in [each.rule for each in verdict.violations]


def test_where_comments_may_not_be_seen_nothing_is_written(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    refuse(gate, "crm.timeline.comment.list")
    before = gate.writes()
    gate.look_at(deal)
    assert gate.writes() == before


def test_a_lead_that_is_hidden_is_not_a_lead_that_is_gone(gate: Gate) -> None:
    hidden, gone = (gate.add(Kind.LEAD, title="Лид") for _ in range(2))
    deals = [gate.add(Kind.DEAL, title="С", leadId=each.id) for each in (hidden, gone)]
    gate.rest("crm.item.delete", entityTypeId=1, id=gone.id)
    gate.control("faults", kind="hidden", ref=str(hidden))
    snapshots = read(gate, *deals)
    assert isinstance(snapshots[deals[0]].lead_exists, Unread)
    assert snapshots[deals[1]].lead_exists is False


def test_whose_leads_a_client_has_is_read_where_the_policy_asks(gate: Gate) -> None:
    contact = gate.add(Kind.CONTACT, name="И", lastName="П")
    leads = [gate.add(Kind.LEAD, title="Лид", contactId=contact.id, assignedById=who) for who in (3, 4)]
    deal = gate.add(Kind.DEAL, title="С", contactId=contact.id, leadId=leads[0].id)
    snapshot = read_deal(gate, deal, deal_lead=DealLeadOptions(same_responsible=True))
    assert snapshot.lead_responsible_ids == (3, 4)


def test_gone_and_hidden_cards_are_told_apart(gate: Gate) -> None:
    gone, hidden, there = (gate.add(Kind.DEAL, title="С") for _ in range(3))
    gate.rest("crm.item.delete", entityTypeId=2, id=gone.id)
    gate.control("faults", kind="hidden", ref=str(hidden))
    snapshots = read(gate, gone, hidden, there, EntityRef(Kind.CONTACT, 10**15))
    assert isinstance(snapshots[gone], errors.NotFound)
    assert isinstance(snapshots[hidden], errors.AccessDenied)
    assert isinstance(snapshots[there], DealSnapshot)
    assert isinstance(snapshots[EntityRef(Kind.CONTACT, 10**15)], errors.NotFound)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "500"}, errors.OutcomeUnknown),
        ({"kind": "truncated"}, errors.OutcomeUnknown),
        ({"kind": "overload"}, errors.AccessLost),
        ({"kind": "revoked"}, errors.AccessLost),
        ({"kind": "owner_fired"}, errors.AccessLost),
        ({"kind": "redirect"}, errors.Moved),
        ({"kind": "portal_deleted"}, errors.AccessLost),
    ],
)
def test_a_portal_in_trouble_fails_every_card(gate: Gate, fault: dict[str, str], error: type) -> None:
    deal, contact = gate.add(Kind.DEAL, title="Пустая"), gate.add(Kind.CONTACT, name="Иван")
    before = gate.writes()
    gate.control("faults", **fault)
    snapshots = read(gate, deal, contact)
    assert {ref: type(each) for ref, each in snapshots.items()} == {deal: error, contact: error}
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)
    assert gate.writes() == before


@pytest.mark.parametrize(
    "method",
    [
        "crm.timeline.comment.list",
        "crm.item.productrow.list",
        "crm.stagehistory.list",
        "crm.item.list",
        "crm.status.list",
    ],
)
@pytest.mark.parametrize("fault", [{"kind": "429"}, {"kind": "error", "code": "INTERNAL_SERVER_ERROR"}])
def test_one_command_that_time_may_mend_fails_the_whole_deal(
    gate: Gate, method: str, fault: dict[str, str]
) -> None:
    """A verdict from half a card would be a wrong one, and would move the deal."""
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.control("faults", method=method, **fault)
    snapshot = read(gate, deal)[deal]
    assert isinstance(snapshot, errors.Unavailable)


def test_where_the_list_is_refused_each_card_is_asked_for_by_itself(gate: Gate) -> None:
    deal, contact = gate.add(Kind.DEAL, title="Пустая"), gate.add(Kind.CONTACT, name="Иван")
    refuse(gate, "crm.item.list")
    assert isinstance(read(gate, deal, contact)[deal], DealSnapshot)
    assert isinstance(read(gate, deal, contact)[contact], ContactSnapshot)


def test_cards_of_two_pipelines_are_read_together(gate: Gate) -> None:
    common, college = (
        gate.add(Kind.DEAL, title="С"),
        gate.add(Kind.DEAL, title="С", categoryId=1, stageId="C1:NEW"),
    )
    snapshots = read(gate, common, college)
    assert [snapshots[each].pipeline.id for each in (common, college)] == [0, 1]
    assert snapshots[college].stage is not None


def test_a_wave_of_one_hundred_and_one_is_read_whole(gate: Gate) -> None:
    contacts = [gate.add(Kind.CONTACT, name=f"Имя {number}") for number in range(101)]
    snapshots = read(gate, *contacts)
    assert [snapshots[each].name for each in contacts] == [f"Имя {number}" for number in range(101)]


def test_nothing_to_read_asks_nothing(gate: Gate) -> None:
    log = f"{gate.sandbox.url}/sandbox/log"
    before = gate.http.get(log, timeout=10).json()["hits"]
    assert read(gate) == {}
    reader = a_reader(gate, gate.gatekeeper.client)
    assert reader.carry_out(reader.read_owners([]), Priority.LIVE) == {}
    assert gate.http.get(log, timeout=10).json()["hits"] == before


def test_comments_and_activities_lead_to_their_cards(gate: Gate) -> None:
    deal, contact = gate.add(Kind.DEAL, title="С"), gate.add(Kind.CONTACT, name="Иван")
    pointers = [EntityRef(Kind.COMMENT, gate.comment(each, "НД")) for each in (deal, contact)]
    gone = EntityRef(Kind.COMMENT, 10**9)
    reader = a_reader(gate, gate.gatekeeper.client)
    owners = reader.carry_out(reader.read_owners([*pointers, gone]), Priority.LIVE)
    assert [owners[each] for each in pointers] == [(deal,), (contact,)]
    assert isinstance(owners[gone], errors.NotFound)
