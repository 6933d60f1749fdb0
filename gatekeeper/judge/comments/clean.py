"""From what stands in the timeline to what a person wrote: markup, links and chat prefixes go."""

from __future__ import annotations

import html
import re
from unicodedata import normalize

_BB_CODE = re.compile(
    r"\[(/?(?:b|i|u|s|p|url|user|img|color|size|font|quote|code|list|left|right|center|disk|table|tr|td|\*)"
    r"(?:[= ][^\]]{0,300})?)\]",
    re.IGNORECASE,
)
_BREAK_TAG = re.compile(r"<(?:br|/p|/div|/li)\b[^>]{0,500}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^>]{0,500}>", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_STAMP = r"\[?(?:\d{1,2}\.\d{1,2}(?:\.\d{2,4})?,?\s+)?\d{1,2}:\d{2}(?::\d{2})?\]?"
_SPEAKER = r"[^\W\d_][\w.\-]*(?:\s[\w.\-]+){0,2}"
_CHAT_PREFIX = re.compile(
    rf"^\s*(?:{_STAMP}[,\s\-–—]*{_SPEAKER}\s*:|(?:я|клиент|менеджер|оператор)\s*:)", re.IGNORECASE
)
LONGEST = 10_000  # characters looked at; whoever writes more has said it by then
_SPACES = re.compile(r"[^\S\n]+")


def is_chat(text: str) -> bool:
    """Two lines or more that name who says them."""
    return sum(bool(_CHAT_PREFIX.match(line)) for line in html.unescape(text[:LONGEST]).splitlines()) > 1


def clean(text: str) -> str:
    r"""Leave plain text in its own case, one line a line; "ё" is folded to "е".

    >>> clean("[b]Ждём[/b]<br>в&nbsp;пт https://example.com")
    'Ждем\nв пт'
    >>> clean("[12:05] Иван Петров: подходит")
    'подходит'
    """
    plain = normalize("NFC", html.unescape(html.unescape(text[:LONGEST])))
    plain = _BB_CODE.sub(" ", _BREAK_TAG.sub("\n", plain))
    plain = _INVISIBLE.sub("", _LINK.sub(" ", _TAG.sub(" ", plain)))
    plain = plain.replace("ё", "е").replace("Ё", "Е")
    lines = (_SPACES.sub(" ", _CHAT_PREFIX.sub("", line)).strip() for line in plain.splitlines())
    return "\n".join(line for line in lines if line)
