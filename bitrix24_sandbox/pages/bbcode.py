"""BB-code to HTML: a handful of tags come through, everything else is text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

_TAG = re.compile(r"\[(/?)(b|i|u|s|url|user|list|\*)(?:=([^\[\]]*))?\]", re.IGNORECASE)
_PLAIN = {"b": "strong", "i": "em", "u": "u", "s": "s"}
_ELEMENT = {**_PLAIN, "url": "a", "user": "span", "list": "ul", "*": "li"}


def render_bbcode(text: str) -> Markup:
    """Safe HTML; lines stay lines by the style sheet, tags left open are closed.

    >>> str(render_bbcode("[b]Да[/b] <script> [url=https://example.com/?a=1]сайт[/url]"))
    '<strong>Да</strong> &lt;script&gt; <a href="https://example.com/?a=1" rel="noreferrer">сайт</a>'
    >>> str(render_bbcode("[url=javascript:alert(1)]x[/url] [i]y"))
    '[url=javascript:alert(1)]x[/url] <em>y</em>'
    """
    writer = _Writer()
    place = 0
    for tag in _TAG.finditer(text):
        writer.text(text[place : tag.start()])
        closes, name, value = bool(tag[1]), tag[2].lower(), tag[3]
        known = (
            writer.close(name) if closes else writer.open(name, _attributes(name, value, text[tag.end() :]))
        )
        if not known:
            writer.text(tag[0])
        place = tag.end()
    writer.text(text[place:])
    return writer.finish()


class _Writer:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []

    def text(self, text: str) -> None:
        inside_list = bool(self._open) and self._open[-1] == "list"
        self._out.append(str(escape(text.strip() if inside_list else text)))

    def open(self, name: str, attributes: str | None) -> bool:
        """Give False for a tag that may not stand here: it is text then."""
        if attributes is None or (name == "*" and "list" not in self._open):
            return False
        if name == "*":
            self._unwind_to("list")
        self._out.append(f"<{_ELEMENT[name]}{attributes}>")
        self._open.append(name)
        return True

    def close(self, name: str) -> bool:
        if name not in self._open:
            return False
        self._unwind_to(name)
        self._end()
        return True

    def finish(self) -> Markup:
        while self._open:
            self._end()
        return Markup("".join(self._out))  # noqa: S704 - every text went through escape

    def _unwind_to(self, name: str) -> None:
        while self._open[-1] != name:
            self._end()

    def _end(self) -> None:
        self._out.append(f"</{_ELEMENT[self._open.pop()]}>")


def _attributes(name: str, value: str | None, rest: str) -> str | None:
    """HTML attributes of an opening tag, None where the tag says nothing sensible."""
    if name == "url":
        address = (value if value is not None else rest.partition("[")[0]).strip()
        return f' href="{escape(address)}" rel="noreferrer"' if _is_safe(address) else None
    if name == "user":
        return ' class="mention"' if value and value.isdecimal() else None
    return "" if value is None else None


def _is_safe(address: str) -> bool:
    """Web addresses, and paths on this portal."""
    if re.search(r"[\s\\\x00-\x1f]", address):
        return False
    if address.startswith("/"):
        return not address.startswith("//")
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc)
