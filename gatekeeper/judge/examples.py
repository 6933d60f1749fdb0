"""A valid deal and a valid contact, to show and to test the rules on: name only what matters.

>>> a_deal(stage_id="WON").stage.is_final
True
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from gatekeeper.judge.policy import Fields, Policy, Rules
from gatekeeper.model.cards import (
    Comment,
    ContactSnapshot,
    DealSnapshot,
    Interactions,
    LeadSnapshot,
    Multifield,
    Neighbours,
    OtherContact,
    Pipeline,
    Semantics,
    SiblingDeal,
    Siblings,
    Stage,
    StageEntry,
)
from gatekeeper.model.refs import EntityRef, Kind

NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)

A_DETAILED_COMMENT = (
    "Планирует поступление на СПО ПКО ИС 2020, готов оплачивать, мама поддерживает, "
    "БПМ у обоих комфорт и престиж, назначили ЛВ на пт 28.02.20 16.00"
)

PIPELINE = Pipeline(
    0,
    "Общая",
    (
        Stage("NEW", "Новая", 10, Semantics.PROCESS),
        Stage("PREPARATION", "Подготовка документов", 20, Semantics.PROCESS),
        Stage("EXECUTING", "В работе", 30, Semantics.PROCESS),
        Stage("WON", "Сделка успешна", 40, Semantics.SUCCESS),
        Stage("LOSE", "Сделка провалена", 50, Semantics.FAILURE),
    ),
)


def a_policy(**rules: Any) -> Policy:
    """Default rules; `deal_stage=StageOptions(...)` and the like replace one."""
    return Policy(fields=Fields(product_group="UF_CRM_PRODUCT_GROUP"), rules=replace(Rules(), **rules))


def a_comment(text: str = A_DETAILED_COMMENT, **changes: Any) -> Comment:
    comment = Comment(id=500, author_id=2, created_at=NOON, text=text, signed_for=None)
    return replace(comment, **changes)


def a_deal(**changes: Any) -> DealSnapshot:
    """A correct deal in its pipeline's first stage, created a minute before NOON."""
    born = NOON.replace(hour=11, minute=59)
    deal = DealSnapshot(
        ref=EntityRef(Kind.DEAL, 41),
        title="Сделка 41",
        pipeline=PIPELINE,
        stage_id="NEW",
        created_at=born,
        moved_at=born,
        moved_by=2,
        responsible_id=2,
        department_ids=(),
        source_id="",
        contact_ids=(84,),
        lead_id=17,
        lead_exists=True,
        lead_responsible_ids=(),
        product_group=("45",),
        product_group_choices={"45": "ВО/СПО", "47": "ДПО"},
        sum=Decimal(90000),
        row_sums=(Decimal(90000),),
        comments_field="",
        comments=(a_comment(),),
        interactions=Interactions((NOON - timedelta(days=1),), ()),
        leads_in_use=True,
        status=None,
        stage_history=(StageEntry("NEW", 0, born, is_creation=True),),
        siblings=Siblings(),
    )
    return replace(deal, **changes)


def a_lead(**changes: Any) -> LeadSnapshot:
    """A converted lead with all that it owes."""
    lead = LeadSnapshot(
        ref=EntityRef(Kind.LEAD, 17),
        title="Лид 17",
        semantics=Semantics.SUCCESS,
        created_at=NOON - timedelta(days=2),
        moved_at=NOON - timedelta(days=1),
        responsible_id=2,
        department_ids=(),
        source_id="",
        contact_ids=(84,),
        deal_ids=(41,),
        leads_in_use=True,
        comments_field="",
        comments=(a_comment(),),
        interactions=Interactions((NOON - timedelta(days=1),), ()),
    )
    return replace(lead, **changes)


def a_contact(**changes: Any) -> ContactSnapshot:
    contact = ContactSnapshot(
        ref=EntityRef(Kind.CONTACT, 84),
        last_name="Петров",
        name="Иван",
        second_name="Сергеевич",
        birthdate=date(1990, 5, 17),
        phones=(Multifield("MOBILE", "+7 903 123-45-67"),),
        emails=(Multifield("HOME", "ivan.petrov@mail.ru"),),
        created_at=NOON.replace(hour=11, minute=59),
        updated_at=NOON.replace(hour=11, minute=59),
        responsible_id=2,
        department_ids=(),
        source_id="",
        comments=(),
        staff_mailboxes=(),
        neighbours=Neighbours(),
    )
    return replace(contact, **changes)


def another_contact(**changes: Any) -> OtherContact:
    """The same person as `a_contact`, in a card made a day before."""
    known = a_contact()
    other = OtherContact(
        ref=EntityRef(Kind.CONTACT, 12),
        last_name=known.last_name,
        name=known.name,
        second_name=known.second_name,
        birthdate=known.birthdate,
        phones=known.phones,
        emails=known.emails,
        created_at=known.created_at - timedelta(days=1),
    )
    return replace(other, **changes)


def a_sibling(**changes: Any) -> SiblingDeal:
    """An open deal on the same product group as `a_deal`, made a day before it."""
    return replace(SiblingDeal(12, NOON - timedelta(days=1), ("45",), 84), **changes)
