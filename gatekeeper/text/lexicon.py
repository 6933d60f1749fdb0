"""The word lists that the judge goes by, and how an admin adds to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words in any form; phrases of one or more words."""

    subject_words: tuple[str, ...] = ()
    agreement_words: tuple[str, ...] = ()
    stop_phrases: tuple[str, ...] = ("нд", "перезвонить", "сбросил", "пообщались", "думает", "недозвон")
    template_phrases: tuple[str, ...] = ()


DEFAULT_LEXICON = Lexicon()
