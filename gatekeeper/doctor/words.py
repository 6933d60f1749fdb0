"""What each diagnosis is called in Russian and English, and what an admin can do about it.

Not among the messages: managers never read this, and an admin does not reword his doctor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from gatekeeper.doctor.diagnosis import Broken, Diagnosis, Doubtful, Fine
from gatekeeper.messages.phrases import load_phrases

NAMED = frozenset({"kind", "kinds", "what", "sources"})
"""Facts that are called by a name of the language."""


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
    """The sentences of one language, read from the file beside this one."""

    def __init__(self, language: str) -> None:
        loaded = load_phrases("gatekeeper.doctor", language)
        self.diagnoses: Mapping[str, Mapping[str, str]] = loaded["diagnoses"]
        self._names: Mapping[str, str] = loaded["names"]
        self._phrases: Mapping[str, str] = loaded["phrases"]

    def describe(self, diagnosis: Diagnosis) -> tuple[str, str]:
        """What was found, and what to do about it, "" where there is nothing to do."""
        facts = {name: self._shown(name, value) for name, value in diagnosis.facts.items()}
        words = self.diagnoses[diagnosis.code]
        what = words["what"].format(**facts)
        if diagnosis.facts.get("rules"):
            what += ". " + self._phrases["suffer"].format(**facts)
        return what, words.get("do", "").format(**facts)

    def _shown(self, name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return ", ".join(self._shown(name, each) for each in value) or self._phrases["none"]
        return self._names[value] if name in NAMED else value
