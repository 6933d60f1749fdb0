"""What each diagnosis is called, and what an admin can do about it."""

from __future__ import annotations

from typing import Any, assert_never

from gatekeeper.doctor.diagnosis import Broken, Diagnosis, Doubtful, Fine
from gatekeeper.messages.refusals import tell_refusal
from gatekeeper.messages.words import words_of

NAMED = frozenset({"kind", "kinds", "what", "sources"})
"""Facts that are called by a name of the language."""

REFUSALS = frozenset({"why"})
"""Facts that are a refusal of the portal."""


def sign(diagnosis: Diagnosis) -> str:
    match diagnosis:
        case Fine():
            return "✓"
        case Doubtful():
            return "!"
        case Broken():
            return "✗"
        case _:
            assert_never(diagnosis)


class DoctorWords:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._words = words_of(language, "doctor")

    def describe(self, diagnosis: Diagnosis) -> tuple[str, str]:
        """What was found, and what to do about it, "" where there is nothing to do."""
        facts = {name: self._shown(name, value) for name, value in diagnosis.facts.items()}
        what = self._words.say(f"diagnoses.{diagnosis.code}.what", **facts)
        if diagnosis.facts.get("rules"):
            what += ". " + self._words.say("phrases.suffer", **facts)
        if isinstance(diagnosis, Fine):
            return what, ""
        return what, self._words.say(f"diagnoses.{diagnosis.code}.do", **facts)

    def _shown(self, name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return ", ".join(self._shown(name, each) for each in value) or self._words.say("phrases.none")
        if name in REFUSALS:
            return tell_refusal(self._language, str(value))
        return self._words.say(f"names.{value}") if name in NAMED else value
