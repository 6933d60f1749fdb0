"""What is stored comes back as it was, whatever fields the snapshots will have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.judge.examples import (
    a_contact,
    a_deal,
    a_lead,
    a_policy,
)
from gatekeeper.judge.policy import (
    Duration,
    InactiveOptions,
    Mode,
    Policy,
    StageOptions,
)
from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    LeadSnapshot,
    Snapshot,
    Unread,
    Why,
)
from gatekeeper.model.errors import Undecodable
from gatekeeper.store.journal.codec import codec_of, decode, encode
from gatekeeper.store.journal.packing import pack_snapshot, unpack_snapshot

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(timezones=OFFSETS).map(lambda moment: moment.replace(fold=0))
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(Mapping, lambda kind: st.dictionaries(*map(st.from_type, get_args(kind))))
st.register_type_strategy(Decimal, st.decimals(allow_nan=False))
st.register_type_strategy(float, st.floats(allow_nan=False))


def through_json(value: Any, kind: Any) -> Any:
    return decode(json.loads(json.dumps(encode(value, kind))), kind)


@given(st.from_type(DealSnapshot) | st.from_type(ContactSnapshot) | st.from_type(LeadSnapshot))
def test_any_snapshot_comes_back_as_it_was(snapshot: Snapshot) -> None:
    again = through_json(snapshot, Snapshot)
    assert again == snapshot
    assert repr(again) == repr(snapshot)  # the offsets of its times, too


@given(st.from_type(Policy))
def test_any_policy_comes_back_with_its_revision(policy: Policy) -> None:
    assert through_json(policy, Policy).revision == policy.revision


@pytest.mark.parametrize("snapshot", [a_deal(), a_contact(), a_lead()])
def test_the_examples_come_back(snapshot: Snapshot) -> None:
    assert through_json(snapshot, Snapshot) == snapshot


def test_a_policys_options_come_back() -> None:
    policy = a_policy(
        deal_stage=StageOptions(Mode.OBSERVE, {"C1:NEW": 3}),
        deal_inactive=InactiveOptions(window=Duration(days=45)),
    )
    assert through_json(policy, Policy) == policy


def test_what_looks_like_an_unread_is_none() -> None:
    """A list's choices come as a mapping, and a client may name a choice as he likes."""
    for choices in ({"$": "Unread", "code": "form"}, {"code": "form"}, {}, None, Unread(Why.FORM)):
        deal = a_deal(product_group_choices=choices)
        assert through_json(deal, Snapshot) == deal


@dataclass(frozen=True, slots=True)
class Small:
    number: int


@dataclass(frozen=True, slots=True)
class Grown:
    number: int
    pair: tuple[int, str] = (1, "a")
    names: Mapping[str, date] = field(default_factory=dict)
    word: Literal["any", "detailed"] = "any"
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Demanding:
    number: int
    needed: str


def test_a_field_with_a_default_may_be_missing_in_what_was_stored() -> None:
    assert decode(encode(Small(7), Small), Grown) == Grown(7)


def test_a_field_without_a_default_may_not() -> None:
    with pytest.raises(
        Undecodable, match=r"^Demanding\.needed was not stored by the version that wrote this$"
    ):
        decode(encode(Small(7), Small), Demanding)


def test_a_field_that_is_gone_is_refused() -> None:
    with pytest.raises(Undecodable, match=r"^Small\.names is unknown to this version$"):
        decode({"number": 1, "names": []}, Small)


GROWN = Grown(2, (3, "b"), {"я": date(2026, 1, 2)}, "detailed", 1.5)


def test_every_kind_of_field_comes_back() -> None:
    assert through_json(GROWN, Grown) == GROWN


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("number", "secret"),
        ("number", True),
        ("number", 1.5),
        ("pair", ["secret", 1]),
        ("pair", [1, "a", "secret"]),
        ("pair", {"secret": 1}),
        ("names", [["я", "secret"]]),
        ("names", {"я": "2026-01-02"}),
        ("word", "secret"),
        ("share", [1]),
        ("share", 1),
        ("share", {"$": "Secret"}),
        ("share", {"secret": 1}),
    ],
)
def test_what_does_not_fit_is_refused_and_not_repeated(name: str, stored: Any) -> None:
    with pytest.raises(Undecodable) as caught:
        decode({**encode(GROWN, Grown), name: stored}, Grown)
    assert "secret" not in str(caught.value)


def test_a_text_is_no_list_of_its_letters() -> None:
    with pytest.raises(Undecodable):
        decode("ab", tuple[str, ...])


def test_the_tag_of_another_dataclass_is_refused() -> None:
    with pytest.raises(Undecodable, match="Grown is unknown"):
        decode({"$": "Grown", "number": 7}, Small | Demanding)


@dataclass(frozen=True, slots=True)
class Wider(Small):
    more: int = 1


class Side(StrEnum):
    LEFT = "left"


class Hand(StrEnum):
    LEFT = "left"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Small("7"), Small),  # type: ignore[arg-type]
        (Small(True), Small),
        (Demanding(1, "a"), Small),
        (Wider(1), Small),
        (Wider(1), Small | None),
        ("left", Side),
        (Hand.LEFT, Side),
        ("left", Literal["right"]),
        ((1,), tuple[int, str]),
        ((1, "a", 2), tuple[int, str]),
        ([1], tuple[int, ...]),
        ((1, None), tuple[int, ...]),
        ({1: "a"}, Mapping[str, str]),
        ((("a", "b"),), Mapping[str, str]),
        (datetime(2026, 1, 2, tzinfo=UTC), date),
    ],
)
def test_a_value_of_another_type_is_not_stored(value: Any, kind: Any) -> None:
    with pytest.raises(TypeError):
        encode(value, kind)


def test_half_a_character_survives() -> None:
    deal = a_deal(title="\ud83d", product_group_choices={"\udc00": "a"})
    assert unpack_snapshot(pack_snapshot(deal)[0]) == deal


@pytest.mark.parametrize(
    "kind", [str | date, int | float, tuple[int, ...] | dict[str, int], Any | None, set[int], object]
)
def test_types_that_could_not_be_told_apart_are_refused_at_once(kind: Any) -> None:
    with pytest.raises(TypeError):
        codec_of(kind)
