"""Subject and agreement: two things, sought apart, each with the words that prove it and their weight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gatekeeper.text import vocabulary as voc
from gatekeeper.text.roles import Role, role_of, topic_weight
from gatekeeper.text.times import is_vague
from gatekeeper.text.words import Passage, form_of

_AMOUNT = re.compile(
    r"(?<![\w.])\d[\d ]{0,12}(?:[.,]\d{1,4})?\s?"
    r"(?:%|млн|тыс\w*|тр|т|к|руб\w*|р|м2?|кв|кг|л|км|шт|чел\w*|соток|тонн|мес\w*)(?!\w)|"
    r"\d{1,6}[.,]?\d{0,6}[*xх]\d|\d{4,}|(?:за|по|от|дорого|цена|стоит|скидк\w+)\s\d{1,3}(?![.:]?\d)"
)
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
    office, client = 0, False
    for typed, lemma, form, _, capital, _ in passage.words:
        weight = 2.0 if lemma in subject_words else topic_weight(form, capital=capital)
        if weight:
            found.setdefault(lemma, (typed, weight))
        office += lemma in voc.INTERNAL
        client = client or lemma in voc.CLIENTLY
    total = sum(weight for _, weight in found.values()) - office * (0.5 if client else 1.5)
    if any(word.is_number for word in passage.words):
        total += 0.5 * min(2, len(set(_AMOUNT.findall(passage.text))))
    return Evidence(tuple(typed for typed, _ in found.values()), total)


def find_agreement(passage: Passage, agreement_words: frozenset[str]) -> Evidence:
    """Find who does what next, and when; or what was settled; or that it is over."""
    found = [*_agreements(passage, agreement_words), *_appointments(passage)]
    words = tuple(dict.fromkeys(part for parts, _ in found for part in parts))
    return Evidence(words, sum(weight for _, weight in found))


def _agreements(passage: Passage, agreement_words: frozenset[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    dated = dict(reversed(passage.times))
    last, before, wished = "", "", -1
    for typed, lemma, form, sentence, _, _ in passage.words:
        role = role_of(form)
        negated = before in _NOT_YET or (wished == sentence and role.is_infinitive)
        if role.is_wish:
            wished = sentence
        elif role.is_finite:
            wished = -1
        if lemma in agreement_words:
            yield (typed,), 1.0
        elif lemma == "отказ":  # a note of its own closes; in a sentence it only tells what was said
            yield (typed,), 1.0 if typed in {passage.words[0].typed, passage.words[-1].typed} else 0.5
        elif role.closing:
            yield (typed,), role.closing
        elif negated and last == "больше" and form.is_verb:
            yield (last, before, typed), 1.0
        elif not negated and _is_dated(role, dated.get(sentence)):
            yield (typed, dated[sentence]), 1.0
        elif not negated and (weight := role.conditional if sentence in passage.conditions else role.undated):
            yield (typed,), weight
        last, before = before, typed.casefold()


def _is_dated(role: Role, time: str | None) -> bool:
    return role.may_be_dated and time is not None and not (role.needs_day and is_vague(time))


def _appointments(passage: Passage) -> Iterator[tuple[tuple[str, ...], float]]:
    """Find a day and an hour in one sentence: nobody names both but for a meeting."""
    for sentence in dict(passage.times):
        named = tuple(dict.fromkeys(time for number, time in passage.times if number == sentence))
        if len(named) > 1 and any(character.isdigit() for time in named for character in time):
            yield named, 1.0


def is_closed(passage: Passage) -> bool:
    return any(word.lemma in voc.CLOSING for word in passage.words)


@lru_cache(maxsize=64)
def lemmas_of(words: tuple[str, ...]) -> frozenset[str]:
    """Admins write words in any form."""
    return frozenset(form_of(word).lemma for word in words)
