"""Is this a detailed comment? Pure: the same text and lexicon give the same judgement."""

from __future__ import annotations

from gatekeeper.judge.comments.clean import clean, is_chat
from gatekeeper.judge.comments.evidence import Evidence, find_evidence, lemmas_of
from gatekeeper.judge.comments.judgement import Judgement, Reason
from gatekeeper.judge.comments.language import Language
from gatekeeper.judge.comments.lexicon import DEFAULT_LEXICON, Lexicon
from gatekeeper.judge.comments.shape import (
    is_contact_data,
    is_mash,
    is_padded,
    is_stop_phrase,
)
from gatekeeper.judge.comments.template import count_addresses, without_template
from gatekeeper.judge.comments.weights import FITTED, Weights
from gatekeeper.judge.comments.words import Passage, parts_of, take_apart

SHORTEST = 4  # words and times
ENOUGH = 0.5  # both halves together are likelier there than not
LETTER = 3  # words to a reader that make a letter of it, one less if half of the matter is missing


def judge_comment(text: str, lexicon: Lexicon = DEFAULT_LEXICON, weights: Weights = FITTED) -> Judgement:
    """«Указано, о чём велась беседа с клиентом, и к каким договорённостям пришли».

    >>> admitted = judge_comment(
    ...     "Планирует поступление на СПО ПКО ИС 2020, готов оплачивать, мама поддерживает, "
    ...     "БПМ у обоих комфорт и престиж, назначили ЛВ на пт 28.02.20 16.00"
    ... )
    >>> admitted.detailed, admitted.reasons, "назначили" in admitted.agreement
    (True, (), True)
    >>> for refused in ("НД", "ПЕРЕЗВОНИТЬ", "СБРОСИЛ", "ПООБЩАЛИСЬ", "ДУМАЕТ"):
    ...     print(*judge_comment(refused).reasons)
    stop_phrase
    stop_phrase
    stop_phrase
    stop_phrase
    stop_phrase
    """
    plain = clean(text)
    own = without_template(plain, lexicon.template_phrases)
    if own is None:
        return Judgement(detailed=False, reasons=(Reason.TEMPLATE,))
    passage = take_apart(own)
    subject, agreement = find_evidence(
        parts_of(passage), lemmas_of(lexicon.subject_words), lemmas_of(lexicon.agreement_words), weights
    )
    missing = _missing(subject, agreement)
    # In a pasted chat «вы» is but one of the two speaking.
    addressed = 0 if is_chat(text) else count_addresses(plain, passage)
    if _is_template(addressed, ready_made=own != plain, missing=bool(missing)):
        reasons: tuple[Reason, ...] = (Reason.TEMPLATE,)
    else:
        reasons = _reasons(passage, lexicon, missing)
    return Judgement(not reasons, reasons, subject.words, agreement.words)


def _missing(subject: Evidence, agreement: Evidence) -> tuple[Reason, ...]:
    """Name every half that is likelier missing than not; of two that are doubtful together the weaker one."""
    if subject.likelihood * agreement.likelihood > ENOUGH:
        return ()
    halves = ((Reason.NO_SUBJECT, subject.likelihood), (Reason.NO_AGREEMENT, agreement.likelihood))
    weaker = min(subject.likelihood, agreement.likelihood)
    return tuple(reason for reason, likelihood in halves if likelihood < ENOUGH or likelihood == weaker)


def _is_template(addressed: int, *, ready_made: bool, missing: bool) -> bool:
    """Tell a letter from a report."""
    return (ready_made and missing) or addressed + 2 * ready_made >= LETTER - missing


def _is_nothing(passage: Passage) -> bool:
    """Whatever the language."""
    return is_contact_data(passage) or is_padded(passage) or is_mash(passage)


def _reasons(passage: Passage, lexicon: Lexicon, missing: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Name what it is instead of a report, and only then what a report would lack."""
    if passage.language is Language.UNKNOWN and not _is_nothing(passage):
        return (Reason.UNKNOWN_LANGUAGE,)
    if missing and is_contact_data(passage):
        return (Reason.CONTACT_DATA,)
    if is_padded(passage):
        return (Reason.PADDING,)
    if missing and is_stop_phrase(passage, lexicon.stop_phrases):
        named_a_time = bool(passage.times) and len(missing) == 1
        return (Reason.STOP_PHRASE, *(missing if named_a_time else ()))
    if missing and is_mash(passage):
        return (Reason.NOT_TEXT,)
    too_short = len(passage.words) + len(passage.times) < SHORTEST
    return (Reason.TOO_SHORT, *missing) if too_short else missing
