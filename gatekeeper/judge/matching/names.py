"""Full names as cards have them, whatever stands in which field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, product

from gatekeeper.judge.matching import known_names
from gatekeeper.judge.matching.nonnames import name_fault
from gatekeeper.judge.matching.words import (
    Word,
    fold_word,
    looks_cyrillic,
    neuter,
    to_cyrillic,
)

MOST_ORDERED_WORDS = 4  # 24 orders of words; longer names are not compared
MOST_LETTERS = 200  # the portal's fields hold fewer
APOSTROPHES = re.compile(r"['’ʼ`´ʻ‘]")
WORD = re.compile(r"[^\W\d_]+")
PATRONYMIC = re.compile(r".{2,}(oviC|eviC|iC|ovna|evna|iCna)")
PARTICLES = frozenset(
    {"оглы", "оглу", "кызы", "кизи", "гызы", "угли", "улы", "уулу", "ogly", "oglu", "kyzy", "qizi"}
)


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
        cores.append((joined(surname), joined(given)))
    return FullName(tuple(cores), _given_names(core, given), patronymic)


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
    return tuple(_word(match) for match in WORD.findall(APOSTROPHES.sub("", typed[:MOST_LETTERS])))


@lru_cache(maxsize=100_000)
def _word(typed: str) -> Word:
    if looks_cyrillic(typed):
        meant = fold_word(to_cyrillic(typed))
        if known_names.is_known(meant):
            return meant
    return fold_word(typed)


def joined(words: Iterable[Word]) -> Word:
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


def _given_names(core: tuple[Word, ...], given: tuple[Word, ...]) -> tuple[Word, ...]:
    """Find what may be the first name: what is listed as one, else what stands in the name's field."""
    listed = tuple(word for word in given if known_names.full_names(word))
    if listed:
        return listed
    return tuple(word for word in core if known_names.full_names(word)) or given
