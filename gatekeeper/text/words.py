"""Words and their dictionary forms."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from pymorphy3 import MorphAnalyzer
from pymorphy3.tagset import OpencorporaTag

from gatekeeper.text.slips import meant_by
from gatekeeper.text.times import find_conditions, find_times

_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*|\d[\d.,]*")
_READABLE = re.compile(r"[\d.,/\-a-z\u00c0-\u024f\u0400-\u04ff]+")
_SENTENCE_END = re.compile(r"[.;!?…]+(?=\s|$)|\n|\s[-–—]\s")
LONG = 60  # words
_VERB_PARTS = frozenset({"VERB", "INFN"})


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What the dictionary says about one spelling; `part` is OpenCorpora's part of speech, "" when none.

    Compared by identity, so that what follows from a form can be looked up fast: each spelling has one form.
    """

    lemma: str
    part: str
    tense: str
    person: str
    traits: frozenset[str]
    known: bool

    @property
    def is_verb(self) -> bool:
        return self.part in _VERB_PARTS


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


def take_apart(text: str) -> Passage:
    """`text` is clean."""
    lower = text.lower()
    spans = find_times(lower)
    covered = frozenset(position for start, end in spans for position in range(start, end))
    ends = [match.start() for match in _SENTENCE_END.finditer(lower) if match.start() not in covered]
    shown = lower if text.isupper() else text
    words = tuple(
        _word(match, bisect_left(ends, match.start()))
        for match in _WORD.finditer(shown)
        if match.start() not in covered
    )
    times = tuple(Time(bisect_left(ends, start), lower[start:end].strip()) for start, end in spans)
    conditions = frozenset(bisect_left(ends, start) for start, _ in find_conditions(lower))
    return Passage(text, words, times, conditions)


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


def _word(match: re.Match[str], sentence: int) -> Word:
    typed = match.group()
    form = form_of(typed)
    return Word(typed, form.lemma, form, sentence, typed[0].isdigit())


def form_of(word: str) -> Form:
    return _form(word.casefold().replace("ё", "е"))


@lru_cache(maxsize=100_000)
def _form(word: str) -> Form:
    if not _READABLE.fullmatch(word):  # the analyzer breaks at letters that Unicode has no name for
        return Form(word, "", "", "", frozenset(), known=True)
    best = _analyzer().parse(word)[0]
    lemma = best.normal_form.replace("ё", "е")
    meant = None if best.is_known else meant_by(word, lemma)
    if meant and meant != word and meant.startswith(word):  # cut short: nothing is left of its own ending
        return _form(meant)
    known = best.is_known or meant is not None or not word.isalpha()
    return Form(meant or lemma, *_grammar(best.tag), known=known)


@lru_cache(maxsize=10_000)
def _grammar(tag: OpencorporaTag) -> tuple[str, str, str, frozenset[str]]:
    """Read a tag once: there are hundreds of them, and words without end."""
    return str(tag.POS or ""), str(tag.tense or ""), str(tag.person or ""), frozenset(tag.grammemes)


@cache
def _analyzer() -> MorphAnalyzer:
    """Open the dictionaries, which takes a tenth of a second, so not before the first comment."""
    return MorphAnalyzer(lang="ru")
