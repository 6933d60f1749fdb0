"""Which words are names, and which first names are called by which short forms.

The first names are our own list, `given_names.txt`. A large dictionary's will not do: gathered from living
text, it knows Алекандр and Катирина too, and what it knows would no longer be a slip of Александр. Its
surnames are clean, so surnames and patronymics are looked up there.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from pymorphy3 import MorphAnalyzer

from gatekeeper.judge.matching.words import Word, fold_word

_Names = dict[str, frozenset[str]]


def full_names(word: Word) -> frozenset[str]:
    """Tell which full names somebody called so may bear; empty for a word that is not on the list.

    >>> sorted(full_names(fold_word("Женя"))), sorted(full_names(fold_word("Zhenya")))
    (['евгений', 'евгения'], ['евгений', 'евгения'])
    """
    spelled, by_skeleton = _given_names()
    if word.is_cyrillic:
        return spelled.get(word.text, frozenset())
    return by_skeleton.get(word.skeleton, frozenset())


def have_one_full_name(a: Word, b: Word) -> bool:
    """Whether the two may be called names of one person.

    >>> have_one_full_name(fold_word("Саша"), fold_word("Александр"))
    True
    >>> have_one_full_name(fold_word("Александра"), fold_word("Александр"))
    False
    """
    return not full_names(a).isdisjoint(full_names(b))


def are_two_given_names(a: Word, b: Word) -> bool:
    """Whether both exist, so that neither is a slip of the other.

    Of two names that are not on the list the dictionary is asked; beside one that is, what only the
    dictionary knows is a slip.

    >>> are_two_given_names(fold_word("Мария"), fold_word("Марина"))
    True
    """
    listed = {bool(full_names(a)), bool(full_names(b))}
    return listed == {True} or (listed == {False} and _has(a.text, "Name") and _has(b.text, "Name"))


def are_two_surnames(a: Word, b: Word) -> bool:
    """Whether both exist: in the dictionary, or made of a first name in the common way (Алексеев).

    >>> are_two_surnames(fold_word("Иванов"), fold_word("Ивашов"))
    True
    """
    return _is_surname(a) and _is_surname(b)


def are_two_patronymics(a: Word, b: Word) -> bool:
    """Whether both exist."""
    return _has(a.text, "Patr") and _has(b.text, "Patr")


def is_known(word: Word) -> bool:
    """Whether it is a first name or a surname."""
    return bool(full_names(word)) or _is_surname(word)


def _is_surname(word: Word) -> bool:
    return _has(word.text, "Surn") or any(
        word.text.endswith(ending) and _is_stem(word.text.removesuffix(ending))
        for ending in ("ов", "ова", "ев", "ева", "ин", "ина")
    )


def _is_stem(stem: str) -> bool:
    spelled, _ = _given_names()
    return any(stem + ending in spelled.get(stem + ending, ()) for ending in ("", "й", "я", "а", "ий", "ь"))


@cache
def _given_names() -> tuple[_Names, _Names]:
    spelled: dict[str, set[str]] = {}
    by_skeleton: dict[str, set[str]] = {}
    for line in files(__package__).joinpath("given_names.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            full, *others = (fold_word(part.strip("=:")) for part in line.split())
            for word in (full, *others):
                spelled.setdefault(word.text, set()).add(full.text)
                by_skeleton.setdefault(word.skeleton, set()).add(full.text)
    return _frozen(spelled), _frozen(by_skeleton)


def _frozen(names: dict[str, set[str]]) -> _Names:
    return {key: frozenset(value) for key, value in names.items()}


@cache
def _dictionary() -> MorphAnalyzer:
    return MorphAnalyzer()


@lru_cache(maxsize=50_000)
def _has(text: str, sort_of_name: str) -> bool:
    return any(
        each.is_known and sort_of_name in each.tag and {"nomn", "sing"} in each.tag
        for each in _dictionary().parse(text)
    )
