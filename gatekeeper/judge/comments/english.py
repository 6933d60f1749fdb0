"""English read by way of Russian: each common word stands for the Russian one that the judge's weights know.

Only words with which any call can be described are listed, and what agrees or refuses; all others are topics,
as in Russian. A verb's ending and the «will» before it say its tense.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from gatekeeper.judge.comments.forms import MASH, Form, form_of
from gatekeeper.judge.comments.gloss import (
    ALIKE,
    DROPPED,
    IRREGULAR,
    VERBS,
)
from gatekeeper.judge.comments.mash import is_mash

_WILL = frozenset({"will", "shall", "ll", "gonna"})
_FIRST = frozenset({"i", "we", "me", "us"})
_INTRODUCES = frozenset({"with", "to", "mr", "mrs", "ms", "dr", "asked", "told", "called", "dear", "from"})
_VOWEL = re.compile("[aeiouy]")
_SHORTEST_STEM = 3
_LONGEST_CODE = 4  # letters without a vowel: CCTV, MSDS, html
_CONTRACTIONS = (
    (re.compile(r"(?i)\bwon['’]t\b"), "will not"),
    (re.compile(r"(?i)\bcan['’]?t\b|\bcannot\b"), "can not"),
    (re.compile(r"(?i)n['’]t\b"), " not"),
    (re.compile(r"(?i)['’]ll\b"), " will"),
    (re.compile(r"(?i)['’](?:s|m|re|ve|d)\b"), ""),
)


def spell_out(text: str) -> str:
    """Write contractions in full: what is before and after the apostrophe are words of their own.

    >>> spell_out("he'll pay, doesn't haggle")
    'he will pay, does not haggle'
    """
    for contraction, full in _CONTRACTIONS:
        text = contraction.sub(full, text)
    return text


def is_known(word: str) -> bool:
    """Whether it is one of the words of this module; `word` is in small letters."""
    return word in DROPPED or word in _glosses()


def is_dropped(word: str) -> bool:
    """Articles and auxiliary verbs, which Russian has not."""
    return word in DROPPED


@lru_cache(maxsize=100_000)
def base_of(word: str) -> str:
    """The form in which one word of an admin meets another; `word` is in small letters.

    >>> [base_of(word) for word in ("rollouts", "deliveries", "planned", "pricing", "boxes", "gas")]
    ['rollout', 'delivery', 'plan', 'pric', 'box', 'gas']
    """
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending, instead in (
        ("ies", "y"),
        ("xes", "x"),
        ("sses", "ss"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("ied", "y"),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + instead
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM and _VOWEL.search(stem):
            return _stem(stem)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _SHORTEST_STEM:
        return word[:-1]
    return word


def _stem(stem: str) -> str:
    if stem + "e" in VERBS:
        return stem + "e"
    return stem[:-1] if stem[-1] == stem[-2] and stem not in VERBS and stem[-1] not in "sl" else stem


def form_in(word: str, before: tuple[str, ...], *, capital: bool) -> Form:
    """What the word stands for; `before` are the two words before it, all in small letters."""
    if before and word in _glosses() and word in VERBS and _WILL & set(before):
        return _future(VERBS[word], first=bool(_FIRST & set(before)))
    if capital and before and before[-1] in _INTRODUCES and word not in _glosses():
        return _name(word)
    return _form(word)


@lru_cache(maxsize=100_000)
def _form(word: str) -> Form:
    gloss = _glosses().get(word)
    if gloss is not None:
        return gloss
    if is_mash(word) or (len(word) > _LONGEST_CODE and not _VOWEL.search(word)):
        return Form(word, MASH, "", "", frozenset(), known=False)
    base = base_of(word)
    if word.endswith("ed") and base != word:
        return Form(base, "VERB", "past", "", frozenset({"perf"}), known=True)
    if word.endswith("ly"):
        return Form(base, "ADVB", "", "", frozenset(), known=True)
    return Form(base, "NOUN", "", "", frozenset(), known=True)


@cache
def _name(word: str) -> Form:
    return Form(word, "NOUN", "", "", frozenset({"Name"}), known=True)


@cache
def _future(russian: str, *, first: bool) -> Form:
    return Form(russian, "VERB", "futr", "1per" if first else "3per", frozenset({"perf"}), known=True)


@cache
def _glosses() -> dict[str, Form]:
    glosses = {word: form_of(russian) for word, russian in ALIKE.items()}
    for verb, russian in VERBS.items():
        for word, form in _inflected(verb, russian).items():
            glosses.setdefault(word, form)
    for word, verb in IRREGULAR.items():
        if verb in VERBS:
            glosses[word] = _past(VERBS[verb])
    return glosses


def _inflected(verb: str, russian: str) -> dict[str, Form]:
    stem = verb.removesuffix("e")
    doubled = verb + verb[-1]
    present = Form(russian, "VERB", "pres", "3per", frozenset({"impf"}), known=True)
    third = verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "s"
    past = verb[:-1] + "ied" if third.endswith("ies") else stem + "ed"
    return {
        verb: form_of(russian),
        third: present,
        verb + "es": present,
        stem + "ing": present,
        doubled + "ing": present,
        past: _past(russian),
        doubled + "ed": _past(russian),
    }


@cache
def _past(russian: str) -> Form:
    return Form(russian, "VERB", "past", "", frozenset({"perf"}), known=True)
