"""What one word can do for a comment, wherever it stands; looked up once a word form.

The weights are set by hand: 1 proves its half, less than 1 only helps. They are round on purpose, since a few
hundred labelled rows do not bear out finer ones.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from gatekeeper.text import vocabulary as voc
from gatekeeper.text.words import Form

_CONTENT_PARTS = frozenset({"NOUN", "ADJF", "ADJS", "PRTF", "PRTS"})
_VERB_PARTS = frozenset({"VERB", "INFN", "GRND"})
_NAME_TRAITS = frozenset({"Name", "Surn", "Patr"})
_TIMELY = frozenset(["месяц", "год", "неделя", "день", "час", "минута", "квартал", "полгода", "сутки"])
_TOPICLESS = voc.GENERIC | voc.LOGISTICS | voc.INTERNAL | voc.FILLER | _TIMELY
_SERVICE_VERBS = voc.ACTS | voc.EMPTY_VERBS | voc.AGREED | voc.CLOSING
_CLOSED = ("закры", "проиг", "архив", "расторг", "аннул", "удал")


class Role(NamedTuple):
    """`needs_day`: a month is not enough, «собираются в мае» is a wish.

    `closing`, `undated` and `conditional` are weights: as an end, alone, and beside an event to come.
    """

    is_wish: bool
    is_finite: bool
    is_infinitive: bool
    may_be_dated: bool
    needs_day: bool
    closing: float
    undated: float
    conditional: float


@lru_cache(maxsize=100_000)
def topic_weight(form: Form, *, capital: bool) -> float:
    lemma = form.lemma
    if lemma in _TOPICLESS or form.traits & _NAME_TRAITS or len(lemma) < 2 or lemma[0].isdigit():
        return 0
    if lemma in voc.MONEY:
        return 0.5
    if form.part in _VERB_PARTS:
        return 0 if lemma in _SERVICE_VERBS else 0.5
    if form.part in _CONTENT_PARTS or "LATN" in form.traits or not form.known:
        return 0.5 if "Geox" in form.traits or (capital and form.part == "ADJF") else 1
    return 0.5 if form.part == "ADVB" and len(lemma) > 6 else 0


@lru_cache(maxsize=100_000)
def role_of(form: Form) -> Role:
    alone = _undated_weight(form)
    is_act_to_come = form.tense in {"futr", "pres"} and form.lemma in voc.ACTS
    closing = 0.0
    if form.lemma in voc.CLOSING:
        closing = 1.0 if form.lemma.startswith(_CLOSED) else 0.5
    return Role(
        is_wish=form.lemma in voc.WISHES,
        is_finite=form.is_verb and form.part != "INFN",
        is_infinitive=form.part == "INFN",
        may_be_dated=_may_be_dated(form),
        needs_day=form.lemma in voc.ARRANGED or form.lemma == "думать",
        closing=closing,
        undated=alone,
        conditional=1.0 if is_act_to_come else alone,
    )


def _may_be_dated(form: Form) -> bool:
    """Something that can be done on a day, and is not said to be over."""
    lemma = form.lemma
    if lemma in voc.ACT_NOUNS or lemma in voc.ARRANGED or _settles(form):
        return True
    if not form.is_verb or form.tense == "past" or lemma in voc.LIFE:
        return False
    return lemma in voc.ACTS or form.tense == "futr" or form.person == "1per" or lemma in voc.DECIDING


def _undated_weight(form: Form) -> float:
    if _settles(form):
        return 0.5 if form.part in {"PRTS", "PRTF"} or form.lemma in voc.BACKSTORY else 1.0
    if form.tense == "pres" and form.lemma in voc.DECIDING:
        return 1.0 if form.person == "1per" else 0.6
    if form.tense == "futr" and form.lemma in voc.ACTS:
        return 0.6 if form.lemma in voc.DELIVERING else 0.4
    return 0.0


def _settles(form: Form) -> bool:
    return form.is_done and (form.lemma in voc.AGREED or (form.lemma == "согласный" and form.part == "ADJS"))
