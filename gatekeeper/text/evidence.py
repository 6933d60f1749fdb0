"""Subject and agreement: two things, sought apart, each with the words that prove it and their weight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gatekeeper.text import vocabulary as voc
from gatekeeper.text.words import Passage, Word, form_of

_CONTENT_PARTS = frozenset({"NOUN", "ADJF", "ADJS", "PRTF", "PRTS"})
_VERB_PARTS = frozenset({"VERB", "INFN", "GRND"})
_NAME_TRAITS = frozenset({"Name", "Surn", "Patr"})
_TIMELY = frozenset(["месяц", "год", "неделя", "день", "час", "минута", "квартал", "полгода", "сутки"])
_AMOUNT = re.compile(
    r"(?<![\w.])\d[\d ]{0,12}(?:[.,]\d{1,4})?\s?"
    r"(?:%|млн|тыс\w*|тр|т|к|руб\w*|р|м2?|кв|кг|л|км|шт|чел\w*|соток|тонн|мес\w*)(?!\w)|"
    r"\d{1,6}[.,]?\d{0,6}[*xх]\d|\d{4,}|(?:за|по|от|дорого|цена|стоит|скидк\w+)\s\d{1,3}(?![.:]?\d)"
)
_TOPICLESS = voc.GENERIC | voc.LOGISTICS | voc.INTERNAL | voc.FILLER
_CLOSED = ("закры", "проиг", "архив", "расторг", "аннул", "удал")
_NOT_YET = frozenset({"не", "ни", "без", "нет"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words as typed, and the sum of what they weigh."""

    words: tuple[str, ...]
    weight: float


def find_subject(passage: Passage, subject_words: frozenset[str]) -> Evidence:
    """Find what the talk was about: every word that is not true of any talk.

    A noun, adjective, abbreviation or foreign word weighs 1; a verb, word of paying, place or amount 0.5.
    Words of office work weigh against it, more so where no client is in sight.
    """
    found: dict[str, tuple[str, float]] = {}
    office = sum(word.lemma in voc.INTERNAL for word in passage.words)
    per_word = 0.5 if any(word.lemma in voc.CLIENTLY for word in passage.words) else 1.5
    for word in passage.words:
        weight = 2.0 if word.lemma in subject_words else _topic_weight(word)
        if weight:
            found.setdefault(word.lemma, (word.typed, weight))
    total = sum(weight for _, weight in found.values())
    total += 0.5 * min(2, len(set(_AMOUNT.findall(passage.text))))
    return Evidence(tuple(typed for typed, _ in found.values()), total - office * per_word)


def _topic_weight(word: Word) -> float:
    lemma, form = word.lemma, word.form
    if word.is_number or len(word.typed) < 2 or lemma in _TIMELY or form.traits & _NAME_TRAITS:
        return 0
    if lemma in _TOPICLESS:
        return 0
    if lemma in voc.MONEY:
        return 0.5
    if form.part in _VERB_PARTS:
        return 0 if _is_service_verb(lemma) else 0.5
    if form.part in _CONTENT_PARTS or "LATN" in form.traits or not form.known:
        return 0.5 if "Geox" in form.traits or (word.capital and form.part == "ADJF") else 1
    return 0.5 if form.part == "ADVB" and len(lemma) > 6 else 0


def _is_service_verb(lemma: str) -> bool:
    return lemma in voc.ACTS or lemma in voc.EMPTY_VERBS or lemma in voc.AGREED or lemma in voc.CLOSING


def find_agreement(passage: Passage, agreement_words: frozenset[str]) -> Evidence:
    """Find who does what next, and when; or what was settled; or that it is over."""
    dated = dict(reversed(passage.times))
    conditional = set(passage.conditions)
    found = [*_agreements(passage, agreement_words, dated, conditional), *_appointments(passage)]
    words = tuple(dict.fromkeys(part for typed, _ in found for part in typed.split("|")))
    return Evidence(words, sum(weight for _, weight in found))


def _agreements(
    passage: Passage, agreement_words: frozenset[str], dated: dict[int, str], conditional: set[int]
) -> Iterator[tuple[str, float]]:
    earlier, before, wished = "", "", -1
    for word in passage.words:
        negated = before in _NOT_YET or (wished == word.sentence and word.form.part == "INFN")
        if word.lemma in voc.WISHES:
            wished = word.sentence
        elif word.form.is_verb and word.form.part != "INFN":
            wished = -1
        time = dated.get(word.sentence)
        last, earlier, before = earlier, before, word.typed.casefold()
        if word.lemma in agreement_words:
            yield word.typed, 1.0
        elif word.lemma in voc.CLOSING:
            yield word.typed, _closing_weight(word, passage)
        elif negated and last == "больше" and word.form.is_verb:
            yield f"больше|не|{word.typed}", 1.0
        elif negated:
            continue
        elif time and _may_be_dated(word):
            yield f"{word.typed}|{time}", 1.0
        else:
            weight = _undated_weight(word, has_condition=word.sentence in conditional)
            if weight:
                yield word.typed, weight


def _appointments(passage: Passage) -> Iterator[tuple[str, float]]:
    """Find a day and an hour in one sentence: nobody names both but for a meeting."""
    for sentence in dict.fromkeys(number for number, _ in passage.times):
        named = dict.fromkeys(time for number, time in passage.times if number == sentence)
        if len(named) > 1 and any(character.isdigit() for time in named for character in time):
            yield "|".join(named), 1.0


def is_closed(passage: Passage) -> bool:
    return any(word.lemma in voc.CLOSING for word in passage.words)


def _closing_weight(word: Word, passage: Passage) -> float:
    """«Отказ» as a note of its own closes; in a sentence it only tells what was said."""
    if word.lemma == "отказ":
        return 1.0 if word in (passage.words[0], passage.words[-1]) else 0.5
    return 1.0 if word.lemma.startswith(_CLOSED) else 0.5


def _may_be_dated(word: Word) -> bool:
    """Something that can be done on a day, and is not said to be over."""
    form = word.form
    if word.lemma in voc.ACT_NOUNS or word.lemma in voc.ARRANGED or _settles(word):
        return True
    if not form.is_verb or form.tense == "past" or word.lemma in voc.LIFE:
        return False
    return (
        word.lemma in voc.ACTS or form.tense == "futr" or form.person == "1per" or word.lemma in voc.DECIDING
    )


def _undated_weight(word: Word, *, has_condition: bool) -> float:
    form = word.form
    if _settles(word):
        return 0.5 if form.part in {"PRTS", "PRTF"} else 1.0
    if form.tense == "pres" and word.lemma in voc.DECIDING:
        return 1.0 if form.person == "1per" else 0.6
    if form.tense in {"futr", "pres"} and word.lemma in voc.ACTS:
        if has_condition:
            return 1.0
        return 0.6 if form.tense == "futr" and word.lemma in voc.DELIVERING else 0.4 * (form.tense == "futr")
    return 0


def _settles(word: Word) -> bool:
    return (word.form.is_done and word.lemma in voc.AGREED) or (
        word.lemma in {"согласный", "ок"} and word.form.part == "ADJS"
    )


@lru_cache(maxsize=64)
def lemmas_of(words: tuple[str, ...]) -> frozenset[str]:
    """Admins write words in any form."""
    return frozenset(form_of(word).lemma for word in words)
