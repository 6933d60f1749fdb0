"""Texts without the spaces that no line ends at, for tests of what they say."""

from __future__ import annotations

from gatekeeper.messages.formatter import NBSP


def plain(text: str) -> str:
    return text.replace(NBSP, " ")
