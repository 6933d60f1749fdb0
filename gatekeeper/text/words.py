"""Words and their dictionary forms."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from pymorphy3 import MorphAnalyzer

from gatekeeper.text.times import find_conditions, find_times

_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*|\d[\d.,]*")
_READABLE = re.compile(r"[\d.,/\-a-z\u00c0-\u024f\u0400-\u04ff]+")
_SENTENCE_END = re.compile(r"[.;!?…]+(?=\s|$)|\n|\s[-–—]\s")
_VERB_PARTS = frozenset({"VERB", "INFN"})
_DONE_PARTS = frozenset({"PRTS", "PRTF", "ADJS"})


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

    @property
    def is_done(self) -> bool:
        """Said as accomplished: «оплатил», «согласны», «назначена»."""
        return self.tense == "past" or self.part in _DONE_PARTS


class Word(NamedTuple):
    """`capital` is a capital letter that the start of the sentence does not explain.

    A tuple, since one is made for every word and a frozen dataclass takes four times as long to make.
    """

    typed: str
    lemma: str
    form: Form
    sentence: int
    capital: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A comment taken apart: the words outside of times, and the sentence of each time and condition."""

    text: str
    words: tuple[Word, ...]
    times: tuple[tuple[int, str], ...]
    conditions: frozenset[int]


def take_apart(text: str) -> Passage:
    """`text` is clean."""
    lower = text.lower()
    spans = find_times(lower)
    covered = frozenset(position for start, end in spans for position in range(start, end))
    ends = [match.start() for match in _SENTENCE_END.finditer(lower) if match.start() not in covered]
    shown = lower if text.isupper() else text
    words = tuple(
        _word(shown, match, bisect_left(ends, match.start()))
        for match in _WORD.finditer(shown)
        if match.start() not in covered
    )
    times = tuple((bisect_left(ends, start), lower[start:end].strip()) for start, end in spans)
    conditions = frozenset(bisect_left(ends, start) for start, _ in find_conditions(lower))
    return Passage(text, words, times, conditions)


def _word(text: str, match: re.Match[str], sentence: int) -> Word:
    typed = match.group()
    form = form_of(typed)
    capital = typed[0].isupper() and _mid_sentence(text, match.start())
    return Word(typed, form.lemma, form, sentence, capital, typed[0].isdigit())


def form_of(word: str) -> Form:
    return _form(word.casefold().replace("ё", "е"))


@lru_cache(maxsize=100_000)
def _form(word: str) -> Form:
    if not _READABLE.fullmatch(word):  # the analyzer breaks at letters that Unicode has no name for
        return Form(word, "", "", "", frozenset(), known=True)
    best = _analyzer().parse(word)[0]
    tag = best.tag
    return Form(
        lemma=best.normal_form.replace("ё", "е"),
        part=str(tag.POS or ""),
        tense=str(tag.tense or ""),
        person=str(tag.person or ""),
        traits=frozenset(tag.grammemes),
        known=best.is_known or not word.isalpha(),
    )


@cache
def _analyzer() -> MorphAnalyzer:
    """Open the dictionaries, which takes a tenth of a second, so not before the first comment."""
    return MorphAnalyzer(lang="ru")


def _mid_sentence(text: str, position: int) -> bool:
    before = text[max(0, position - 8) : position].rstrip(" ")
    return bool(before) and before[-1] not in ".!?:\n"
