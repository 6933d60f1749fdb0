"""The mark under our own words: found wherever the portal put markup round it, and in nobody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.signature import (
    digest_in,
    parse_own,
    parse_signature,
    sign,
    without_quotes,
)

DEAL = EntityRef(Kind.DEAL, 41)
SIGNED = sign("Всё хорошо", DEAL, "Контроль регламента")


@pytest.mark.parametrize("kind", [Kind.DEAL, Kind.CONTACT, Kind.LEAD])
@pytest.mark.parametrize("number", [1, 41, 10**18 - 1])
def test_a_mark_names_its_card(kind: Kind, number: int) -> None:
    ref = EntityRef(kind, number)
    assert parse_signature(sign("x", ref, "Контроль")) == ref


@pytest.mark.parametrize("tail", ["", "\n", " \r\n", "[/b]", "[/i][/b]\n", "<br>", "</p>\n", "&nbsp;"[:0]])
def test_what_a_portal_may_add_at_the_end_does_not_hide_the_mark(tail: str) -> None:
    assert parse_signature(SIGNED + tail) == DEAL
    assert digest_in(SIGNED + tail) == digest_in(SIGNED)


@pytest.mark.parametrize(
    "rewritten", [SIGNED.replace("\n", "\r\n"), SIGNED.replace("\n", "<br>"), f"[p]{SIGNED}[/p]"]
)
def test_the_digest_survives_a_portal_that_stores_the_text_otherwise(rewritten: str) -> None:
    assert digest_in(rewritten) == digest_in(SIGNED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Всё хорошо",
        f"{SIGNED}\nНе согласен, контакт есть!",
        f"[quote]{SIGNED}[/quote]\nСделано",
        "gk-d41",
        "gk-d41-0a1b2c3",
        "gk-d41-0A1B2C3D",
        "gk-x41-0a1b2c3d",
        "bgk-d41-0a1b2c3d",
        "gk-d-0a1b2c3d",
        "gk-d1234567890123456789-0a1b2c3d",
        "gk-d41-0a1b2c3d ага",
    ],
)
def test_what_a_person_wrote_bears_no_mark(text: str) -> None:
    assert parse_signature(text) is None
    assert digest_in(text) is None


def test_another_text_has_another_digest() -> None:
    assert digest_in(SIGNED) != digest_in(sign("Всё плохо", DEAL, "Контроль регламента"))


@given(st.text(max_size=200))
def test_any_text_can_be_signed_and_is_known_again(text: str) -> None:
    signed = sign(text, DEAL, "Контроль")
    assert parse_signature(signed) == DEAL
    assert signed.startswith(text)


ANSWER = "Обсудили рассрочку, клиент согласен, договор подпишем в пятницу в 16:00"
COPIES = [
    f"{ANSWER}\n{SIGNED}",
    f"{ANSWER}<br>{SIGNED.replace(chr(10), '<br>')}",
    f"{ANSWER}\n[quote]{SIGNED}[/quote]",
    f"{ANSWER}\r\n" + "\r\n".join(f"> {line}" for line in SIGNED.split("\n")),
]


@pytest.mark.parametrize("text", COPIES)
def test_an_answer_above_a_copy_of_our_note_is_a_persons_even_the_owners(text: str) -> None:
    assert parse_own(text, by_owner=False) is None
    assert parse_own(text, by_owner=True) is None
    assert without_quotes(text) == ANSWER


def test_a_mark_typed_under_ones_own_words_makes_them_nobody_elses() -> None:
    text = f"{ANSWER} · gk-d41-0a1b2c3d"
    assert parse_own(text, by_owner=False) is None
    assert without_quotes(text) == ANSWER


@pytest.mark.parametrize(
    "stored",
    [
        SIGNED,
        SIGNED.replace("\n", "\r\n"),
        SIGNED.replace("\n", "<br>"),
        f"[p]{SIGNED}[/p]",
        f"[p]\n{SIGNED}\n[/p]",
    ],
)
def test_our_note_is_ours_whoever_owns_the_webhook_today(stored: str) -> None:
    assert parse_own(stored, by_owner=False) == DEAL


def test_a_note_that_was_edited_is_ours_while_its_author_owns_the_webhook() -> None:
    edited = SIGNED.replace("Всё хорошо", "Я всё исправил!")
    assert parse_own(edited, by_owner=True) == DEAL
    assert parse_own(edited, by_owner=False) is None


def test_our_lines_copied_without_their_markup_are_no_content() -> None:
    note = sign("Сделка\n☐ [b]Контакт[/b] — нет\n☑ Лид", DEAL, "Контроль")
    plain = note.replace("[b]", "").replace("[/b]", "")
    assert without_quotes(f"{ANSWER}\n{plain}") == f"{ANSWER}\nСделка\nКонтроль"


@given(st.text(max_size=100), st.text(alphabet="аб\n", max_size=20))
def test_what_stands_above_a_copied_note_is_left_as_it_is(above: str, note: str) -> None:
    text = f"{ANSWER}{above}\n{sign(note, DEAL, 'Контроль')}"
    assert parse_own(text, by_owner=True) is None
    assert ANSWER in without_quotes(text)
