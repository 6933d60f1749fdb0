"""Is this a detailed comment? Pure: the same text and lexicon give the same judgement."""

from __future__ import annotations

import re

from gatekeeper.text.judgement import Judgement, Reason
from gatekeeper.text.lexicon import DEFAULT_LEXICON, Lexicon

_WORD = re.compile(r"[^\W\d_]+|\d+")


def judge_comment(text: str, lexicon: Lexicon = DEFAULT_LEXICON) -> Judgement:
    """«Указано, о чём велась беседа с клиентом, и к каким договорённостям пришли»."""
    words = _WORD.findall(text.casefold())
    if not words:
        return Judgement(detailed=False, reasons=(Reason.NOT_TEXT,))
    if " ".join(words) in lexicon.stop_phrases:
        return Judgement(detailed=False, reasons=(Reason.STOP_PHRASE,))
    if len(words) < 8:
        return Judgement(detailed=False, reasons=(Reason.TOO_SHORT,))
    return Judgement(detailed=True)
