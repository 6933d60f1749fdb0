"""Rule 3 of the regulations on whole comments: what is admitted, what is refused, and why."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.judge.comments import DEFAULT_LEXICON, Reason, judge_comment
from gatekeeper.judge.comments.clean import clean
from gatekeeper.judge.comments.signals import count_signals
from gatekeeper.judge.comments.weights import ALWAYS, FITTED
from gatekeeper.judge.comments.words import take_apart

DATA = Path(__file__).parents[2] / "data"
MODEL = (
    "Планирует поступление на СПО ПКО ИС 2020, готов оплачивать, мама поддерживает, "
    "БПМ у обоих комфорт и престиж, назначили ЛВ на пт 28.02.20 16.00"
)


def labelled(name: str) -> list[tuple[str, str]]:
    """Label and text of the rows that are not disputable."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["label"], row["text"].replace("\\n", "\n")) for row in rows if row["label"] != "b"]


LABELLED = ["comments.tsv", "comments_more.tsv", "comments_blind.tsv"]
ADDED = ["comments_trades.tsv", "comments_english.tsv"]


# The weights are fitted to these very rows: what the next two prove is that weights, word lists and code
# still belong together, not how well a new comment is judged. That is what `make bench` prints.
@pytest.mark.parametrize("name", LABELLED)
def test_ninety_six_of_a_hundred_comments_fitted_to_are_judged_as_labelled(name: str) -> None:
    rows = labelled(name)
    right = sum(judge_comment(text).detailed == (label == "1") for label, text in rows)
    assert len(rows) >= 220
    assert right / len(rows) >= 0.96


def test_comments_that_nothing_was_fitted_to_are_judged_as_labelled() -> None:
    """Admissions and 36 other trades, by somebody who did not know the judge. Keep them out of the fit."""
    rows = labelled("comments_holdout.tsv")
    right = sum(judge_comment(text).detailed == (label == "1") for label, text in rows)
    assert len(rows) == 200
    assert right / len(rows) >= 0.95


@pytest.mark.parametrize("name", LABELLED)
def test_hardly_any_detailed_comment_fitted_to_is_accused(name: str) -> None:
    detailed = [text for label, text in labelled(name) if label == "1"]
    assert sum(not judge_comment(text).detailed for text in detailed) <= len(detailed) * 0.04


def test_every_weight_is_that_of_a_signal_which_some_labelled_comment_raises() -> None:
    raised = {
        signal
        for name in [*LABELLED, *ADDED]
        for _, text in labelled(name)
        for signal in count_signals(take_apart(clean(text)))
    }
    assert set(FITTED) - raised == {ALWAYS}


def test_a_comment_is_detailed_if_both_halves_together_are_likelier_there_than_not() -> None:
    def judged(subject: float, agreement: float) -> tuple[Reason, ...]:
        return judge_comment("котёл привезли вчера поздно", weights={ALWAYS: (subject, agreement)}).reasons

    sure = 30.0
    assert judged(sure, 0.01) == ()
    assert judged(sure, -0.01) == (Reason.NO_AGREEMENT,)
    assert judged(-0.01, sure) == (Reason.NO_SUBJECT,)
    assert judged(-0.01, -0.02) == (Reason.NO_SUBJECT, Reason.NO_AGREEMENT)
    assert judged(0.5, 0.6) == (Reason.NO_SUBJECT,)  # either is likely, both together are not
    assert judged(1.0, 1.0) == ()


@pytest.mark.parametrize(
    "text",
    [
        MODEL,
        MODEL.upper(),
        MODEL.lower(),
        f"[b]{MODEL}[/b]",
        f"<p>{MODEL}</p>".replace(" ", "&nbsp;"),
        "НД, НД, потом дозвонился: хочет заменить котёл на газовый, замерщик приедет в чт к 11",
        "Отказ: нашли котёл дешевле у соседа. Закрыл сделку",
        "Каско с франшизой 61 тысяча, согласился, полис оформили электронно",
        "Жалоба на сквозняк из окна. Прислали мастера, отрегулировал, претензий больше нет",
        "Папа за вечернюю группу, мама против. Договорились, что приедут вдвоём в субботу",
        "Daikin FTXB35 в зал, Haier Flexis в спальню, монтаж чт с 10",
        "12:01 Клиент: почём баня 6х4 из бруса?\n12:02 Иван: 780 тысяч\n12:05 Клиент: беру, в субботу приеду",
    ],
)
def test_what_was_talked_about_and_what_was_agreed_make_a_comment_detailed(text: str) -> None:
    assert judge_comment(text).reasons == ()
    assert judge_comment(text).detailed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("НД", Reason.STOP_PHRASE),
        ("н.д.", Reason.STOP_PHRASE),
        ("[i]пере<b>звон</b>[/i]", Reason.STOP_PHRASE),
        ("Провёл консультацию, клиент принял к сведению", Reason.NO_AGREEMENT),
        ("Провёл консультацию, клиент принял к сведению", Reason.NO_SUBJECT),
        ("Договорились созвониться завтра в 15:00", Reason.NO_SUBJECT),
        ("Ищет котёл на дом 120 метров, спрашивал про гарантию и монтаж", Reason.NO_AGREEMENT),
        ("котёл котёл котёл завтра завтра завтра", Reason.PADDING),
        ("", Reason.NOT_TEXT),
        ("!!! ... ???", Reason.NOT_TEXT),
        ("https://example.com/kotel", Reason.NOT_TEXT),
        ("фывапр олджэ ячсмит", Reason.NOT_TEXT),
        ("Здравствуйте, {имя}! Котёл готов, монтаж завтра в 10", Reason.TEMPLATE),
        ("О чём говорили:\nДоговорённости:\nСрок:", Reason.TEMPLATE),
        ("Смирнова Ольга Петровна, тел. 8 000 000-00-01, smirnova@example.com", Reason.CONTACT_DATA),
        ("8 (000) 000-00-01", Reason.CONTACT_DATA),
        ("котёл дорого", Reason.TOO_SHORT),
        ("апролд авыфпр ваыпр 14.05 в 12:00", Reason.NOT_TEXT),
        ("Ааааа оооо ииии завтра в 10", Reason.NOT_TEXT),
        ("фывапр поговорили о сотрудничестве олджэ, встреча в среду", Reason.NO_SUBJECT),
        ("оформили, оплатил, забрал", Reason.NO_SUBJECT),
        ("боится наркоза, мама против брекетов", Reason.NO_AGREEMENT),
        ("жалоба на гул и запах из кондиционера, фильтры чистил сам", Reason.NO_AGREEMENT),
    ],
)
def test_a_refusal_names_what_is_wrong(text: str, reason: Reason) -> None:
    judgement = judge_comment(text)
    assert not judgement.detailed
    assert reason in judgement.reasons


@pytest.mark.parametrize(
    "text", ["перезвон", "ПЕРЕЗВОН!!!", "не дозвон", "НДЗ", "ндз ндз", "недозвн", "пиризвонить", "прзвн"]
)
def test_a_stop_phrase_is_met_in_any_spelling(text: str) -> None:
    assert judge_comment(text).reasons[0] is Reason.STOP_PHRASE


def test_half_of_a_report_is_no_report_whichever_half_it_is() -> None:
    subject, agreement = "Хочет газовый котёл на дом с мансардой.", "Приедет в пт к 16."
    assert judge_comment(subject).reasons == (Reason.NO_AGREEMENT,)
    assert judge_comment(agreement).reasons == (Reason.NO_SUBJECT,)
    assert judge_comment(f"{subject} {agreement}").detailed


def test_the_evidence_for_either_half_is_shown_as_typed() -> None:
    judgement = judge_comment("Хочет газовый котёл, замерщик приедет в пятницу")
    assert {"газовый", "котел"} <= set(judgement.subject)
    assert {"приедет", "пятницу"} <= set(judgement.agreement)


def test_a_comment_of_a_hundred_thousand_characters_is_judged_by_its_beginning() -> None:
    assert judge_comment(MODEL + "\n" + "приложение " * 10_000).detailed == judge_comment(MODEL).detailed


def test_a_report_is_found_in_the_midst_of_much_else() -> None:
    chatter = (
        "Разговор получился долгий и очень приятный, человек вежливый. Вспомнили прошлый год, посмеялись. "
        "Рассказала про внуков, про погоду, про то, как быстро летит время. Слушала внимательно. "
        "Благодарила за терпение и доброе отношение, сказала много тёплых слов. Настроение у всех хорошее. "
    )
    assert not judge_comment(chatter).detailed
    assert judge_comment(f"{chatter}{MODEL}. {chatter}").detailed


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_judged_the_same_twice_and_detailed_means_no_reasons(text: str) -> None:
    judgement = judge_comment(text)
    assert judge_comment(text, DEFAULT_LEXICON) == judgement
    assert judgement.detailed == (not judgement.reasons)


@pytest.mark.process
def test_importing_the_judge_opens_no_dictionary_and_pulls_in_no_framework() -> None:
    script = (
        "import sys, gatekeeper.judge.comments; from gatekeeper.judge.comments.forms import _analyzer; "
        "print(_analyzer.cache_info().currsize, {'flask', 'requests', 'sqlalchemy'} & set(sys.modules))"
    )
    seen = run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["0", "set()"]
