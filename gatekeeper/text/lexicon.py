"""What an admin may add to the judge's own words."""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.text.vocabulary import STOP_PHRASES, TEMPLATE_PHRASES


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`subject_words` say by themselves what was talked about, `agreement_words` what was agreed, in any form.

    >>> DEFAULT_LEXICON.extended(stop_phrases=["обнял"]).stop_phrases[-1]
    'обнял'
    """

    subject_words: tuple[str, ...] = ()
    agreement_words: tuple[str, ...] = ()
    stop_phrases: tuple[str, ...] = STOP_PHRASES
    template_phrases: tuple[str, ...] = TEMPLATE_PHRASES

    def extended(
        self,
        subject_words: tuple[str, ...] | list[str] = (),
        agreement_words: tuple[str, ...] | list[str] = (),
        stop_phrases: tuple[str, ...] | list[str] = (),
        template_phrases: tuple[str, ...] | list[str] = (),
    ) -> Lexicon:
        """The same lexicon with more words; nothing is taken away."""
        return Lexicon(
            (*self.subject_words, *subject_words),
            (*self.agreement_words, *agreement_words),
            (*self.stop_phrases, *stop_phrases),
            (*self.template_phrases, *template_phrases),
        )


DEFAULT_LEXICON = Lexicon()
