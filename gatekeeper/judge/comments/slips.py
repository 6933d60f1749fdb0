"""Which of the judge's own words is meant by one that no dictionary knows: cut short, or mistyped."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from rapidfuzz import fuzz, process

from gatekeeper.judge.comments import vocabulary as voc

SHORTEST_CUT = 3  # letters: «опл», «зап», «дог»
SHORTEST_SLIP = 6  # letters; in a shorter word a slip too often makes another word
SIMILAR = 85.0  # per cent of letters in common


def meant_by(word: str, guess: str) -> str | None:
    """Find the word meant; `guess` is what the analyzer takes for the dictionary form.

    >>> meant_by("предопл", "предопл"), meant_by("аплатит", "аплатить"), meant_by("балаяж", "балаяж")
    ('предоплата', 'заплатить', None)
    """
    if not word.isalpha():
        return None
    return _cut_short(word) or (_mistyped(guess) if len(guess) >= SHORTEST_SLIP else None)


def _cut_short(word: str) -> str | None:
    """Find the shortest of the words that begin so."""
    if len(word) < SHORTEST_CUT:
        return None
    words = _words()
    start = bisect_left(words, word)
    longer = []
    for each in words[start:]:
        if not each.startswith(word):
            break
        longer.append(each)
    return min(longer, key=len, default=None)


def _mistyped(guess: str) -> str | None:
    found = process.extractOne(guess, _words(), scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return found[0] if found else None


@cache
def _words() -> tuple[str, ...]:
    return tuple(
        sorted(
            word
            for word in voc.ACTS | voc.ACT_NOUNS | voc.AGREED | voc.DECIDING | voc.CLOSING | voc.MONEY
            if len(word) > SHORTEST_CUT
        )
    )
