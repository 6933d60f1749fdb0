"""Characters that show nothing and yet act: controls, marks of direction, zero-width ones.

A client may be called what he likes. U+202E turns round the sentence that quotes him, a zero-width character
makes two names that look alike, and a control character speaks to a terminal.
"""

from __future__ import annotations

import unicodedata

_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _CATEGORIES


def without_invisible(text: str) -> str:
    r"""Leave them out; a space takes the place of a line's end or a tab.

    >>> without_invisible("Иванов\u202e\tИван\u200b")
    'Иванов Иван'
    """
    if text.isprintable():
        return text
    kept = (" " if each.isspace() else each for each in text if each.isspace() or not is_invisible(each))
    return "".join(kept)


def escape_invisible(text: str, keep: str = "") -> str:
    r"""Write them as Python does, for a log, which must not lose what was there; not those in `keep`.

    >>> print(escape_invisible("Иванов\u202e\nИван"))
    Иванов\u202e\nИван
    """
    if text.isprintable():
        return text
    return "".join(_escaped(each) if is_invisible(each) and each not in keep else each for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
