"""In which language a comment is: only what can be read may be judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import lru_cache

from gatekeeper.judge.comments.english import is_known
from gatekeeper.judge.comments.english_times import find_times
from gatekeeper.judge.comments.forms import MASH, form_of, is_wrong_layout

WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*|\d[\d.,]*")
_ADDRESS = re.compile(r"\S+@\S+")
_OTHER = re.compile(r"[^\W\d_а-яё]")
_STRANGE = re.compile("[іїєґўәғқңөұүһҳҷӣӯјљњћђџѓќ]")  # of other languages in Cyrillic letters
MOSTLY = 0.5  # of the words
ENGLISH_SHARE = 0.3  # are words that any English comment has
STRANGE_SHARE = 0.15
FEWEST_STRANGE = 2  # a surname does not make another language of it
FEWEST = 4  # words that make a text; fewer may be brands and names
_DIGRAPHS = (
    ("shch", "щ"), ("sch", "щ"), ("yo", "е"), ("jo", "е"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"),
    ("sh", "ш"), ("yu", "ю"), ("ju", "ю"), ("iu", "ю"), ("ya", "я"), ("ja", "я"), ("ia", "я"), ("ye", "е"),
    ("ck", "к"),
)  # fmt: skip
_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz'", "абцдефгхийклмнопкрстуввхызь")
_AFTER_VOWEL = re.compile(r"(?<=[aeiouаеиоуыэюя])y")
_WORDS = re.compile(r"[A-Za-z']+")


class Language(Enum):
    RUSSIAN = auto()
    TRANSLITERATED = auto()
    ENGLISH = auto()
    UNKNOWN = auto()


def language_of(text: str) -> Language:
    """Tell by most of the words; a Russian comment full of brands is Russian.

    >>> for text in (
    ...     "Agreed on a demo next week", "Dogovorilis na vstrechu v pyatnicu",
    ...     "Der Kunde möchte nächste Woche liefern", "Bosch Serie 4, самовывоз",
    ... ): print(language_of(text).name)
    ENGLISH
    TRANSLITERATED
    UNKNOWN
    RUSSIAN
    """
    lower = _ADDRESS.sub(" ", text.casefold())
    if not _OTHER.search(lower):
        return Language.RUSSIAN
    words = [word for word in WORD.findall(lower) if word.isalpha() or "-" in word or "/" in word]
    strange = sum(bool(_STRANGE.search(word)) for word in words)
    if strange >= FEWEST_STRANGE and strange >= len(words) * STRANGE_SHARE:
        return Language.UNKNOWN if len(words) >= FEWEST else Language.RUSSIAN
    foreign = [word for word in words if _OTHER.search(word)]
    if not words or len(foreign) <= len(words) * MOSTLY:
        return Language.RUSSIAN
    return _of_foreign(lower, foreign)


def _of_foreign(lower: str, words: Sequence[str]) -> Language:
    """Tell the languages in other letters apart; letters that are no text are left to Russian."""
    dated = {word for start, end in find_times(lower) for word in WORD.findall(lower[start:end])}
    english = _share(words, lambda word: is_known(word) or word in dated)
    russian = _share(words, _is_transliterated)
    if max(english, russian) < ENGLISH_SHARE:
        known = _share(words, is_wrong_layout) < MOSTLY and len(words) >= FEWEST
        return Language.UNKNOWN if known else Language.RUSSIAN
    if russian > english:
        return Language.TRANSLITERATED if russian >= MOSTLY else Language.UNKNOWN
    return Language.ENGLISH


def _share(words: Sequence[str], has: Callable[[str], bool]) -> float:
    return sum(map(has, words)) / len(words) if words else 0.0


@lru_cache(maxsize=20_000)
def _is_transliterated(word: str) -> bool:
    turned = to_cyrillic(word)
    return len(word) > 1 and turned.isalpha() and form_of(turned).known and form_of(turned).part != MASH


def to_cyrillic(text: str) -> str:
    """Turn transliterated Russian back; what has more than one reading gets the commonest.

    >>> to_cyrillic("obsudili rassrochku, zhdem oplatu v pyatnicu")
    'обсудили рассрочку, ждем оплату в пятницу'
    """
    return _WORDS.sub(lambda match: _turn(match.group()), text)


@lru_cache(maxsize=20_000)
def _turn(word: str) -> str:
    turned = word.casefold()
    for latin, russian in _DIGRAPHS:
        turned = turned.replace(latin, russian)
    turned = _AFTER_VOWEL.sub("й", turned)
    return turned.translate(_LETTERS)
