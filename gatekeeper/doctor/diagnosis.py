"""What a check of the doctor says: all is well, look at this, or this must be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fine:
    """`code` names the sentence in `words`, `facts` fill it; so does every diagnosis."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The gatekeeper works, but less of it than could, or perhaps not as meant."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """Something needed does not work; the command's exit status says so."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Diagnosis = Fine | Doubtful | Broken
