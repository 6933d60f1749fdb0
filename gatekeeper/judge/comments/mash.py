"""Letters that make no word: neighbouring keys, a syllable again and again, pairs that Russian has not.

Asked only of words that the dictionary does not know, and with care: trades, brands and surnames are not in
it either, and what is taken for mash says nothing of the talk.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

LETTERS = " абвгдежзийклмнопрстуфхцчшщъыьэюя"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_VOWEL = re.compile("[аеиоуыэюяaeiouy]")
_ONLY_VOWELS = re.compile("[аеиоуыэюя]{3,}")
_AGAIN = re.compile(r"(.{2,4})\1+.?")
ROW = 0.75  # of the pairs are neighbours on the keyboard
NEAR = 0.3  # so many are in any word; what is above counts against it
NEAR_COSTS = 2.5
SURELY = 4.4  # mean of the table over a word's pairs: worse than "юрфак", which is a word
PERHAPS = 3.8  # worse than nine in ten brands; proves nothing of one word by itself
SHORTEST_SURE = 5  # letters; "лдсп", "акпп"


def is_row(word: str) -> bool:
    """Neighbouring keys in order, such as «фыва» or «qwe» said once or again."""
    return len(word) >= 3 and share_of_neighbours(word) >= ROW


def share_of_neighbours(word: str) -> float:
    pairs = list(pairwise(word))
    close = sum(any(a + b in row or b + a in row for row in _ROWS) for a, b in pairs)
    return close / len(pairs) if pairs else 0.0


@lru_cache(maxsize=20_000)
def is_mash(word: str) -> bool:
    """`word` is in small letters, and no dictionary's.

    >>> list(filter(is_mash, ("фывапр", "ааааа", "ывапывап", "жыдвлоа", "балаяж", "юрфак", "лдсп")))
    ['фывапр', 'ааааа', 'ывапывап', 'жыдвлоа']
    """
    if len(word) < 3 or not word.isalpha():
        return False
    if is_row(word) or _ONLY_VOWELS.fullmatch(word) or word[0] in "ыьъ":
        return True
    if len(word) > 3 and (len(set(word)) < (2 if word.isascii() else 3) or _AGAIN.fullmatch(word)):
        return True
    return len(word) >= SHORTEST_SURE and bool(_VOWEL.search(word)) and oddness(word) > SURELY


def oddness(word: str) -> float:
    """How improbable its letters are as Russian, from about 2 up; 0 of a word in other letters."""
    if not set(word) <= _IN_TABLE:
        return 0.0
    costs = [_COSTS[a + b] for a, b in pairwise(f" {word} ")]
    return sum(costs) / len(costs) + NEAR_COSTS * max(0.0, share_of_neighbours(word) - NEAR)


# A line a letter, beginning with it: the negated logarithm of how often each letter, in the order of LETTERS,
# comes after it. Printed by `benchmarks.letter_pairs`.
_TABLE = """
 933343553493433323234545557999567
а274244343543232743336545445999734
б526565266394353272363867664446845
в317776275394463264454977726936995
г428684398296364182663999669988888
д426455246294453243453866558546875
е265343454634322542326556446999857
ж326762167184652565573787688886788
з415243446395443384783986569535864
и255254353543333553337535356999854
й077664797894553676238676547989888
к317488396296375183432985969999879
л226756267294475279554889699942943
м125888288295554257352778788936895
н328654266294793286433675577924854
о373233444534333533336556456999756
п639999299396395151554887687946995
р426555256294644266443756666945864
с436465389392344334424666568743982
т226365286294564253353777578843864
у154443434654334733338647344999737
ф427777277177355173533577777756776
х137457587386343263344888768888688
ц327478186184767477673777878847778
ч429698179193672696743888869994997
ш638589199193364556743889989994879
щ628788188188885786883888888887888
ъ666666166566666666666666666666641
ы284255355724325944348927546999996
ь175555385593842767339675545999743
э665454666651232633426456656666666
ю174764765775655774339866461999868
я196354454655343965338944564999946
"""
_COSTS = {
    line[0] + second: int(cost)
    for line in _TABLE.strip("\n").splitlines()
    for second, cost in zip(LETTERS, line[1:], strict=True)
}
_IN_TABLE = frozenset(LETTERS)
