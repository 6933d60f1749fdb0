"""Count which Russian letters follow which: `python -m benchmarks.letter_pairs` prints the table of `mash`.

Half of the dictionary's words, each once, and half of the labelled comments' words, as often as they were
written: the dictionary alone makes rare endings common, the comments alone know too few pairs.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from math import log

from pymorphy3 import MorphAnalyzer

from benchmarks.comments import read_comments
from gatekeeper.judge.comments.clean import clean
from gatekeeper.judge.comments.mash import LETTERS
from gatekeeper.judge.comments.words import take_apart

_RUSSIAN = re.compile("[а-я]+")
SAMPLED = 0.02  # of the dictionary's five million forms
UNSEEN = 2e-6  # what a pair counts that was never met


def count_pairs(words: Iterable[str]) -> dict[str, float]:
    """As parts of all pairs; a blank stands before and after a word."""
    pairs = Counter(a + b for word in words for a, b in pairwise(f" {word} "))
    return {pair: count / pairs.total() for pair, count in pairs.items()}


def dictionary_words() -> list[str]:
    chance = random.Random(0)
    words = (word.replace("ё", "е") for word, *_ in MorphAnalyzer(lang="ru").dictionary.iter_known_words())
    return [word for word in words if chance.random() < SAMPLED and _RUSSIAN.fullmatch(word)]


def written_words() -> list[str]:
    rows = (row for row in read_comments() if row.shape != "mash")
    words = (word for row in rows for word in take_apart(clean(row.text)).words if word.form.known)
    typed = (word.typed.casefold() for word in words)
    return [word for word in typed if len(word) > 3 and _RUSSIAN.fullmatch(word)]


def main() -> None:
    sources = count_pairs(dictionary_words()), count_pairs(written_words())
    for first in LETTERS:
        shares = [sum(source.get(first + second, 0.0) for source in sources) / 2 for second in LETTERS]
        total = sum(shares) + len(LETTERS) * UNSEEN
        print(first + "".join(str(min(9, round(-log((share + UNSEEN) / total)))) for share in shares))


if __name__ == "__main__":
    main()
