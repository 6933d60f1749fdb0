"""What the comment judge answers: a yes or no, and why, in words that a manager can act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a comment is not detailed (regulations, rule 3)."""

    STOP_PHRASE = "stop_phrase"
    TOO_SHORT = "too_short"
    NO_SUBJECT = "no_subject"
    NO_AGREEMENT = "no_agreement"
    PADDING = "padding"
    NOT_TEXT = "not_text"
    TEMPLATE = "template"
    CONTACT_DATA = "contact_data"
    UNKNOWN_LANGUAGE = "unknown_language"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`subject` and `agreement` are the words that count as evidence, shown even where the verdict is no."""

    detailed: bool
    reasons: tuple[Reason, ...] = ()
    subject: tuple[str, ...] = ()
    agreement: tuple[str, ...] = ()

    @property
    def judged(self) -> bool:
        """False where the text is in a language that the judge cannot read: then it is nobody's fault."""
        return Reason.UNKNOWN_LANGUAGE not in self.reasons
