"""The tables of exemptions, each under a name by which the journal and the lists call it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError

from gatekeeper.config.forms import Choice, Form, Misfit, Text, Whole
from gatekeeper.config.section import Key, Meaning, Section
from gatekeeper.config.text import Language, say
from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.model.exemption import CONDITIONS, FROM_CONFIG, Exemption
from gatekeeper.model.refs import EntityRef, Kind

BIGGEST_ID = 2**31 - 1
LONGEST_NAME = 64
LINE = Text("line", r"(?=.*\S)[^\x00\r\n]{1,128}")


class Card(Form):
    def parse(self, value: Any) -> EntityRef:
        try:
            ref = EntityRef.parse(value)
        except (AttributeError, ValueError):
            raise Misfit from None
        if not ref.kind.is_card:
            raise Misfit
        return ref

    def allowed(self, language: Language) -> str:
        return say(language, "card")


class Day(Form):
    """A TOML date without quotes."""

    def parse(self, value: Any) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise Misfit
        return value

    def allowed(self, language: Language) -> str:
        return say(language, "day")


class ExemptionSection(Section):
    """What it is called is its id, so that the order of the tables means nothing."""

    meaning = Meaning(
        "Исключения: что по правилам нарушение, но по названной причине не показывается, не считается и не "
        "возвращает сделку. `NAME` — любое имя, под ним исключение видно в списках. Действует для того, "
        "что отвечает всем заданным условиям; нужно хотя бы одно. То же командой: `gatekeeper exempt add`.",
        "Exemptions: what is a violation by the rules, but for a reason is neither shown nor counted, nor "
        "moves a deal back. `NAME` is any name, by which lists call it. It covers what meets every condition "
        "given, of which there must be one. The same by command: `gatekeeper exempt add`.",
    )

    reason = Key(LINE, "Почему.", "Why.", required=True)
    author = Key(LINE, "Кто решил.", "Who decided.", required=True)
    entity = Key(Card(), "Условие: эта карточка.", "Condition: this card.")
    rule = Key(
        Choice(RULE_IDS), "Условие: это правило; без него все.", "Condition: this rule; without it all."
    )
    part = Key(
        Text("word", r"[a-z_]{1,64}"),
        "Только эта часть правила: имя из фактов, которые показывает `gatekeeper check --json`, например "
        "second_name.",
        "Only this part of the rule: a name from the facts that `gatekeeper check --json` shows, as in "
        "second_name.",
    )
    pipeline = Key(
        Whole(0, BIGGEST_ID), "Условие: сделка этой воронки.", "Condition: a deal of this pipeline."
    )
    source = Key(
        Text("word_or_code", r"[^\s\x00]{1,64}"),
        "Условие: источник карточки, код вроде WEB.",
        "Condition: the card's source, a code such as WEB.",
    )
    user = Key(
        Whole(1, BIGGEST_ID),
        "Условие: этот сотрудник отвечает за карточку или последним двигал сделку.",
        "Condition: this employee is responsible for the card, or moved the deal last.",
    )
    until = Key(Day(), "Последний день действия; без него бессрочно.", "The last day; without it for good.")

    def load_named(self, name: str, value: Any) -> Exemption:
        if not (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
            raise ValidationError({"_schema": ["name"]})
        given: Mapping[str, Any] = self.load(value)
        if found := find_contradiction(given):
            key, code = found
            raise ValidationError({key: [code]})
        return Exemption(id=FROM_CONFIG + name, **given)


def find_contradiction(given: Mapping[str, Any]) -> tuple[str, str] | None:
    """The key at fault ("_schema": the whole) and the code of the text that says why; None if all is well."""
    rule, entity = given.get("rule"), given.get("entity")
    if not given.keys() & set(CONDITIONS):
        return "_schema", "exempts_all"
    if "part" in given and rule is None:
        return "part", "part_alone"
    if rule and entity and not rule.startswith(f"{entity.kind}."):
        return "entity", "other_kind"
    if rule and "pipeline" in given and not rule.startswith(f"{Kind.DEAL}."):
        return "pipeline", "no_pipeline"
    return None
