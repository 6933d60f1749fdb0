"""What is no report of a talk: mash, padding, copied data, calls that came to nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

from gatekeeper.judge.comments import vocabulary as voc
from gatekeeper.judge.comments.forms import MASH, form_of, is_wrong_layout
from gatekeeper.judge.comments.mash import PERHAPS, is_row, oddness
from gatekeeper.judge.comments.words import Passage, Word

_VOWEL = re.compile("[аеиоуыэюяaeiouy]")
_PHONE = re.compile(r"(?<!\d)(?:\+?\d[\s\-()]{0,3}){10,16}(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d[\d ]{6,20}\d|\b0000\b")
_MAIL = re.compile(r"[\w.+-]{1,64}@\w")
_YEAR = re.compile(r"\b(?:19[3-9]\d|200\d|201\d)\b")
SIMILAR = 86.0  # per cent of letters in common
SIMILAR_LONG = 80.0  # two slips in a word of ten letters


def is_mash(passage: Passage) -> bool:
    """Punctuation or links only, or letters that make no words in most of the text."""
    letters = {word.typed.casefold() for word in passage.words if word.typed.isalpha()}
    if not letters:
        return True
    telling = {word for word in letters if len(word) > 3 or is_row(word) or form_of(word).part == MASH}
    if not telling:
        return False
    mashed = sum(_is_mashed(word) for word in telling)
    return mashed > len(telling) / 2 and len(letters) < 3 * mashed


@lru_cache(maxsize=20_000)
def _is_mashed(word: str) -> bool:
    form = form_of(word)
    if is_row(word) or form.part == MASH:
        return True
    if "LATN" in form.traits:
        return is_wrong_layout(word) or not _VOWEL.search(word)
    return not form.known and (not _VOWEL.search(word) or oddness(word) > PERHAPS)


def is_padded(passage: Passage) -> bool:
    """Find the same words again and again, counting up, filler, or words about the comment itself."""
    said = [word.lemma[:6] for word in passage.words if len(word.lemma) > 2 or word.typed.isupper()]
    said += [time.typed for time in passage.times]
    words = passage.words
    if len(said) < 4 and len(words) < 5:
        return False
    distinct = set(said)
    repeated = 1 - len(distinct) / len(said) if said else 0
    counted = sum(word.form.part == "NUMR" or (word.is_number and len(word.typed) < 3) for word in words)
    filler = sum(word.form.lemma in voc.FILLER for word in words)
    meta = sum(word.form.lemma in voc.META for word in words)
    return (
        (repeated >= 0.4 and len(distinct) < 12)
        or counted > len(words) / 2
        or filler > len(words) / 2
        or (meta >= 5 and meta > len(words) / 2)
    )


def is_contact_data(passage: Passage) -> bool:
    """Names, numbers and labels, and hardly anything beside."""
    text = passage.text.casefold()
    data = sum(len(pattern.findall(text)) for pattern in (_PHONE, _LONG_NUMBER, _MAIL))
    labels = sum(word.form.lemma in voc.DATA_LABELS for word in passage.words)
    names = sum(bool(word.form.traits & {"Name", "Surn", "Patr"}) for word in passage.words)
    signals = data + labels + names + len(_YEAR.findall(text))
    verbs = sum(word.form.is_verb for word in passage.words)
    if data and all(word.is_number for word in passage.words):
        return True
    return signals >= 2 and data + labels >= 1 and not verbs and signals * 4 >= len(passage.words)


def is_stop_phrase(passage: Passage, phrases: tuple[str, ...]) -> bool:
    """Nothing but calls that came to nothing, in whatever spelling."""
    telling = [word for word in passage.words if not word.is_number and _tells(word)]
    if not telling:
        return False
    flat = " ".join(word.typed.casefold().replace("ё", "е") for word in telling)
    if len(telling) <= 4 and _meets(flat, phrases):
        return True
    stopped = sum(word.form.lemma in voc.STOP or _meets(word.typed.casefold(), phrases) for word in telling)
    return stopped / len(telling) >= 0.55


def _tells(word: Word) -> bool:
    form = word.form
    return form.part not in {"PREP", "CONJ", "INTJ"} and not (form.known and form.traits & {"Name", "Patr"})


@lru_cache(maxsize=20_000)
def _meets(flat: str, phrases: tuple[str, ...]) -> bool:
    """`flat` is one of the phrases, mistyped («пиризвонить») or without its vowels («прзвн»)."""
    known = _folded(phrases)
    first = flat.split(maxsplit=1)[0]
    if len(flat) < 4:
        return flat in known
    if not _VOWEL.search(first):
        return any(_VOWEL.sub("", phrase).startswith(first) for phrase in known if len(phrase) > 5)
    similar = SIMILAR if len(flat) < 8 else SIMILAR_LONG
    return process.extractOne(flat, known, scorer=fuzz.ratio, score_cutoff=similar) is not None


@lru_cache(maxsize=64)
def _folded(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(phrase.casefold().replace("ё", "е").split()) for phrase in phrases)
