"""A comment taken apart into words with their forms, times and sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

from gatekeeper.judge.comments import english, english_times
from gatekeeper.judge.comments import times as russian_times
from gatekeeper.judge.comments.forms import Form, form_of
from gatekeeper.judge.comments.language import (
    WORD,
    Language,
    language_of,
    to_cyrillic,
)

_SENTENCE_END = re.compile(r"[.;!?…]+(?=\s|$)|\n|\s[-–—]\s")
LONG = 60  # words


class Word(NamedTuple):
    """A tuple, since one is made for every word and a frozen dataclass takes four times as long to make."""

    typed: str
    lemma: str
    form: Form
    sentence: int
    is_number: bool


class Time(NamedTuple):
    sentence: int
    typed: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A comment taken apart: the words outside of times, the times, and the sentences with a condition."""

    text: str
    words: tuple[Word, ...]
    times: tuple[Time, ...]
    conditions: frozenset[int]
    language: Language


def take_apart(text: str) -> Passage:
    """`text` is clean. What is transliterated Russian is read, and shown, in Russian letters.

    What is in a language that the judge does not know is taken apart as if it were Russian.
    """
    language = language_of(text)
    if language is Language.TRANSLITERATED:
        text = to_cyrillic(text)
    if language is Language.ENGLISH:
        text = english.spell_out(text)
    times_in = english_times if language is Language.ENGLISH else russian_times
    lower = text.lower()
    spans = times_in.find_times(lower)
    covered = frozenset(position for start, end in spans for position in range(start, end))
    ends = [match.start() for match in _SENTENCE_END.finditer(lower) if match.start() not in covered]
    found = [
        (match.group(), bisect_left(ends, match.start()))
        for match in WORD.finditer(lower if text.isupper() else text)
        if match.start() not in covered
    ]
    words = _english_words(found) if language is Language.ENGLISH else starmap(_word, found)
    times = tuple(Time(bisect_left(ends, start), lower[start:end].strip()) for start, end in spans)
    conditions = frozenset(bisect_left(ends, start) for start, _ in times_in.find_conditions(lower))
    return Passage(text, tuple(words), times, conditions, language)


def parts_of(passage: Passage) -> tuple[Passage, ...]:
    """Cut a long comment at the ends of sentences, lest what it says drown in what else it says."""
    if len(passage.words) <= LONG:
        return (passage,)
    parts: list[str] = [""]
    for sentence in re.split(r"(?<=[.;!?…])\s+|\n", passage.text):
        if len(f"{parts[-1]} {sentence}".split()) > LONG:
            parts.append("")
        parts[-1] = f"{parts[-1]}\n{sentence}"
    return (passage, *(take_apart(part.strip()) for part in parts))


def _word(typed: str, sentence: int) -> Word:
    form = form_of(typed)
    return Word(typed, form.lemma, form, sentence, typed[0].isdigit())


def _english_words(found: list[tuple[str, int]]) -> Iterator[Word]:
    """Leave out what Russian has no word for; a word's form depends on the two before it."""
    before: tuple[str, ...] = ()
    for typed, sentence in found:
        small = typed.casefold()
        if typed[0].isdigit() or not small.isascii():
            yield _word(typed, sentence)
        elif not english.is_dropped(small):
            form = english.form_in(small, before, capital=typed[0].isupper())
            yield Word(typed, english.base_of(small), form, sentence, is_number=False)
        before = (*before[-1:], small)
