"""Ready-made text: blank forms, placeholders, scripts, letters to the client."""

from __future__ import annotations

import re
from functools import lru_cache

from gatekeeper.judge.comments.words import Passage

_PLACEHOLDER = re.compile(
    r"\{[^}]{0,100}\}|#[a-zа-я_]{2,}#|\[[а-я][а-я_ ,/.]+\]|<[а-я][а-я_ ,/.]+>|_{3,}|%[a-zа-я_]+%|"
    r"\bдд\.мм\b|\b[xх]{2,}[.:][xх]{2}",
    re.IGNORECASE,
)
_LABEL = r"[^\W\d_][^\n:.;,]{1,40}:"
_BLANK_LABEL = re.compile(rf"{_LABEL}[ \t./\-–—…]*(?=$|{_LABEL})", re.MULTILINE)
_ANY_LABEL = re.compile(_LABEL)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_YOU = re.compile(r"\b(?:вы|вас|вам|вами|ваш\w{0,3}|your?)\b", re.IGNORECASE)
_ORDER = frozenset({"impr", "plur"})


def without_template(text: str, phrases: tuple[str, ...]) -> str | None:
    """Leave out the ready-made sentences; None for a blank form or one with placeholders in it."""
    if _PLACEHOLDER.search(text):
        return None
    blank = len(_BLANK_LABEL.findall(text))
    if blank > 1 and blank * 2 > len(_ANY_LABEL.findall(text)):
        return None
    sentences = _SENTENCE_END.split(text)
    ready_made = _templates(phrases)
    kept = [sentence for sentence in sentences if not ready_made.search(sentence.casefold())]
    return text if len(kept) == len(sentences) else "\n".join(kept)


def count_addresses(text: str, passage: Passage) -> int:
    """Count the words that speak to a reader: «вам», «ваш», «ответьте»; `text` is the whole comment."""
    return len(_YOU.findall(text)) + sum(word.form.traits >= _ORDER for word in passage.words)


@lru_cache(maxsize=64)
def _templates(phrases: tuple[str, ...]) -> re.Pattern[str]:
    spaced = (r"\W+".join(map(re.escape, phrase.casefold().replace("ё", "е").split())) for phrase in phrases)
    return re.compile("|".join(rf"\b{phrase}" for phrase in spaced) or r"(?!)")
