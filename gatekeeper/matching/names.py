"""Full names, and whether two of them are one person's.

Regulations, rule 5: surname and name agree, and the patronymic where both have one, after folding case, ё/е,
hyphens, word order, script, short forms and the gender of a surname's ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import combinations, permutations, product

from rapidfuzz.distance import OSA

from gatekeeper.matching import known_names
from gatekeeper.matching.nonnames import name_fault
from gatekeeper.matching.words import (
    Word,
    differ_in_gender,
    fold_word,
    is_same,
    looks_cyrillic,
    neuter,
    to_cyrillic,
)

DEFAULT_SIMILARITY = 0.75  # one letter of four
MOST_ORDERED_WORDS = 4  # 24 orders of words; longer names are not compared
MOST_LETTERS = 200  # the portal's fields hold fewer
MOST_SLIPS = 2  # a surname and a name, one keystroke each
APOSTROPHES = re.compile(r"['’ʼ`´ʻ‘]")
WORD = re.compile(r"[^\W\d_]+")
PATRONYMIC = re.compile(r".{2,}(oviC|eviC|iC|ovna|evna|iCna)")
PATRONYMIC_ENDINGS = tuple(
    (re.compile(f"({endings})$"), stem)
    for endings, stem in (("oviC|ovna", "ov"), ("eviC|evna", "ev"), ("iniCna|iCna|iC", "i"))
)
PARTICLES = frozenset(
    {"оглы", "оглу", "кызы", "кизи", "гызы", "угли", "улы", "уулу", "ogly", "oglu", "kyzy", "qizi"}
)


class Agreement(IntEnum):
    """NEAR is but for one typing error."""

    NONE = 0
    NEAR = 1
    EXACT = 2


class _Tie(IntEnum):
    """How two words belong together; ENDING is a surname in its two genders, and proves nothing alone."""

    NONE = 0
    ENDING = 1
    FIRM = 2


@dataclass(frozen=True, slots=True)
class FullName:
    """`cores` are surname and name, word by word and, again, with each field drawn together.

    Empty fields, and what is no name («Тест», a phone), are left out. `given` is what may be the first name.
    Two names with a word in common, in whatever spelling or short form, have one of `word_keys` in common.
    """

    cores: tuple[tuple[Word, ...], ...]
    given: tuple[Word, ...]
    patronymic: tuple[Word, ...]
    word_keys: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        keys = frozenset(key for core in self.cores for word in core for key in _word_keys(word))
        object.__setattr__(self, "word_keys", keys)


def parse_name(last_name: str, name: str, second_name: str) -> FullName:
    """Fold the three fields of a card, whatever stands in which."""
    surname, given = _words(last_name), _words(name, first_name=True)
    patronymic = tuple(word for word in _words(second_name) if word.text not in PARTICLES)
    core = surname + given
    place = None if any(map(_is_patronymic, patronymic)) else _misplaced_patronymic(core, len(patronymic))
    if place is not None:
        core, patronymic = core[:place] + core[place + 1 :] + patronymic, core[place : place + 1]
    cores = [core]
    if surname and given and place is None and len(core) > 2:
        cores.append((_joined(surname), _joined(given)))
    return FullName(tuple(cores), _given_names(core, given), patronymic)


def compare_names(a: FullName, b: FullName, similarity: float = DEFAULT_SIMILARITY) -> Agreement:
    """Tell whether the two name one person. Surname and name must stand on both cards.

    >>> compare_names(parse_name("Иванова", "Катя", ""), parse_name("Екатерина", "ИВАНОВА", "Петровна")).name
    'EXACT'
    >>> compare_names(parse_name("Иванова", "Мария", ""), parse_name("Иванова", "Марина", "")).name
    'NONE'
    """
    found = max(_compare_cores(one, other, similarity) for one in a.cores for other in b.cores)
    if found is Agreement.NONE:
        return found
    patronymics = _compare_patronymics(a.patronymic, b.patronymic, similarity)
    both_near = found is Agreement.NEAR and patronymics is Agreement.NEAR
    return Agreement.NONE if both_near else min(found, patronymics)


def have_different_given_names(a: FullName, b: FullName, similarity: float = DEFAULT_SIMILARITY) -> bool:
    """Whether both have first names that cannot be one person's, typing errors allowed for.

    >>> have_different_given_names(parse_name("Иванов", "Пётр", ""), parse_name("Иванов", "Павел", ""))
    True
    """
    return bool(a.given and b.given) and not any(
        is_same(x, y) or known_names.have_one_full_name(x, y) or _is_slip(x, y, similarity)
        for x in a.given
        for y in b.given
    )


def may_be_one_person(a: FullName, b: FullName) -> bool:
    """Whether nothing tells the two apart; of half a name, one word in common is enough.

    >>> may_be_one_person(parse_name("", "Саша", ""), parse_name("Иванов", "Александр", "Петрович"))
    True
    """
    if len(a.cores[0]) > 1 and len(b.cores[0]) > 1:
        return compare_names(a, b) is not Agreement.NONE
    return not a.word_keys.isdisjoint(b.word_keys)


def name_keys(name: FullName) -> frozenset[str]:
    """Keys of which two exactly agreeing names have one in common; none where surname or name is missing."""
    return frozenset(
        " ".join(sorted(choice))
        for core in name.cores
        if 1 < len(core) <= MOST_ORDERED_WORDS
        for choice in product(*(_word_keys(word) for word in core))
    )


def slip_keys(name: FullName) -> frozenset[str]:
    """Keys of which two names have one in common if they agree, exactly or nearly."""
    return frozenset(
        " ".join(sorted(choice))
        for core in name.cores
        if len(core) <= MOST_ORDERED_WORDS
        for two in combinations(core, 2)
        for choice in product(*(_word_slip_keys(word) for word in two))
    )


def _word_slip_keys(word: Word) -> frozenset[str]:
    """Two words one keystroke apart are one when the right letter is left out of either, or of both."""
    shortened = {f"{word.text[:place]}{word.text[place + 1 :]}-" for place in range(len(word.text))}
    return _word_keys(word) | shortened | {f"{word.text}-"}


@lru_cache(maxsize=100_000)
def _word_keys(word: Word) -> frozenset[str]:
    called = {neuter(fold_word(full).skeleton) for full in known_names.full_names(word)}
    return frozenset(called | {neuter(word.skeleton)})


@lru_cache(maxsize=100_000)
def _words(typed: str, *, first_name: bool = False) -> tuple[Word, ...]:
    if not typed or name_fault(typed, first_name=first_name):
        return ()
    return tuple(_word(each) for each in WORD.findall(APOSTROPHES.sub("", typed[:MOST_LETTERS])))


@lru_cache(maxsize=100_000)
def _word(typed: str) -> Word:
    if looks_cyrillic(typed):
        meant = fold_word(to_cyrillic(typed))
        if known_names.is_known(meant):
            return meant
    return fold_word(typed)


def _joined(words: Iterable[Word]) -> Word:
    return fold_word("".join(word.text for word in words))


def _is_patronymic(word: Word) -> bool:
    return PATRONYMIC.fullmatch(word.skeleton) is not None


def _misplaced_patronymic(core: tuple[Word, ...], others: int) -> int | None:
    """Find the patronymic among surname and name, where there are a surname and a name besides."""
    places = [place for place, word in enumerate(core) if _is_patronymic(word)]
    if not places or len(core) + others < 3:
        return None
    after_given = (place for place in places if place and known_names.full_names(core[place - 1]))
    return next(after_given, places[-1])


def _compare_cores(a: tuple[Word, ...], b: tuple[Word, ...], similarity: float) -> Agreement:
    if len(a) != len(b) or not 1 < len(a) <= MOST_ORDERED_WORDS:
        return Agreement.NONE
    return max(_compare_in_order(a, order, similarity) for order in permutations(b))


def _compare_in_order(a: tuple[Word, ...], b: tuple[Word, ...], similarity: float) -> Agreement:
    pairs = list(zip(a, b, strict=True))
    ties = [_tie(*pair) for pair in pairs]
    differing = [pair for pair, tie in zip(pairs, ties, strict=True) if tie is _Tie.NONE]
    if not differing:
        return Agreement.EXACT if _Tie.FIRM in ties else Agreement.NONE
    is_near = len(differing) <= MOST_SLIPS and all(_is_slip(*pair, similarity) for pair in differing)
    return Agreement.NEAR if is_near else Agreement.NONE


def _tie(a: Word, b: Word) -> _Tie:
    if is_same(a, b) or known_names.have_one_full_name(a, b):
        return _Tie.FIRM
    # Валентин and Валентина are two people; only a surname has an ending for each.
    if differ_in_gender(a, b) and not (known_names.full_names(a) or known_names.full_names(b)):
        return _Tie.ENDING
    return _Tie.NONE


def _is_slip(a: Word, b: Word, similarity: float) -> bool:
    """Whether one is the other mistyped by a keystroke, rather than another name."""
    if a.is_cyrillic != b.is_cyrillic or OSA.distance(a.text, b.text, score_cutoff=1) > 1:
        return False
    if OSA.normalized_similarity(a.text, b.text) < similarity:
        return False
    return not (known_names.are_two_given_names(a, b) or known_names.are_two_surnames(a, b))


def _compare_patronymics(a: tuple[Word, ...], b: tuple[Word, ...], similarity: float) -> Agreement:
    if not (a and b):
        return Agreement.EXACT
    mine, theirs = _joined(a), _joined(b)
    if is_same(mine, theirs) or _patronymic_stem(mine) == _patronymic_stem(theirs):
        return Agreement.EXACT
    if known_names.are_two_patronymics(mine, theirs) or not _is_slip(mine, theirs, similarity):
        return Agreement.NONE
    return Agreement.NEAR


def _patronymic_stem(word: Word) -> str:
    for ending, stem in PATRONYMIC_ENDINGS:
        if ending.search(word.skeleton):
            return ending.sub(stem, word.skeleton)
    return word.skeleton


def _given_names(core: tuple[Word, ...], given: tuple[Word, ...]) -> tuple[Word, ...]:
    """Find what may be the first name: what is listed as one, else what stands in the name's field."""
    listed = tuple(word for word in given if known_names.full_names(word))
    if listed:
        return listed
    return tuple(word for word in core if known_names.full_names(word)) or given
