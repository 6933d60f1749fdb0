"""What an admin may add to the judge's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gatekeeper.judge.comments.vocabulary import STOP_PHRASES, TEMPLATE_PHRASES


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`subject_words` alone say what was talked about, `agreement_words` what was agreed; in any form.

    The phrases are met in any case, with ё or е; the stop phrases in spite of typing errors too.

    >>> DEFAULT_LEXICON.extended(stop_phrases=["обнял"]).stop_phrases[-1]
    'обнял'
    """

    subject_words: tuple[str, ...] = ()
    agreement_words: tuple[str, ...] = ()
    stop_phrases: tuple[str, ...] = STOP_PHRASES
    template_phrases: tuple[str, ...] = TEMPLATE_PHRASES

    def extended(
        self,
        subject_words: Iterable[str] = (),
        agreement_words: Iterable[str] = (),
        stop_phrases: Iterable[str] = (),
        template_phrases: Iterable[str] = (),
    ) -> Lexicon:
        """Add words; nothing is taken away."""
        return Lexicon(
            (*self.subject_words, *subject_words),
            (*self.agreement_words, *agreement_words),
            (*self.stop_phrases, *stop_phrases),
            (*self.template_phrases, *template_phrases),
        )


DEFAULT_LEXICON = Lexicon()
