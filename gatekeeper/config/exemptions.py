"""The tables of exemptions, each under a name by which the journal and the lists call it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError

from gatekeeper.config.forms import Choice, Form, Misfit, Text, Whole
from gatekeeper.config.section import Key, Section
from gatekeeper.config.text import say
from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.messages.words import Language
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

    reason = Key(LINE, required=True)
    author = Key(LINE, required=True)
    entity = Key(Card())
    rule = Key(Choice(RULE_IDS))
    part = Key(
        Text("word", r"[a-z_]{1,64}"),
    )
    pipeline = Key(Whole(0, BIGGEST_ID))
    source = Key(
        Text("word_or_code", r"[^\s\x00]{1,64}"),
    )
    user = Key(
        Whole(1, BIGGEST_ID),
    )
    until = Key(Day())

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
