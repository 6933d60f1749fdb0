"""Markup, times and word lists: the parts of which the comment judge is made."""

from __future__ import annotations

import pytest

from gatekeeper.judge.comments import DEFAULT_LEXICON, Reason, judge_comment
from gatekeeper.judge.comments.clean import clean
from gatekeeper.judge.comments.forms import form_of
from gatekeeper.judge.comments.signals import count_signals
from gatekeeper.judge.comments.times import find_times
from gatekeeper.judge.comments.words import take_apart


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("[b]жирно[/b] и [url=https://example.com]ссылка[/url]", "жирно и ссылка"),
        ("раз<br>два<br/>три", "раз\nдва\nтри"),
        ("цена&nbsp;5&amp;nbsp;тыс", "цена 5 тыс"),
        ("Ёлка ёж", "Елка еж"),
        ("и\u0306од", "йод"),
        ("12.03.2021 12:01 Пётр: беру\nЯ: записал", "беру\nзаписал"),
        ("[описать суть]", "[описать суть]"),
        ("см. https://example.com/a?b=1 там", "см. там"),
    ],
)
def test_markup_goes_and_words_stay(text: str, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("пт 28.02.20 16.00", ["пт", "28.02.20", "16.00"]),
        ("в пн-вт", ["пн-вт"]),
        ("15го", ["15го"]),
        ("после 20", ["после 20"]),
        ("до обеда", ["до обеда"]),
        ("14-30", ["14-30"]),
        ("к 5 июля", ["к 5 июля"]),
        ("2.09 9:00", ["2.09", "9:00"]),
        ("через две недели", ["через две недели"]),
        ("послезавтра в 9 утра", ["послезавтра", "в 9 утра"]),
        ("справка до 10.07, позже", ["10.07"]),
        ("вс 12, пн17 или чт 15ч", ["вс 12", "пн17", "чт 15ч"]),
        ("сег до полуночи", ["сег", "до полуночи"]),
        ("между 10 и 11", ["между 10 и 11"]),
    ],
)
def test_times_are_found_as_people_type_them(text: str, times: list[str]) -> None:
    assert [text[start:end] for start, end in find_times(text)] == times


@pytest.mark.parametrize(
    "text",
    [
        "после 9 класса",
        "балл 4.2",
        "3 года и 10 месяцев",
        "на 6 процедур",
        "2,4*1,8",
        "до 80 тыс",
        "с 1 курса",
        "в год",
        "завтрак включён",
        "субсидия",
    ],
)
def test_grades_sizes_prices_and_spans_are_no_times(text: str) -> None:
    assert find_times(text) == []


@pytest.mark.parametrize(
    ("typed", "lemma"),
    [
        ("опл", "оплата"),
        ("закр", "закрыть"),
        ("предопл", "предоплата"),
        ("созвонися", "созвониться"),
        ("быстр", "быстрый"),  # a word of its own, though short
        ("балаяж", "балаяж"),  # unknown, and like none of ours
    ],
)
def test_a_word_cut_short_or_mistyped_is_taken_for_the_one_that_is_meant(typed: str, lemma: str) -> None:
    assert form_of(typed).lemma == lemma


def test_what_a_word_is_counted_as_depends_on_where_it_stands() -> None:
    dated = count_signals(take_apart("замерщик приедет в пятницу. хозяин будет дома весь день"))
    undated = count_signals(take_apart("замерщик приедет. хозяин будет дома весь день"))
    negated = count_signals(take_apart("замерщик не приедет. хозяин будет дома весь день"))
    assert "dated act" in dated
    assert "act" in undated
    assert "dated act" not in undated
    assert "not act" in negated
    assert "act" not in negated


def test_an_added_subject_word_says_by_itself_what_was_talked_about() -> None:
    text = "Договорились на созвон в пн в 10 по ЛВ"
    assert Reason.NO_SUBJECT in judge_comment(text).reasons
    assert judge_comment(text, DEFAULT_LEXICON.extended(subject_words=["лв"])).detailed


def test_an_added_agreement_word_is_met_in_any_form() -> None:
    text = "Хочет газовый котёл на дом с мансардой, замдиректора отгрустил"
    assert Reason.NO_AGREEMENT in judge_comment(text).reasons
    assert judge_comment(text, DEFAULT_LEXICON.extended(agreement_words=["отгрустить"])).detailed


def test_an_added_stop_phrase_is_met_mistyped_and_in_capitals() -> None:
    lexicon = DEFAULT_LEXICON.extended(stop_phrases=["Ушёл в закат"])
    assert judge_comment("УШЕЛ В ЗАКТА", lexicon).reasons == (Reason.STOP_PHRASE,)
    assert judge_comment("УШЕЛ В ЗАКТА").reasons != (Reason.STOP_PHRASE,)


def test_an_added_template_phrase_makes_a_template_of_half_a_report() -> None:
    text = "Котлы и камины с доставкой по области"
    assert judge_comment(text, DEFAULT_LEXICON.extended(template_phrases=["котлы и камины"])).reasons == (
        Reason.TEMPLATE,
    )


def test_an_extended_lexicon_leaves_the_default_as_it_was() -> None:
    before = DEFAULT_LEXICON.stop_phrases
    DEFAULT_LEXICON.extended(stop_phrases=["ушёл в закат"])
    assert DEFAULT_LEXICON.stop_phrases == before
