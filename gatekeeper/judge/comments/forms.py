"""What the Russian dictionary says about a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pymorphy3 import MorphAnalyzer
from pymorphy3.tagset import OpencorporaTag

from gatekeeper.judge.comments.mash import is_mash
from gatekeeper.judge.comments.slips import meant_by

MASH = "mash"  # the part of speech of what is no word at all
_READABLE = re.compile(r"[\d.,/\-a-z\u00c0-\u024f\u0400-\u04ff]+")
_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_JCUKEN = "йцукенгшщзхъфывапролджэячсмитьбюе"
_TO_JCUKEN = str.maketrans(_QWERTY, _JCUKEN)
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


def form_of(word: str) -> Form:
    return _form(word.casefold().replace("ё", "е"))


def is_wrong_layout(word: str) -> bool:
    """Latin letters that are a Russian word on the other layout."""
    turned = word.casefold().translate(_TO_JCUKEN)
    return len(word) > 3 and turned.isalpha() and form_of(turned).known


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
    if not known and is_mash(word):
        return Form(word, MASH, "", "", frozenset(), known=False)
    return Form(meant or lemma, *_grammar(best.tag), known=known)


@lru_cache(maxsize=10_000)
def _grammar(tag: OpencorporaTag) -> tuple[str, str, str, frozenset[str]]:
    """Read a tag once: there are hundreds of them, and words without end."""
    return str(tag.POS or ""), str(tag.tense or ""), str(tag.person or ""), frozenset(tag.grammemes)


@cache
def _analyzer() -> MorphAnalyzer:
    """Open the dictionaries, which takes a tenth of a second, so not before the first comment."""
    return MorphAnalyzer(lang="ru")
