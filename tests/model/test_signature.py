"""The mark under our own words: found wherever the portal put markup round it, and in nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.signature import (
    Signer,
    digest_in,
    is_whole,
    parse_signature,
    sign,
    without_quotes,
)

DEAL = EntityRef(Kind.DEAL, 41)
OWNER, ANNA = 1, 5
BIRTH = datetime(2026, 9, 1, 12, tzinfo=UTC)
BEFORE, AFTER = BIRTH - timedelta(seconds=1), BIRTH + timedelta(days=1)
SIGNER = Signer(b"a key of sixteen", BIRTH, OWNER)
STRANGER = Signer(b"another key of 16", BIRTH, OWNER)
SIGNED = sign("Всё хорошо", DEAL, "Контроль регламента")
SEALED = SIGNER.seal(SIGNED)


def whose(text: str, author: int = OWNER, at: datetime = AFTER, signer: Signer = SIGNER) -> EntityRef | None:
    return signer.card_of(text, author, at)


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
        f"{SIGNED}-0a1b2c3d",
        f"{SIGNED}-0A1B2C3D4E5F",
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


def test_a_no_break_space_that_became_a_space_changes_no_digest() -> None:
    note = sign("10\u00a0дней", DEAL, "Контроль")
    assert is_whole(note.replace("\u00a0", " "))


ANSWER = "Обсудили рассрочку, клиент согласен, договор подпишем в пятницу в 16:00"
COPIES = [
    f"{ANSWER}\n{SEALED}",
    f"{ANSWER}<br>{SEALED.replace(chr(10), '<br>')}",
    f"{ANSWER}\n[quote]{SEALED}[/quote]",
    f"{ANSWER}\r\n" + "\r\n".join(f"> {line}" for line in SEALED.split("\n")),
]


@pytest.mark.parametrize("text", COPIES)
@pytest.mark.parametrize("author", [OWNER, ANNA])
def test_an_answer_above_a_copy_of_our_note_is_a_persons_even_the_owners(text: str, author: int) -> None:
    assert whose(text, author) is None
    assert whose(text, author, BEFORE) is None
    assert without_quotes(text) == ANSWER


def test_a_mark_typed_under_ones_own_words_makes_them_nobody_elses() -> None:
    text = f"{ANSWER} · gk-d41-0a1b2c3d"
    assert whose(text, ANNA) is None
    assert whose(text, OWNER) is None
    assert without_quotes(text) == ANSWER


def test_a_note_that_anybody_can_compute_is_not_ours() -> None:
    """The digest needs no key: whoever signs their own words so is a person, the owner too."""
    for forged in (SIGNED, f"{SIGNED}-0123456789ab", STRANGER.seal(SIGNED)):
        assert whose(forged, ANNA) is None
        assert whose(forged, OWNER) is None
        assert whose(forged, ANNA, BEFORE) is None


def test_a_seal_is_of_one_card_and_one_text() -> None:
    seal = SEALED.rpartition("-")[2]
    other = sign("Всё плохо", DEAL, "Контроль регламента")
    assert whose(f"{other}-{seal}") is None
    assert whose(SEALED.replace("gk-d41", "gk-d42")) is None


STORED = [
    SEALED,
    SEALED.replace("\n", "\r\n"),
    SEALED.replace("\n", "<br>"),
    f"[p]{SEALED}[/p]",
    f"[p]\n{SEALED}\n[/p]",
]


@pytest.mark.parametrize("stored", STORED)
def test_our_note_is_ours_whoever_owns_the_webhook_today(stored: str) -> None:
    assert whose(stored, ANNA) == DEAL


@pytest.mark.parametrize("stored", STORED)
def test_with_a_new_key_the_owners_whole_notes_of_before_are_ours(stored: str) -> None:
    assert whose(stored, OWNER, BEFORE, STRANGER) == DEAL
    assert whose(stored, OWNER, AFTER, STRANGER) is None
    assert whose(stored, ANNA, BEFORE, STRANGER) is None
    assert whose(stored.replace("хорошо", "плохо"), OWNER, BEFORE, STRANGER) is None


def test_where_the_owner_is_unknown_only_the_seal_counts() -> None:
    nobody = Signer(SIGNER.key, BIRTH, None)
    assert whose(SEALED, ANNA, signer=nobody) == DEAL
    assert whose(SIGNED, 0, BEFORE, nobody) is None


def test_a_note_that_was_edited_is_ours_while_its_author_owns_the_webhook() -> None:
    edited = SEALED.replace("Всё хорошо", "Я всё исправил!")
    assert whose(edited, OWNER) == DEAL
    assert whose(edited, ANNA) is None
    assert not is_whole(edited)
    assert is_whole(SEALED)


def test_the_key_is_never_shown() -> None:
    assert "key" not in repr(SIGNER)


def test_only_a_signed_note_can_be_sealed() -> None:
    with pytest.raises(ValueError, match="signed"):
        SIGNER.seal("Всё хорошо")


def test_our_lines_copied_without_their_markup_are_no_content() -> None:
    note = sign("Сделка\n☐ [b]Контакт[/b] — нет\n☑ Лид", DEAL, "Контроль")
    plain = note.replace("[b]", "").replace("[/b]", "")
    assert without_quotes(f"{ANSWER}\n{plain}") == f"{ANSWER}\nСделка\nКонтроль"


@given(st.text(max_size=100), st.text(alphabet="аб\n", max_size=20))
def test_what_stands_above_a_copied_note_is_left_as_it_is(above: str, note: str) -> None:
    text = f"{ANSWER}{above}\n{SIGNER.seal(sign(note, DEAL, 'Контроль'))}"
    assert whose(text) is None
    assert ANSWER in without_quotes(text)
