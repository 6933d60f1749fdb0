"""Whether two full names are one person's.

Regulations, rule 5: surname and name agree, and the patronymic where both have one, after folding case, ё/е,
hyphens, word order, script, short forms and the gender of a surname's ending.
"""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import permutations

from rapidfuzz.distance import OSA

from gatekeeper.judge.matching import known_names
from gatekeeper.judge.matching.names import MOST_ORDERED_WORDS, FullName, joined
from gatekeeper.judge.matching.words import Word, differ_in_gender, is_same

DEFAULT_SIMILARITY = 0.75  # one letter of four
MOST_SLIPS = 2  # a surname and a name, one keystroke each
PATRONYMIC_ENDINGS = tuple(
    (re.compile(f"({endings})$"), stem)
    for endings, stem in (("oviC|ovna", "ov"), ("eviC|evna", "ev"), ("iniCna|iCna|iC", "i"))
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


def compare_names(a: FullName, b: FullName, similarity: float = DEFAULT_SIMILARITY) -> Agreement:
    """Tell whether the two name one person. Surname and name must stand on both cards.

    >>> from gatekeeper.judge.matching.names import parse_name
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

    >>> from gatekeeper.judge.matching.names import parse_name
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

    >>> from gatekeeper.judge.matching.names import parse_name
    >>> may_be_one_person(parse_name("", "Саша", ""), parse_name("Иванов", "Александр", "Петрович"))
    True
    """
    if len(a.cores[0]) > 1 and len(b.cores[0]) > 1:
        return compare_names(a, b) is not Agreement.NONE
    return not a.word_keys.isdisjoint(b.word_keys)


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
    mine, theirs = joined(a), joined(b)
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
