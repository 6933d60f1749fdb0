"""Is this a detailed comment? Pure: the same text and lexicon give the same judgement."""

from __future__ import annotations

from gatekeeper.text.clean import clean, is_chat
from gatekeeper.text.evidence import (
    AGREEMENT_ENOUGH,
    AGREEMENT_ENOUGH_AT_LENGTH,
    LENGTH,
    SUBJECT_ENOUGH,
    SUBJECT_ENOUGH_TO_CLOSE,
    Evidence,
    find_agreement,
    find_subject,
    lemmas_of,
)
from gatekeeper.text.judgement import Judgement, Reason
from gatekeeper.text.lexicon import DEFAULT_LEXICON, Lexicon
from gatekeeper.text.shape import is_contact_data, is_mash, is_padded, stop_phrase_in, without_template
from gatekeeper.text.vocabulary import CLOSING
from gatekeeper.text.words import Passage, take_apart

SHORTEST = 4  # words and times


def judge_comment(text: str, lexicon: Lexicon = DEFAULT_LEXICON) -> Judgement:
    """«Указано, о чём велась беседа с клиентом, и к каким договорённостям пришли».

    >>> judge_comment("Планирует поступление на СПО ПКО ИС 2020, готов оплачивать, мама поддерживает, БПМ у обоих "
    ...     "комфорт и престиж, назначили ЛВ на пт 28.02.20 16.00").detailed
    True
    >>> [str(judge_comment(text).reasons[0]) for text in ("НД", "ПЕРЕЗВОНИТЬ", "СБРОСИЛ", "ПООБЩАЛИСЬ", "ДУМАЕТ")]
    ['stop_phrase', 'stop_phrase', 'stop_phrase', 'stop_phrase', 'stop_phrase']
    """
    plain = clean(text)
    own = without_template(plain, lexicon.template_phrases, chat=is_chat(text))
    if own is None:
        return Judgement(detailed=False, reasons=(Reason.TEMPLATE,))
    passage = take_apart(own)
    subject = find_subject(passage, lemmas_of(lexicon.subject_words))
    agreement = find_agreement(passage, lemmas_of(lexicon.agreement_words))
    reasons = _reasons(passage, lexicon, subject, agreement, templated=own != plain)
    return Judgement(not reasons, reasons, subject.words, agreement.words)


def _reasons(
    passage: Passage, lexicon: Lexicon, subject: Evidence, agreement: Evidence, *, templated: bool
) -> tuple[Reason, ...]:
    missing = _missing(passage, subject, agreement)
    if templated and missing:
        return (Reason.TEMPLATE,)
    stopped = bool(missing) and stop_phrase_in(passage, lexicon.stop_phrases)
    if is_padded(passage):
        return (Reason.PADDING,)
    if stopped:
        return (Reason.STOP_PHRASE, *(missing if len(missing) == 1 else ()))
    if is_mash(passage):
        return (Reason.NOT_TEXT,)
    if missing and is_contact_data(passage):
        return (Reason.CONTACT_DATA,)
    if len(passage.words) + len(passage.times) < SHORTEST:
        return (Reason.TOO_SHORT, *missing)
    return missing


def _missing(passage: Passage, subject: Evidence, agreement: Evidence) -> tuple[Reason, ...]:
    closed = any(word.lemma in CLOSING for word in passage.words)
    subject_enough = SUBJECT_ENOUGH_TO_CLOSE if closed else SUBJECT_ENOUGH
    agreement_enough = AGREEMENT_ENOUGH_AT_LENGTH if len(passage.words) >= LENGTH else AGREEMENT_ENOUGH
    found = ((Reason.NO_SUBJECT, subject, subject_enough), (Reason.NO_AGREEMENT, agreement, agreement_enough))
    return tuple(reason for reason, evidence, enough in found if evidence.weight < enough)
