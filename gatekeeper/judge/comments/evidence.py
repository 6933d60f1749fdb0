"""Subject and agreement: two things, judged apart, each with its words and how likely it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from gatekeeper.judge.comments import vocabulary as voc
from gatekeeper.judge.comments.english import base_of
from gatekeeper.judge.comments.forms import Form, form_of
from gatekeeper.judge.comments.signals import count_signals, is_topic
from gatekeeper.judge.comments.weights import ALWAYS, Weights
from gatekeeper.judge.comments.words import Passage

CERTAIN = 30.0  # log odds beyond which nothing changes any more


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words as typed, and how likely (0 to 1) that half of a detailed comment is there."""

    words: tuple[str, ...]
    likelihood: float


def find_evidence(
    parts: Sequence[Passage], subject_words: frozenset[str], agreement_words: frozenset[str], weights: Weights
) -> tuple[Evidence, Evidence]:
    """Find what the talk was about; and who does what next and when, or what was settled, or that it is over.

    Of several parts the likeliest counts for each half. One word of the admin's is enough by itself.
    """
    odds = [weigh(part, weights) for part in parts]
    times = (time.typed for part in parts for time in part.times)
    about, agreed = _said(parts, subject_words, is_topic), _said(parts, agreement_words, is_settling)
    return (
        Evidence(tuple(about), _likelihood(parts, subject_words, max(of_subject for of_subject, _ in odds))),
        Evidence(
            tuple(dict.fromkeys([*agreed, *times])),
            _likelihood(parts, agreement_words, max(of_agreement for _, of_agreement in odds)),
        ),
    )


def weigh(passage: Passage, weights: Weights) -> tuple[float, float]:
    """Add up the log odds of either half."""
    subject, agreement = weights[ALWAYS]
    for name, count in count_signals(passage).items():
        if name in weights:
            for_subject, for_agreement = weights[name]
            subject += for_subject * count
            agreement += for_agreement * count
    return subject, agreement


@lru_cache(maxsize=100_000)
def is_settling(form: Form) -> bool:
    return form.lemma in voc.OF_AGREEMENT


def _said(parts: Sequence[Passage], own: frozenset[str], tells: Callable[[Form], bool]) -> dict[str, None]:
    words = (word for part in parts for word in part.words)
    return dict.fromkeys(word.typed for word in words if word.lemma in own or tells(word.form))


def _likelihood(parts: Sequence[Passage], own: frozenset[str], odds: float) -> float:
    if own and any(word.lemma in own for part in parts for word in part.words):
        return 1.0
    return 1 / (1 + exp(-max(-CERTAIN, min(CERTAIN, odds))))


@lru_cache(maxsize=64)
def lemmas_of(words: tuple[str, ...]) -> frozenset[str]:
    """Admins write words in any form."""
    small = [word.casefold() for word in words]
    return frozenset(
        [*(form_of(word).lemma for word in small), *(base_of(word) for word in small if word.isascii())]
    )
