"""Rule 5 and the sibling deals of rule 2: who is accused, who is not, and what is left open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gatekeeper.judge.examples import (
    NOON,
    a_contact,
    a_deal,
    a_policy,
    a_sibling,
    another_contact,
)
from gatekeeper.judge.policy import (
    ContactDuplicateOptions,
    DealDuplicateOptions,
    Policy,
    StaffEmailOptions,
)
from gatekeeper.judge.rules.addresses import check_staff_email
from gatekeeper.judge.rules.duplicates import check_deal_duplicate, check_duplicate
from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    Multifield,
    Neighbours,
    Siblings,
    Unread,
    Why,
)
from gatekeeper.model.findings import NotJudged, Violation
from gatekeeper.model.refs import EntityRef, Kind

BORN = a_contact().created_at
OTHER_PHONE = (Multifield("MOBILE", "+7 916 555-44-33"),)
OTHER_EMAIL = (Multifield("HOME", "another@mail.ru"),)


def found(contact: ContactSnapshot, policy: Policy | None = None) -> dict[str, Any] | str | None:
    """The facts of a violation, "?" where the rule does not judge, None where all is well."""
    finding = check_duplicate(contact, policy or a_policy(), NOON)
    if isinstance(finding, NotJudged):
        return "?"
    return dict(finding.facts) if isinstance(finding, Violation) else None


def beside(*others: Any, **changes: Any) -> ContactSnapshot:
    neighbours = Neighbours(tuple(others), changes.pop("shared", ()), changes.pop("unread", ()))
    return a_contact(neighbours=neighbours, **changes)


@pytest.mark.parametrize(
    ("created_at", "number", "accused"),
    [
        (BORN - timedelta(seconds=1), 99, True),
        (BORN, 83, True),
        (BORN, 85, False),
        (BORN + timedelta(seconds=1), 12, False),
    ],
)
def test_the_newer_contact_is_the_violator_then_the_greater_id(
    created_at: Any, number: int, accused: bool
) -> None:
    other = another_contact(ref=EntityRef(Kind.CONTACT, number), created_at=created_at)
    assert (found(beside(other)) is not None) is accused


@pytest.mark.parametrize(
    ("changes", "accused"),
    [
        ({"phones": OTHER_PHONE, "emails": OTHER_EMAIL}, True),  # name and birth date
        ({"phones": OTHER_PHONE, "emails": OTHER_EMAIL, "birthdate": None}, False),
        ({"name": "", "last_name": "", "emails": OTHER_EMAIL}, True),  # phone and birth date
        ({"phones": OTHER_PHONE, "birthdate": None}, True),  # name and e-mail
    ],
)
def test_two_fields_make_a_duplicate_and_one_does_not(changes: dict[str, Any], accused: bool) -> None:
    assert (found(beside(another_contact(**changes))) is not None) is accused


def test_an_admin_may_ask_for_three_fields() -> None:
    strict = a_policy(contact_duplicate=ContactDuplicateOptions(fields_to_match=3))
    two = another_contact(phones=OTHER_PHONE, emails=OTHER_EMAIL)
    three = another_contact(phones=OTHER_PHONE)
    assert found(beside(two), strict) is None
    assert found(beside(three), strict) is not None


def test_twins_on_one_phone_want_a_second_look() -> None:
    facts = found(beside(another_contact(name="Павел")))
    assert isinstance(facts, dict)
    assert facts["needs_review"] is True


def test_the_sure_one_is_named_before_the_doubtful_and_is_the_one_to_merge_with() -> None:
    doubtful = another_contact(
        ref=EntityRef(Kind.CONTACT, 5), name="Павел", created_at=BORN - timedelta(days=9)
    )
    sure = another_contact()
    facts = found(beside(doubtful, sure))
    assert isinstance(facts, dict)
    assert facts["older"] == 12
    assert [each["id"] for each in facts["duplicates"]] == [12, 5]
    assert facts["merge"] == [12, 84]
    assert facts["needs_review"] is False


def test_what_many_share_proves_nothing() -> None:
    other = another_contact(name="", last_name="", birthdate=None, emails=OTHER_EMAIL)
    alike = another_contact(name="", last_name="", emails=OTHER_EMAIL)
    assert found(beside(alike)) is not None
    assert found(beside(alike, shared=("+79031234567",))) is None
    assert found(beside(other)) is None


def test_a_managers_address_proves_nothing() -> None:
    alike = another_contact(phones=OTHER_PHONE, birthdate=None)
    assert found(beside(alike)) is not None
    assert found(beside(alike, staff_mailboxes=("ivan.petrov@mail.ru",))) is None


def test_a_company_address_proves_nothing() -> None:
    policy = a_policy(contact_staff_email=StaffEmailOptions(company_domains=("mail.ru",)))
    assert found(beside(another_contact(phones=OTHER_PHONE, birthdate=None)), policy) is None


def test_while_the_staff_is_unknown_an_address_neither_accuses_nor_clears() -> None:
    unknown = Unread(Why.DENIED)
    by_address = another_contact(phones=OTHER_PHONE, birthdate=None)
    by_birthdate = another_contact(phones=OTHER_PHONE)
    stranger = another_contact(phones=OTHER_PHONE, birthdate=date(1980, 1, 2), emails=OTHER_EMAIL)
    assert found(beside(by_address, staff_mailboxes=unknown)) == "?"
    assert found(beside(by_birthdate, staff_mailboxes=unknown)) is not None
    assert found(beside(stranger, staff_mailboxes=unknown)) is None


def test_an_incomplete_index_clears_nobody_but_what_it_proves_stands() -> None:
    assert found(beside(unread=("not complete",))) == "?"
    assert isinstance(found(beside(another_contact(), unread=("not complete",))), dict)


# Deals


def deal_found(deal: DealSnapshot, policy: Policy | None = None) -> dict[str, Any] | str | None:
    finding = check_deal_duplicate(deal, policy or a_policy(), NOON)
    if isinstance(finding, NotJudged):
        return "?"
    return dict(finding.facts) if isinstance(finding, Violation) else None


DEAL_BORN = a_deal().created_at


@pytest.mark.parametrize(
    ("created_at", "number", "accused"),
    [
        (DEAL_BORN - timedelta(seconds=1), 99, True),
        (DEAL_BORN, 40, True),
        (DEAL_BORN, 42, False),
        (DEAL_BORN + timedelta(seconds=1), 12, False),
    ],
)
def test_the_newer_deal_is_the_violator_then_the_greater_id(
    created_at: Any, number: int, accused: bool
) -> None:
    sibling = a_sibling(id=number, created_at=created_at)
    assert (deal_found(a_deal(siblings=Siblings((sibling,)))) is not None) is accused


def test_deals_on_different_groups_are_allowed_unless_the_admin_forbids_any_second_one() -> None:
    deal = a_deal(siblings=Siblings((a_sibling(product_group=("47",)),)))
    assert deal_found(deal) is None
    assert deal_found(deal, a_policy(deal_duplicate=DealDuplicateOptions(scope="client"))) is not None


def test_one_group_in_common_of_several_is_enough() -> None:
    deal = a_deal(product_group=("47", "45"), siblings=Siblings((a_sibling(product_group=("45", "49")),)))
    facts = deal_found(deal)
    assert isinstance(facts, dict)
    assert facts["groups"] == ["ВО/СПО"]


def test_the_eldest_deal_is_the_one_named() -> None:
    older = a_sibling(id=7, created_at=NOON - timedelta(days=5))
    facts = deal_found(a_deal(siblings=Siblings((a_sibling(), older))))
    assert isinstance(facts, dict)
    assert facts["older"] == 7


def test_a_deal_found_through_the_clients_second_card_says_so() -> None:
    facts = deal_found(a_deal(siblings=Siblings((a_sibling(contact_id=91),))))
    assert isinstance(facts, dict)
    assert facts["through"] == 91


def test_what_could_not_be_read_clears_no_deal() -> None:
    assert deal_found(a_deal(siblings=Siblings(unread=(Unread(Why.DENIED),)))) == "?"
    assert isinstance(deal_found(a_deal(siblings=Siblings((a_sibling(),), (Unread(Why.DENIED),)))), dict)
    assert deal_found(a_deal(product_group=Unread(Why.DENIED), siblings=Siblings((a_sibling(),)))) == "?"


# Staff e-mails


def staff_problems(contact: ContactSnapshot, *domains: str) -> list[str] | str:
    policy = a_policy(contact_staff_email=StaffEmailOptions(company_domains=domains))
    finding = check_staff_email(contact, policy, NOON)
    if isinstance(finding, NotJudged):
        return "?"
    return [each["problem"] for each in finding.facts["problems"]] if finding else []


def test_an_employees_address_is_met_in_any_type_and_spelling() -> None:
    emails = (Multifield("WORK", " Anna@Synergy.Example "),)
    contact = a_contact(emails=emails, staff_mailboxes=("anna@synergy.example",))
    assert staff_problems(contact) == ["employee"]


def test_a_company_domain_covers_what_lies_below_it() -> None:
    emails = (Multifield("HOME", "a@mail.firma.example"), Multifield("HOME", "b@notfirma.example"))
    assert staff_problems(a_contact(emails=emails), "firma.example") == ["company"]


def test_an_address_of_many_is_nobodys_and_a_phone_of_many_is_no_address() -> None:
    assert staff_problems(a_contact(neighbours=Neighbours(shared=("ivan.petrov@mail.ru",)))) == ["shared"]
    assert staff_problems(a_contact(neighbours=Neighbours(shared=("+79031234567",)))) == []


def test_an_unknown_staff_or_index_clears_no_address_but_a_contact_without_one() -> None:
    assert staff_problems(a_contact(staff_mailboxes=Unread(Why.DENIED))) == "?"
    assert staff_problems(a_contact(neighbours=Neighbours(unread=(Unread(Why.DENIED),)))) == "?"
    assert staff_problems(a_contact(emails=(), neighbours=Neighbours(unread=(Unread(Why.DENIED),)))) == []
    assert staff_problems(a_contact(staff_mailboxes=Unread(Why.DENIED)), "mail.ru") == ["company"]
