"""English is judged, transliterated Russian is Russian, other languages are not judged."""

from __future__ import annotations

import pytest

from benchmarks.comments import Row, read_comments, read_unseen
from gatekeeper.judge.comments import DEFAULT_LEXICON, Reason, judge_comment
from gatekeeper.judge.comments.english_times import find_times
from gatekeeper.judge.comments.language import Language, language_of

AGREED = "Talked to Ann about the CRM migration, she fears for the data. Agreed on a demo next Tuesday at 3pm"


def share_right(rows: list[Row]) -> float:
    return sum(judge_comment(row.text).detailed == (row.label == "1") for row in rows) / len(rows)


@pytest.mark.parametrize(("batch", "least"), [("e2", 0.93), ("t2", 0.88)])
def test_batches_that_nothing_was_fitted_to_are_judged_as_labelled(batch: str, least: float) -> None:
    rows = [row for row in read_unseen() if row.batch == batch]
    assert len(rows) >= 40
    assert share_right(rows) >= least


def test_english_comments_fitted_to_are_judged_as_labelled() -> None:
    rows = [row for row in read_comments() if row.batch == "e1"]
    assert len(rows) == 40
    assert share_right(rows) >= 0.95


def test_half_of_an_english_report_is_no_report_whichever_half_it_is() -> None:
    subject, agreement = AGREED.split(". ")
    assert judge_comment(AGREED).detailed
    assert Reason.NO_AGREEMENT in judge_comment(subject).reasons
    assert judge_comment("Agreed to talk next Tuesday at 3pm").reasons == (Reason.NO_SUBJECT,)
    assert "CRM" not in judge_comment(agreement).subject


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("No answer", Reason.STOP_PHRASE),
        ("Call back later", Reason.STOP_PHRASE),
        ("call call call client client test test", Reason.PADDING),
        ("Dear customer, thank you for contacting us! We will get back to you shortly", Reason.TEMPLATE),
        ("asdasd qweqwe zxczxc tomorrow at 5pm", Reason.NOT_TEXT),
    ],
)
def test_an_english_refusal_names_what_is_wrong(text: str, reason: Reason) -> None:
    assert reason in judge_comment(text).reasons


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("pays by Friday, we call on 14 May at 10:00", ["by friday", "on 14 may", "at 10:00"]),
        ("tomorrow at 3pm", ["tomorrow", "at 3pm"]),
        ("next week or in two days", ["next week", "in two days"]),
        ("by the end of the month", ["by the end of the month"]),
        ("may cost 300, room 12, 3 months of delay", []),
        ("the sun sat on the roof", []),
    ],
)
def test_english_times_are_found_as_people_type_them(text: str, times: list[str]) -> None:
    lower = text.lower()
    assert [lower[start:end] for start, end in find_times(lower)] == times


@pytest.mark.parametrize(
    "text",
    [
        "Der Kunde will eine neue Heizung, wir treffen uns am Freitag um 10 Uhr",
        "El cliente quiere una caldera nueva, quedamos el viernes por la mañana",
        "Müşteri yeni bir kombi istiyor, cuma günü görüşeceğiz",
        "Клієнт хоче новий котел, домовилися на п'ятницю о 10, їде дружина",
        "Клиент қазан алғысы келеді, жұма күні сағат 10-да кездесеміз",
    ],
)
def test_what_is_neither_russian_nor_english_is_not_judged(text: str) -> None:
    judgement = judge_comment(text)
    assert judgement.reasons == (Reason.UNKNOWN_LANGUAGE,)
    assert not judgement.judged
    assert not judgement.detailed


@pytest.mark.parametrize(
    "text",
    ["lkjhsdf oiuwer mnbxcv poiqwe", "asdf ghjk zxcv qwer 12:00", "ghbdtn rfr ltkf pfdnhf", "Bosch Miele"],
)
def test_letters_that_are_no_language_do_not_pass_for_a_foreign_one(text: str) -> None:
    judgement = judge_comment(text)
    assert judgement.judged
    assert not judgement.detailed


def test_transliterated_russian_is_judged_as_russian() -> None:
    text = "Klient hochet remont vannoy i teplyy pol, zamershchik priedet v pyatnicu v 10"
    assert language_of(text) is Language.TRANSLITERATED
    assert judge_comment(text).detailed
    assert Reason.NO_AGREEMENT in judge_comment("Klient hochet remont vannoy i teplyy pol").reasons


def test_a_russian_comment_full_of_brands_is_russian() -> None:
    text = "Daikin FTXB35 в зал, Haier Flexis в спальню, монтаж в чт с 10"
    assert language_of(text) is Language.RUSSIAN
    assert judge_comment(text).detailed


def test_english_words_of_the_admins_are_met_in_any_form() -> None:
    subject = "Agreed to talk about it on Monday at 10"
    assert Reason.NO_SUBJECT in judge_comment(subject).reasons
    assert judge_comment(subject, DEFAULT_LEXICON.extended(subject_words=["talking"])).detailed
    agreement = "Wants a gas boiler for a house with an attic, ghosted by the foreman"
    assert judge_comment(agreement, DEFAULT_LEXICON.extended(agreement_words=["ghost"])).detailed
    assert judge_comment("gone fishing", DEFAULT_LEXICON.extended(stop_phrases=["Gone fishing"])).reasons == (
        Reason.STOP_PHRASE,
    )
