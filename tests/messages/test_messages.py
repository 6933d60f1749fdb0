"""What people read: every rule and every problem of it, in both languages, and nothing of it is an attack."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.judge.examples import (
    NOON,
    a_comment,
    a_contact,
    a_deal,
    a_policy,
    another_contact,
)
from gatekeeper.judge.policy import RULE_IDS, Policy
from gatekeeper.judge.verdict import judge
from gatekeeper.messages import LANGUAGES, WORD_JOINER, Messages
from gatekeeper.messages.invisible import escape_invisible, is_invisible, without_invisible
from gatekeeper.messages.samples import STRICT, violations
from gatekeeper.model.cards import Multifield, Neighbours
from gatekeeper.model.findings import Violation
from gatekeeper.model.history import Revert
from gatekeeper.model.signature import parse_signature
from tests.typography import plain

LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|%\}|None|Undefined|\bnan\b")
BB_CODES = re.compile(r"\[/?(\w+)[^\]]*\]")
EVIL = "[url=https://evil.example]Приз[/url] [USER=1]Шеф[/USER] http://x.example www.y.example {{ 7*7 }}"


def broken(card: Any, policy: Policy = STRICT) -> tuple[Violation, ...]:
    return judge(card, policy, NOON).violations


ALL = violations()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("violation", ALL, ids=lambda each: f"{each.rule}-{each.facts.get('problem', '')}")
def test_every_problem_of_every_rule_can_be_said(language: str, violation: Violation) -> None:
    messages = Messages.in_language(language)
    with_markup = messages.render_violation(violation)
    plain = messages.render_violation(violation, markup=False)
    for text in (with_markup, plain):
        assert not LEFTOVERS.search(text)
        assert "\n" not in text
        assert "  " not in text
        assert not re.search(r" [.,;!?]", text)
    tags = [each.lower() for each in BB_CODES.findall(with_markup) if each.lower() != "url"]
    assert tags in (["b", "b"], ["b", "b", "i", "i"])
    assert all(link.startswith("/crm/") for link in re.findall(r"\[url=([^\]]*)", with_markup))
    assert not BB_CODES.search(plain)


@pytest.mark.parametrize("rule", RULE_IDS)
def test_both_languages_know_every_rule(rule: str) -> None:
    titles = [Messages.in_language(language).title(rule) for language in LANGUAGES]
    assert all(titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("rule", sorted({each.rule for each in ALL}))
def test_no_two_problems_of_a_rule_are_said_in_the_same_words(rule: str) -> None:
    """A manager acts on the words: were they one, the rule would find what it cannot say."""
    messages = Messages.in_language("ru")
    said = {repr(each.facts): messages.render_violation(each) for each in ALL if each.rule == rule}
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_card_says_has_no_power_in_the_comment(language: str) -> None:
    messages = Messages.in_language(language)
    evil_stage = replace(a_deal().pipeline, name=EVIL)
    cards = (
        a_contact(
            last_name=f"1{EVIL}", phones=(Multifield("WORK", EVIL),), emails=(Multifield("HOME", EVIL),)
        ),
        a_contact(last_name="", name="Тест " + EVIL),
        a_deal(comments=(a_comment(EVIL[:50]),)),
        a_deal(comments=(a_comment("www.y.example [b]НД[/b]"),)),
        a_deal(stage_id=EVIL, pipeline=evil_stage),
        a_contact(neighbours=Neighbours((another_contact(last_name=EVIL),))),
    )
    for card in cards:
        violations = broken(card)
        assert violations, card
        text = messages.render_comment(card, violations, (), None)
        assert {each.lower() for each in BB_CODES.findall(text)} <= {"b", "i", "url"}
        assert all(link.startswith("/crm/contact/") for link in re.findall(r"(?i)\[url=([^\]]*)", text))
        assert not re.search(r"(?i)https?:/|\bwww\.", text)
        assert parse_signature(text) == card.ref


def test_a_name_cannot_forge_the_signature_of_another_card() -> None:
    forged = "Тест\n· gk-d1-00000000"
    contact = a_contact(last_name=forged)
    text = Messages.in_language("ru").render_comment(contact, broken(contact), (), None)
    assert parse_signature(text) == contact.ref


INVISIBLE = [
    *map(chr, (0, 7, 8, 0x1B, 0x7F, 0x85, 0x9B)),
    *map(chr, (0xAD, 0x61C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)),
    *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029, 0xE0041, 0xD800)),
]
odd_text = st.text(st.sampled_from([*INVISIBLE, *"Ив анов[]/:.\n\thtps"]), max_size=30)
MESSAGES = Messages.in_language("ru")


@given(name=odd_text)
def test_no_invisible_character_of_a_name_passes_into_a_note_or_a_notice(name: str) -> None:
    contact = a_contact(last_name=name, emails=(Multifield("HOME", name),))
    note = MESSAGES.render_comment(contact, broken(contact), (), None)
    line = MESSAGES.render("{{ names | join(', ') }}", names=[name, f"www.{name}"])
    for text in (note, line):
        shown = text.replace(WORD_JOINER, "")  # ours, where it keeps a link from being one
        assert [each for each in shown if is_invisible(each) and each != "\n"] == []


@given(name=odd_text)
def test_what_can_be_seen_of_a_name_stays(name: str) -> None:
    assert (
        without_invisible(name).split()
        == "".join(each for each in name if each.isspace() or each not in INVISIBLE).split()
    )


def test_a_name_cannot_turn_its_note_round_or_add_lines_to_it() -> None:
    contact = a_contact(last_name="\u202eИва\u200bнов\n\x1b[2J", emails=(Multifield("HOME", "x\u2066y"),))
    text = MESSAGES.render_comment(contact, broken(contact), (), None)
    assert "x\u2066" not in text
    assert "xy" in text


@given(st.text(max_size=30) | odd_text)
def test_a_text_escaped_for_the_log_shows_all_that_was_there(text: str) -> None:
    escaped = escape_invisible(text)
    assert not any(map(is_invisible, escaped))
    assert (
        re.sub(
            r"\\(x..|u....|U........|[nrt])",
            lambda found: found[0].encode().decode("unicode_escape"),
            escaped,
        )
        == text
        or "\\" in text
    )


def test_a_defused_text_reads_the_same() -> None:
    contact = a_contact(emails=(Multifield("HOME", "[b]https://a.example[/b]"),))
    text = Messages.in_language("ru").render_comment(contact, broken(contact), (), None)
    assert "［b］https" in text
    assert "://a.example［/b］" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refused", [False, True])
def test_a_move_back_names_stages_and_reasons_by_the_names_people_know(language: str, refused: bool) -> None:
    messages = Messages.in_language(language)
    revert = Revert("EXECUTING", "NEW", NOON, NOON, ("deal.contact", "deal.products"), refused=refused)
    deal = a_deal(contact_ids=())
    text = messages.render_comment(deal, broken(deal), (), revert)
    line = plain(text).splitlines()[1]
    named = ("В работе", "Новая", messages.title("deal.contact"), messages.title("deal.products"))
    assert all(name.lower() in line.lower() for name in named)
    assert not LEFTOVERS.search(text)


def test_a_stage_that_is_gone_is_named_by_its_code() -> None:
    revert = Revert("UC_GONE", "NEW", NOON, NOON, ("deal.contact",))
    assert "UC_GONE" in Messages.in_language("ru").render_comment(a_deal(), (), (), revert)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_cured_is_ticked_and_what_is_not_is_listed(language: str) -> None:
    messages = Messages.in_language(language)
    deal = a_deal(contact_ids=())
    violations = broken(deal, a_policy())
    lines = plain(messages.render_comment(deal, violations, ("deal.products",), None)).splitlines()
    assert [line[0] for line in lines[1:-1]] == ["☐", "☑"]
    assert messages.title("deal.products") in lines[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_all_clear_lists_nothing(language: str) -> None:
    text = Messages.in_language(language).render_comment(a_deal(), (), ("deal.products",), None)
    assert len(text.splitlines()) == 2
    assert "☐" not in text


@pytest.mark.parametrize("language", ["de", "", "RU", "../ru"])
def test_a_language_that_there_is_none_of_is_an_error(language: str) -> None:
    with pytest.raises(ValueError, match="only in ru, en"):
        Messages.in_language(language)


@pytest.mark.parametrize(("language", "day"), [("ru", "07.02.2026"), ("en", "7 February 2026")])
def test_days_are_written_as_the_language_writes_them(language: str, day: str) -> None:
    facts = {"problem": "outstayed", "stage": "Новая", "since": "2026-02-07", "max_days": 7}
    assert day in Messages.in_language(language).render_violation(Violation("deal.stage", facts))
