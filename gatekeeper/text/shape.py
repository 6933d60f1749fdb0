"""What is no talk at all, whatever it says: mash, padding, templates, copied data, calls that came to nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

from gatekeeper.text import vocabulary as voc
from gatekeeper.text.words import Passage, Word, form_of

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_JCUKEN = "йцукенгшщзхъфывапролджэячсмитьбюе"
_TO_JCUKEN = str.maketrans(_QWERTY, _JCUKEN)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_VOWEL = re.compile("[аеиоуыэюяaeiouy]")
_PLACEHOLDER = re.compile(
    r"\{\{?[^}]*\}\}?|#[a-zа-я_]{2,}#|\[[а-я][а-я_ ,/.]+\]|<[а-я][а-я_ ,/.]+>|_{3,}|%[a-zа-я_]+%|\bдд\.мм\b|\b[xх]{2,}[.:][xх]{2}",
    re.IGNORECASE,
)
_EMPTY_LABEL = re.compile(r"[^\W\d_][^\n:.;,]{1,40}:[ \t.\-–—…]*(?=$|[^\W\d_][^\n:.;,]{1,40}:[ \t]*(?:$|[^\W\d_][^\n:]{1,40}:))", re.MULTILINE)
_TO_READER = re.compile(r"\b(?:вы|вас|вам|вами|ваш\w{0,3})\b|\b\w{2,}(?:й|и|ь)те(?:сь)?\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(?:\+?\d[\s\-()]*){10,16}(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d[\d ]{6,}\d|\b0000\b")
_MAIL = re.compile(r"\S+@\S+")
_YEAR = re.compile(r"\b(?:19[3-9]\d|200\d|201\d)\b")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
SIMILAR = 86.0


def is_mash(passage: Passage) -> bool:
    """Punctuation or links only, or letters that make no words in most of the text."""
    letters = {word.typed.casefold() for word in passage.words if word.typed.isalpha()}
    if not letters:
        return True
    telling = {word for word in letters if len(word) > 3 or _is_row(word)}
    if not telling:
        return False
    mashed = sum(_is_mashed(word) for word in telling)
    return mashed > len(telling) / 2 and len(letters) < 3 * mashed


@lru_cache(maxsize=20_000)
def _is_mashed(word: str) -> bool:
    if _is_row(word):
        return True
    form = form_of(word)
    if "LATN" in form.traits:
        return is_wrong_layout(word) or not _VOWEL.search(word)
    return not form.known and (not _VOWEL.search(word) or _runs(word) > 0.6)


def is_wrong_layout(word: str) -> bool:
    """Latin letters that are a Russian word on the other layout."""
    turned = word.casefold().translate(_TO_JCUKEN)
    return len(word) > 3 and turned.isalpha() and form_of(turned).known


def _is_row(word: str) -> bool:
    """Neighbouring keys in order, such as «фыва» or «qwe» said once or again."""
    return len(word) >= 3 and _runs(word) >= 0.75


def _runs(word: str) -> float:
    pairs = list(zip(word, word[1:], strict=False))
    close = sum(any(a + b in row or b + a in row for row in _ROWS) for a, b in pairs)
    return close / len(pairs) if pairs else 0.0


def is_padded(passage: Passage) -> bool:
    """The same words again and again, counting up, filler, or words about the comment itself."""
    said = [word.lemma[:6] for word in passage.words if len(word.lemma) > 2 or word.typed.isupper()]
    said += [time for _, time in passage.times]
    words = passage.words
    if len(said) < 4 and len(words) < 5:
        return False
    distinct = set(said)
    repeated = 1 - len(distinct) / len(said) if said else 0
    counted = sum(word.form.part == "NUMR" or (word.is_number and len(word.typed) < 3) for word in words)
    filler = sum(word.lemma in voc.FILLER for word in words)
    meta = sum(word.lemma in voc.META for word in words)
    return (
        (repeated >= 0.4 and len(distinct) < 12)
        or counted > len(words) / 2
        or filler > len(words) / 2
        or (meta >= 5 and meta > len(words) / 2)
    )


def without_template(text: str, phrases: tuple[str, ...], *, chat: bool) -> str | None:
    """The text less its ready-made sentences; None for a blank form, placeholders, or a letter to the client.

    In a pasted `chat` people speak to each other, so there it proves nothing.
    """
    if _PLACEHOLDER.search(text):
        return None
    labels = len(_EMPTY_LABEL.findall(text))
    if labels > 1 and labels * 2 > len(text.splitlines()) and labels * 4 > len(text.split()) / 2:
        return None
    sentences = _SENTENCE.findall(text)
    if not chat and len(_TO_READER.findall(text)) >= 3:
        return None
    ready_made = _templates(phrases)
    kept = [each for each in sentences if not ready_made.search(each.casefold())]
    return text if len(kept) == len(sentences) else " ".join(kept)


@lru_cache(maxsize=64)
def _templates(phrases: tuple[str, ...]) -> re.Pattern[str]:
    spaced = (r"\W+".join(map(re.escape, phrase.casefold().replace("ё", "е").split())) for phrase in phrases)
    return re.compile("|".join(rf"\b{phrase}" for phrase in spaced) or r"(?!)")


def is_contact_data(passage: Passage) -> bool:
    """Names, numbers and labels, and hardly anything beside."""
    text = passage.text.casefold()
    data = sum(len(pattern.findall(text)) for pattern in (_PHONE, _LONG_NUMBER, _MAIL))
    labels = sum(word.lemma in voc.DATA_LABELS for word in passage.words)
    names = sum(bool(word.form.traits & {"Name", "Surn", "Patr"}) for word in passage.words)
    signals = data + labels + names + len(_YEAR.findall(text))
    verbs = sum(word.form.is_verb for word in passage.words)
    return signals >= 2 and data + labels >= 1 and not verbs and signals * 4 >= len(passage.words)


def stop_phrase_in(passage: Passage, phrases: tuple[str, ...]) -> bool:
    """Nothing but calls that came to nothing, in whatever spelling."""
    telling = [word for word in passage.words if not word.is_number and _tells(word)]
    if not telling:
        return False
    flat = " ".join(word.typed.casefold().replace("ё", "е") for word in telling)
    if len(telling) <= 4 and _meets(flat, phrases):
        return True
    stopped = sum(word.lemma in voc.STOP or _meets(word.typed.casefold(), phrases) for word in telling)
    return stopped / len(telling) >= 0.55


def _tells(word: Word) -> bool:
    form = word.form
    return form.part not in {"PREP", "CONJ", "INTJ"} and not (form.known and form.traits & {"Name", "Patr"})


@lru_cache(maxsize=20_000)
def _meets(flat: str, phrases: tuple[str, ...]) -> bool:
    if len(flat) < 4:
        return flat in phrases
    if not _VOWEL.search(flat.split()[0]):
        skeletons = {_VOWEL.sub("", phrase)[: len(flat.split()[0])] for phrase in phrases if len(phrase) > 5}
        return flat.split()[0] in skeletons
    return process.extractOne(flat, phrases, scorer=fuzz.ratio, score_cutoff=SIMILAR if len(flat) < 8 else 80.0) is not None
