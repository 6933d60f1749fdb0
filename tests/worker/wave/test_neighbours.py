"""Doubled clients, doubled deals and staff addresses on a sandbox portal, seen from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from gatekeeper.app.bootstrap import open_gatekeeper
from gatekeeper.app.questions import foresee_card
from gatekeeper.app.worker_process import make_indexer
from gatekeeper.judge.policy import (
    ContactDuplicateOptions,
    DealDuplicateOptions,
    Mode,
    StaffEmailOptions,
)
from gatekeeper.model.cards import Unread, Why
from gatekeeper.model.refs import EntityRef, Kind
from tests.gate import Gate, a_config, a_gate
from tests.whole.test_laws import look_and_die

IVAN: dict[str, Any] = {
    "name": "Иван",
    "lastName": "Петров",
    "secondName": "Сергеевич",
    "birthdate": "1990-05-17",
    "fm": [
        {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"},
        {"typeId": "EMAIL", "valueType": "HOME", "value": "ivan.petrov@mail.ru"},
    ],
}
COPY = IVAN | {
    "name": "Ваня",
    "fm": [{"typeId": "PHONE", "valueType": "MOBILE", "value": "8 (903) 482 17 65"}],
}
TITLES = {
    "duplicate": "Дубль контакта",
    "deal": "Дубль сделки",
    "staff": "Почта сотрудника",
    "shared": "Общая почта",
}


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


def accuses(gate: Gate, ref: EntityRef, what: str) -> bool:
    return any(f"☐ [b]{TITLES[what]}" in said for said in gate.said(ref))


def rules_broken(gate: Gate, ref: EntityRef) -> list[str]:
    verdict = gate.foresee(ref).verdict
    return [each.rule for each in verdict.violations]


def an_address(value: str) -> dict[str, Any]:
    return {"typeId": "EMAIL", "valueType": "HOME", "value": value}


def a_deal_of(gate: Gate, contact: EntityRef, group: int = 45) -> EntityRef:
    return gate.add(Kind.DEAL, title="Сделка", contactId=contact.id, UF_CRM_PRODUCT_GROUP=group)


# Contacts


def test_the_newer_copy_is_told_and_shown_where_to_merge(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    copy = gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan, copy)
    (said,) = gate.said(copy)
    assert f"[url=/crm/contact/details/{ivan.id}/]Петров Иван Сергеевич[/url]" in said
    assert f"/crm/contact/merge/?id={ivan.id},{copy.id}" in said
    assert not accuses(gate, ivan, "duplicate")


def test_the_copy_is_freed_as_soon_as_the_older_card_is_mended(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    copy = gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan, copy)
    gate.change(ivan, lastName="Сидоров", birthdate="1971-01-02")
    gate.look_at(ivan)
    assert not accuses(gate, copy, "duplicate")


def test_the_copy_is_accused_as_soon_as_the_older_card_becomes_its_like(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **(IVAN | {"lastName": "Сидоров", "birthdate": "1971-01-02"}))
    copy = gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan, copy)
    assert not accuses(gate, copy, "duplicate")
    gate.change(ivan, birthdate="1990-05-17")
    gate.look_at(ivan)
    assert accuses(gate, copy, "duplicate")


def test_the_copy_is_freed_when_the_older_card_is_deleted(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    copy = gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan, copy)
    gate.rest("crm.item.delete", entityTypeId=3, id=ivan.id)
    gate.look_at(ivan)
    assert not accuses(gate, copy, "duplicate")


def test_a_copy_of_two_is_told_of_one_as_soon_as_the_other_is_mended(gate: Gate) -> None:
    ivan, other, copy = (gate.add(Kind.CONTACT, **each) for each in (IVAN, COPY, COPY))
    gate.look_at(ivan, other, copy)
    assert all(f"/crm/contact/details/{each.id}/" in gate.said(copy)[0] for each in (ivan, other))
    gate.change(other, lastName="Сидоров", name="Олег", birthdate="1971-01-02")
    gate.look_at(other)
    (said,) = gate.said(copy)
    assert f"/crm/contact/details/{ivan.id}/" in said
    assert f"/crm/contact/details/{other.id}/" not in said


def test_the_index_only_proposes(gate: Gate) -> None:
    """The older card was changed and its event was lost: what the index remembers of it accuses nobody."""
    ivan = gate.add(Kind.CONTACT, **IVAN)
    gate.look_at(ivan)
    gate.change(ivan, lastName="Сидоров", birthdate="1971-01-02")
    copy = gate.add(Kind.CONTACT, **COPY)
    gate.look_at(copy)
    assert not accuses(gate, copy, "duplicate")


def test_a_candidate_that_may_not_be_seen_leaves_the_question_open(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    copy = gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan)
    gate.control("faults", kind="hidden", ref=str(ivan))
    verdict = gate.foresee(copy).verdict
    assert "contact.duplicate" in [each.rule for each in verdict.not_judged]


def test_a_copy_is_not_freed_by_an_index_that_lost_a_card_which_nobody_can_read(gate: Gate) -> None:
    """The index was filled again while the older card could not be understood."""
    ivan = gate.add(Kind.CONTACT, **IVAN)
    copy = gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan, copy)
    gate.store.contacts.remove([ivan.id])
    gate.control("faults", kind="hidden", ref=str(ivan))
    gate.look_at(copy)
    assert accuses(gate, copy, "duplicate")
    verdict = gate.foresee(copy).verdict
    assert [each.why for each in verdict.not_judged if each.rule == "contact.duplicate"] == [
        (Unread.of(Why.NO_CONTACT, contact=ivan.id, reason="ACCESS_DENIED"),)
    ]


def test_a_copy_is_freed_though_the_index_lost_the_card_that_was_mended(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    copy = gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan, copy)
    gate.store.contacts.remove([ivan.id])
    gate.change(ivan, lastName="Сидоров", birthdate="1971-01-02")
    gate.look_at(copy)
    assert not accuses(gate, copy, "duplicate")


def test_until_the_index_is_complete_nobody_is_called_unique(gate: Gate, tmp_path: Path) -> None:
    gate.add(Kind.CONTACT, **IVAN)
    copy = gate.add(Kind.CONTACT, **COPY)
    config = a_config(gate.sandbox.webhook_url, f"sqlite:///{tmp_path / 'fresh.db'}")
    with open_gatekeeper(config) as fresh:
        before = foresee_card(fresh, copy).verdict
        indexer = make_indexer(fresh)
        while indexer.step():
            pass
        after = foresee_card(fresh, copy).verdict
    assert "contact.duplicate" in [each.rule for each in before.not_judged]
    assert "contact.duplicate" in [each.rule for each in after.violations]


def test_two_passes_over_two_copies_write_once_and_come_to_rest(gate: Gate) -> None:
    ivan, copy = gate.add(Kind.CONTACT, **IVAN), gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan, copy)
    before = gate.writes()
    gate.look_at(ivan, copy)
    gate.look_at(copy)
    assert gate.writes() == before
    assert gate.store.inbox.depth().waiting == 0


# Addresses


def test_an_employees_own_address_is_met_and_its_correction_is_admitted(gate: Gate) -> None:
    gate.control("user", id=2, personal_mailbox="Anna.S@Mail.ru")
    contact = gate.add(Kind.CONTACT, **(IVAN | {"fm": [*IVAN["fm"], an_address("anna.s@mail.ru")]}))
    gate.look_at(contact)
    assert accuses(gate, contact, "staff")
    assert "contact.email" not in rules_broken(gate, contact)
    mail = next(each for each in gate.item(contact)["fm"] if each["value"] == "anna.s@mail.ru")
    gate.change(contact, fm={str(mail["id"]): {"typeId": "EMAIL", "value": ""}})
    gate.look_at(contact)
    assert not accuses(gate, contact, "staff")


def test_the_third_card_of_an_address_gives_the_first_two_away(gate: Gate) -> None:
    shared = {"fm": [an_address("hidden.manager@mail.ru")]}
    people = [("Иван", "Петров"), ("Мария", "Сидорова"), ("Олег", "Кузнецов")]
    cards = []
    for name, last_name in people[:2]:
        cards.append(gate.add(Kind.CONTACT, name=name, lastName=last_name, **shared))
        gate.look_at(cards[-1])
    assert not any(accuses(gate, card, "shared") for card in cards)
    cards.append(gate.add(Kind.CONTACT, name=people[2][0], lastName=people[2][1], **shared))
    gate.look_at(cards[-1])
    assert all(accuses(gate, card, "shared") for card in cards)


def test_two_cards_of_one_person_count_once(gate: Gate) -> None:
    shared = {"fm": [an_address("family@mail.ru")]}
    for name, last_name in (("Иван", "Петров"), ("Ваня", "Петров"), ("Мария", "Петрова")):
        card = gate.add(Kind.CONTACT, name=name, lastName=last_name, **shared)
        gate.look_at(card)
    assert not accuses(gate, card, "shared")


def test_when_the_address_leaves_the_third_card_the_others_are_freed(gate: Gate) -> None:
    shared = {"fm": [an_address("hidden.manager@mail.ru")]}
    cards = [
        gate.add(Kind.CONTACT, name=name, lastName=last_name, **shared)
        for name, last_name in (("Иван", "Петров"), ("Мария", "Сидорова"), ("Олег", "Кузнецов"))
    ]
    gate.look_at(*cards)
    mail = gate.item(cards[2])["fm"][0]
    gate.change(cards[2], fm={str(mail["id"]): {"typeId": "EMAIL", "value": ""}})
    gate.look_at(cards[2])
    assert not any(accuses(gate, card, "shared") for card in cards)


@pytest.mark.slow
def test_wherever_the_pass_dies_that_sees_the_address_leave_the_others_are_freed(gate: Gate) -> None:
    shared = [an_address("hidden.manager@mail.ru")]
    cards = [
        gate.add(Kind.CONTACT, name=name, lastName=last_name, fm=shared)
        for name, last_name in (("Иван", "Петров"), ("Мария", "Сидорова"), ("Олег", "Кузнецов"))
    ]
    died, steps = True, 0
    while died:
        steps += 1
        gate.look_at(*cards)
        assert all(accuses(gate, card, "shared") for card in cards), steps
        mail = gate.item(cards[2])["fm"][0]
        gate.change(cards[2], fm={str(mail["id"]): {"typeId": "EMAIL", "value": ""}})
        died = look_and_die(gate, [cards[2]], steps)
        gate.look_at(cards[2])
        assert not any(accuses(gate, card, "shared") for card in cards), steps
        gate.change(cards[2], fm=shared)
    assert steps > 8


def test_without_the_right_to_see_users_no_address_is_cleared_or_accused(gate: Gate) -> None:
    gate.control("faults", kind="scope", scope="user")
    contact = gate.add(Kind.CONTACT, **IVAN)
    gate.look_at(contact)
    verdict = gate.foresee(contact).verdict
    (why,) = [each.why for each in verdict.not_judged if each.rule == "contact.staff_email"]
    assert [each.code for each in why] == [Why.NO_SCOPE]


# Deals


def test_a_second_deal_on_the_same_product_is_told_and_its_closing_frees_it(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    first, second = a_deal_of(gate, ivan), a_deal_of(gate, ivan)
    gate.look_at(first, second)
    assert not accuses(gate, first, "deal")
    assert accuses(gate, second, "deal")
    gate.change(first, stageId="LOSE")
    gate.look_at(first)
    assert not accuses(gate, second, "deal")


@pytest.mark.parametrize("cure", ["group", "contact", "deleted"])
def test_the_newer_deal_is_freed_by_what_happens_to_the_older(gate: Gate, cure: str) -> None:
    ivan, maria = gate.add(Kind.CONTACT, **IVAN), gate.add(Kind.CONTACT, name="Мария", lastName="Сидорова")
    first, second = a_deal_of(gate, ivan), a_deal_of(gate, ivan)
    gate.look_at(first, second)
    if cure == "deleted":
        gate.rest("crm.item.delete", entityTypeId=2, id=first.id)
    else:
        gate.change(first, **({"UF_CRM_PRODUCT_GROUP": 47} if cure == "group" else {"contactId": maria.id}))
    gate.look_at(first)
    assert not accuses(gate, second, "deal")


def test_the_newer_deal_is_accused_by_what_happens_to_the_older(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    first, second = a_deal_of(gate, ivan, 47), a_deal_of(gate, ivan, 45)
    gate.look_at(first, second)
    assert not accuses(gate, second, "deal")
    gate.change(first, UF_CRM_PRODUCT_GROUP=45)
    gate.look_at(first)
    assert accuses(gate, second, "deal")


def test_splitting_the_client_in_two_does_not_get_round_the_rule(gate: Gate) -> None:
    ivan, copy = gate.add(Kind.CONTACT, **IVAN), gate.add(Kind.CONTACT, **COPY)
    gate.look_at(ivan, copy)
    first, second = a_deal_of(gate, ivan), a_deal_of(gate, copy)
    gate.look_at(first, second)
    (said,) = gate.said(second)
    assert f"[url=/crm/deal/details/{first.id}/]" in said
    assert f"[url=/crm/contact/details/{ivan.id}/]второй карточке" in said


def test_deals_are_accused_once_their_contacts_turn_out_to_be_one_client_and_freed_once_not(
    gate: Gate,
) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    copy = gate.add(Kind.CONTACT, **(COPY | {"birthdate": "1991-01-01", "lastName": "Кузнецов"}))
    first, second = a_deal_of(gate, ivan), a_deal_of(gate, copy)
    gate.look_at(ivan, copy, first, second)
    assert not accuses(gate, second, "deal")
    gate.change(copy, birthdate="1990-05-17")
    gate.look_at(copy)
    assert accuses(gate, second, "deal")
    gate.change(copy, birthdate="1991-01-01")
    gate.look_at(copy)
    assert not accuses(gate, second, "deal")


def test_doubtful_copies_are_not_one_client(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    twin = gate.add(Kind.CONTACT, **(COPY | {"name": "Павел", "secondName": "Сергеевич"}))
    first, second = a_deal_of(gate, ivan), a_deal_of(gate, twin)
    gate.look_at(ivan, twin, first, second)
    assert accuses(gate, twin, "duplicate")
    assert not accuses(gate, second, "deal")


def test_deals_in_different_pipelines_are_rivals_all_the_same(gate: Gate) -> None:
    ivan = gate.add(Kind.CONTACT, **IVAN)
    first = gate.add(Kind.DEAL, title="Колледж", contactId=ivan.id, UF_CRM_PRODUCT_GROUP=45, categoryId=1)
    second = a_deal_of(gate, ivan)
    gate.look_at(first, second)
    assert accuses(gate, second, "deal")


def test_what_is_switched_off_costs_no_hit(sqlite: Engine) -> None:
    off = {
        "deal_duplicate": DealDuplicateOptions(mode=Mode.OFF),
        "contact_duplicate": ContactDuplicateOptions(mode=Mode.OFF),
        "contact_staff_email": StaffEmailOptions(mode=Mode.OFF),
    }
    with a_gate(sqlite, rules=off) as gate:
        ivan, copy = gate.add(Kind.CONTACT, **IVAN), gate.add(Kind.CONTACT, **COPY)
        first, second = a_deal_of(gate, ivan), a_deal_of(gate, copy)
        gate.look_at(ivan, copy, first, second)
        assert not accuses(gate, copy, "duplicate")
        assert not accuses(gate, second, "deal")
