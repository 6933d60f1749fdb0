"""What can be counted in a comment: what its words are, where they stand, which times stand beside them.

Each count has a name, and that name its weights in `weights`. Nothing here says what speaks for a comment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from math import log1p

from gatekeeper.judge.comments import english_times
from gatekeeper.judge.comments import vocabulary as voc
from gatekeeper.judge.comments.forms import Form
from gatekeeper.judge.comments.times import is_vague
from gatekeeper.judge.comments.words import Passage

_NAMES = frozenset({"Name", "Surn", "Patr"})
_CONTENT_PARTS = frozenset(
    {"NOUN", "ADJF", "ADJS", "PRTF", "PRTS", "VERB", "INFN", "GRND", "ADVB", "COMP", ""}
)
_NOT = frozenset({"не", "ни", "без", "нет", "not", "no", "without", "never"})
_SAYS = "says "  # the word itself; where it stands is told by its part of speech and classes
NEGATED = ("not ",)
_ENDING_NOUNS = frozenset({"самовывоз", "отказ"})
_END = 3  # words: many a comment ends with what is to be done, or with the deal's closure
_MANY = 60  # more of one thing says no more
_DAMPED = tuple(log1p(count) for count in range(_MANY + 1))
_AMOUNT = re.compile(
    r"(?<![\w.])\d[\d ]{0,12}(?:[.,]\d{1,4})?\s?"
    r"(?:%|млн|тыс\w*|тр|т|к|руб\w*|р|м2?|кв|кг|л|км|шт|чел\w*|соток|тонн|мес\w*)(?!\w)|"
    r"\d{1,6}[.,]?\d{0,6}[*xх]\d|\d{4,}|(?:за|по|от|дорого|цена|стоит|скидк\w+)\s\d{1,3}(?![.:]?\d)"
)


@lru_cache(maxsize=200_000)
def names_of(form: Form, places: tuple[str, ...], repeated: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names under which a form is counted at such places; and those of which a share is taken.

    A word said again has the same part in the sentence, but tells no more of the topic.
    """
    classes = voc.CLASSES_OF.get(form.lemma, ())
    topical = not repeated and not form.traits & _NAMES and is_topic(form)
    deed = ("deed",) if is_deed(form) else ()
    marks = (*_grammar(form), *deed, *classes, *((f"topic {form.part}",) if topical else ()))
    if places == NEGATED and form.lemma in voc.PLEASING:  # «не подходит» is as much of a matter as «против»
        marks += ("pleasing",)
    itself = (_SAYS + form.lemma,) if form.known and form.lemma.isalpha() else ()
    shares = () if places == NEGATED else classes + (("topic",) if topical else ())
    names = (*(place + mark for place in places for mark in marks), *itself)
    return names, tuple(f"share {mark}" for mark in shares)


def _grammar(form: Form) -> Iterator[str]:
    latin = "LATN" in form.traits
    yield "".join((form.part or ("latin" if latin else "other"), form.tense, form.person))
    if form.traits & _NAMES:
        yield "name"
    elif "Geox" in form.traits:
        yield "place"
    if not form.known:
        yield "unknown"


def is_deed(form: Form) -> bool:
    """Say whether something was brought to its end: «оформили», «заменён», but not «оформляли».

    By exclusion, as the topic is: not what is done in any call, nor what the client once did elsewhere.
    """
    past = form.tense == "past" and form.part in {"VERB", "PRTS"}
    return past and "perf" in form.traits and form.lemma not in voc.NO_DEEDS


@lru_cache(maxsize=100_000)
def is_topic(form: Form) -> bool:
    """Not one of the words with which any call can be described, so it says what this one was about."""
    lemma = form.lemma
    return form.part in _CONTENT_PARTS and lemma not in voc.OF_ANY_CALL and len(lemma) > 1 and lemma.isalpha()


def count_signals(passage: Passage) -> dict[str, float]:
    """Count, damped by a logarithm; or, for a share, as a part of all words."""
    raised: list[tuple[str, ...]] = []
    shares: list[tuple[str, ...]] = []
    seen: set[str] = set()
    before = ""
    for word, places in zip(passage.words, _places(passage), strict=True):
        names, shared = names_of(word.form, NEGATED if before in _NOT else places, word.lemma in seen)
        raised.append(names)
        shares.append(shared)
        seen.add(word.lemma)
        before = word.typed.casefold()
    counts = Counter(chain.from_iterable(raised))
    counts.update(_count_passage(passage, len(seen)))
    signals = {name: _DAMPED[min(_MANY, count)] for name, count in counts.items() if count}
    for name, count in Counter(chain.from_iterable(shares)).items():
        signals[name] = count / len(passage.words)
    return signals


def _places(passage: Passage) -> list[tuple[str, ...]]:
    """Say of each word where it stands: beside a time, at the end, under a condition."""
    last = last_sentence(passage)
    dated = {time.sentence for time in passage.times}
    of_sentence = [
        (
            "",
            *(("dated ",) if sentence in dated else ()),
            *(("if ",) if sentence in passage.conditions else ()),
            *(("last ",) if sentence == last else ()),
        )
        for sentence in range(last + 1)
    ]
    places = [of_sentence[word.sentence] for word in passage.words]
    places[-_END:] = [(*place, "end ") for place in places[-_END:]]
    return places


def last_sentence(passage: Passage) -> int:
    return max(
        passage.words[-1].sentence if passage.words else 0,
        passage.times[-1].sentence if passage.times else 0,
    )


def _count_passage(passage: Passage, distinct: int) -> dict[str, int]:
    times = passage.times
    last = last_sentence(passage)
    vague = sum(is_vague(time.typed) or english_times.is_vague(time.typed) for time in times)
    crowded = max(Counter(time.sentence for time in times).values(), default=0)
    return {
        **_count_ends(passage),
        "words": len(passage.words),
        "repeated": len(passage.words) - distinct,
        "sentences": last,
        "numbers": sum(word.is_number for word in passage.words),
        "negations": sum(word.typed.casefold() in _NOT for word in passage.words),
        "amounts": len(set(_AMOUNT.findall(passage.text))),
        "questions": passage.text.count("?"),
        "conditions": len(passage.conditions),
        "times": len(times) - vague,
        "vague times": vague,
        "times with digits": sum(any(map(str.isdigit, time.typed)) for time in times),
        "two times at once": crowded > 1,
        "ends with a time": any(time.sentence == last for time in times),
    }


def _count_ends(passage: Passage) -> dict[str, int]:
    """Count what ends a matter, by what it comes after: a complaint or a doubt, a topic, or nothing."""
    minded = topics = 0
    counts = Counter[str]()
    before = ""
    for word in passage.words:
        own = voc.CLASSES_OF.get(word.form.lemma, ())
        if before not in _NOT and _ends(word.form):
            counts["deeds in a later sentence"] += word.sentence > 0
            counts["ends after an attitude"] += minded > 0
            counts["ends after topics"] += topics > 1
            counts["ends after nothing"] += topics + minded == 0
        elif is_topic(word.form):
            topics += 1
        minded += "attitude" in own or (before in _NOT and word.form.lemma in voc.PLEASING)
        before = word.typed.casefold()
    return dict(counts)


@lru_cache(maxsize=100_000)
def _ends(form: Form) -> bool:
    """Say whether it is done, decided or over: «оформили», «берёт», «закрывается», «согласна»."""
    if form.part in {"VERB", "ADJS", "PRTS"}:
        return is_deed(form) or form.lemma in voc.DECIDING | voc.AGREED | voc.CLOSING
    return form.lemma in _ENDING_NOUNS
