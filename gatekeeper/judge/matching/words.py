"""One word of a name, folded: so that one name in two scripts, spellings or genders can be seen to be one.

Two Cyrillic spellings are compared as they stand. Only across scripts, or within Latin, where every clerk
transliterates in a way of his own (Юлия: Yulia, Iuliia, Julia), two are compared by their skeleton, which is
too coarse for anything else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LATIN_LETTER = re.compile(r"[a-z]")
CYRILLIC_LETTER = re.compile(r"[а-яёіїєґўәөүұқғңһҳҷӣӯ]")
TO_CYRILLIC = str.maketrans("ABCEHIKMOPTXYaceiopxykmt", "АВСЕНІКМОРТХУасеіорхукмт")
TO_LATIN = str.maketrans("АВСЕНІКМОРТХУасеіорху", "ABCEHIKMOPTXYaceiopxy")
LOOKS_CYRILLIC = re.compile(r"[ABCEHKMOPTXYaceopxy]+")
LETTERS = dict(zip("абвгдежзийклмнопрстуфэы", "abvgdeZziiklmnoprstufei", strict=True))
LETTERS |= {"х": "kh", "ц": "ts", "ч": "C", "ш": "S", "щ": "S", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
# Ukrainian, Belarusian, Tatar, Kazakh, Tajik
LETTERS |= dict(zip("іїєґўәөүұқғңһҳҷӣӯ", "iieguaouukgnhhCiu", strict=True))
# In this order: what Latin spellings of Cyrillic names write in more than one way.
SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("shch|sch|sh", "S"),
        ("tch|ch", "C"),
        ("zh", "Z"),
        ("kh", "h"),
        ("ph", "f"),
        ("x", "ks"),
        ("ck", "k"),
        ("tz|tc|c(?=[eiy]|ova?$)", "ts"),
        ("[cq]", "k"),
        ("ts", "c"),
        ("w", "v"),
        ("[jy]", "i"),
        (r"(.)\1+", r"\1"),
        ("i[eo]", "e"),
        ("iu", "u"),
        ("i+", "i"),
        ("ander$", "andr"),
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """`text` in its own script; `skeleton` in coarse Latin, with C, S, Z, c for ч, ш/щ, ж, ц."""

    text: str
    skeleton: str
    is_cyrillic: bool


@lru_cache(maxsize=200_000)
def fold_word(typed: str) -> Word:
    """Fold case, ё/е, marks above letters and look-alike letters of the other script.

    >>> fold_word("Ивaнов").text, fold_word("Yuliya").skeleton == fold_word("Юлия").skeleton
    ('иванов', True)
    """
    typed = _in_one_script(unicodedata.normalize("NFC", typed))
    text = typed.casefold().replace("ё", "е")
    is_cyrillic = CYRILLIC_LETTER.search(text) is not None
    if not is_cyrillic:
        text = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return Word(text, _skeleton(text), is_cyrillic)


def is_same(a: Word, b: Word) -> bool:
    """Whether the two are one word.

    >>> is_same(fold_word("Ткачёв"), fold_word("Tkachyov")), is_same(fold_word("Дарья"), fold_word("Дария"))
    (True, False)
    """
    if a.is_cyrillic and b.is_cyrillic:
        return a.text == b.text
    return a.skeleton == b.skeleton


def differ_in_gender(a: Word, b: Word) -> bool:
    """Whether the two are one surname, borne by a man and by a woman.

    >>> differ_in_gender(fold_word("Толстой"), fold_word("Толстая"))
    True
    """
    man, woman = sorted((a.skeleton, b.skeleton), key=lambda skeleton: skeleton.endswith("a"))
    if woman.endswith("aia"):
        return man in {woman[:-3] + "i", woman[:-3] + "oi"}
    return woman == man + "a" and man.endswith(("ov", "ev", "in"))


def neuter(skeleton: str) -> str:
    """Cut off what tells a man's surname from a woman's; equal for both, and for some strangers."""
    for ending in ("aia", "oi"):
        if skeleton.endswith(ending):
            return skeleton[: -len(ending)]
    if skeleton.endswith(("ova", "eva", "ina")) or (skeleton.endswith("i") and len(skeleton) > 3):
        return skeleton[:-1]
    return skeleton


def _in_one_script(typed: str) -> str:
    """Mend a word in which letters of one script stand for the like of the other's."""
    lowered = typed.casefold()
    latin, cyrillic = len(LATIN_LETTER.findall(lowered)), len(CYRILLIC_LETTER.findall(lowered))
    if not (latin and cyrillic):
        return typed
    mended = to_cyrillic(typed)
    if LATIN_LETTER.search(mended.casefold()) is None:
        return mended
    return typed.translate(TO_LATIN)


def looks_cyrillic(typed: str) -> bool:
    """Whether a word in Latin letters may be a Cyrillic one: АННА typed as AHHA."""
    return LOOKS_CYRILLIC.fullmatch(typed) is not None


def to_cyrillic(typed: str) -> str:
    """Put Cyrillic letters for the Latin ones that look like them."""
    return typed.translate(TO_CYRILLIC)


def _skeleton(text: str) -> str:
    skeleton = "".join(LETTERS.get(letter, letter) for letter in text if letter.isalpha())
    for pattern, replacement in SPELLINGS:
        skeleton = pattern.sub(replacement, skeleton)
    return skeleton
