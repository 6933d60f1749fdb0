"""Forms: what one value of the config may be.

A form parses what TOML gave, raises `Misfit`, and names what it admits: it is both the check and the line in
the reference. No form repeats the value that it refuses, which may be a secret in the wrong place.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Literal, cast

from gatekeeper.config.text import say
from gatekeeper.config.values import Interval
from gatekeeper.judge.policy import Duration, GracePeriod, Mode
from gatekeeper.messages.words import Language

DOMAIN = re.compile(r"@?[^\W_](?:[\w-]*\.)+[\w-]*[^\W_]")


class Misfit(ValueError):  # noqa: N818  it names what it is, as StopIteration does
    """`code` names a text of `config_text`; `inside` are all keys of a table value that are at fault."""

    def __init__(self, code: str = "invalid", inside: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.inside = inside


@dataclass(frozen=True, slots=True)
class Form(ABC):
    @abstractmethod
    def parse(self, value: Any) -> Any: ...

    @abstractmethod
    def allowed(self, language: Language) -> str: ...

    @property
    def choices(self) -> tuple[str, ...]:
        """The words admitted, where they can be listed, for "did you mean"."""
        return ()


@dataclass(frozen=True, slots=True)
class Flag(Form):
    def parse(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Misfit
        return value

    def allowed(self, language: Language) -> str:
        return say(language, "flag")


@dataclass(frozen=True, slots=True)
class Whole(Form):
    low: int
    high: int

    def parse(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise Misfit
        return value

    def allowed(self, language: Language) -> str:
        return say(language, "whole", low=self.low, high=self.high)


@dataclass(frozen=True, slots=True)
class Number(Form):
    """With `off`, the word "off" stands for None: TOML has no null."""

    low: float
    high: float
    off: bool = False

    def parse(self, value: Any) -> float | None:
        if self.off and value == "off":
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Misfit
        if not self.low <= value <= self.high or not math.isfinite(value):
            raise Misfit
        return float(value)

    def allowed(self, language: Language) -> str:
        code = "number_or_off" if self.off else "number"
        return say(language, code, low=f"{self.low:g}", high=f"{self.high:g}")


@dataclass(frozen=True, slots=True)
class Choice(Form):
    words: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        return self.words

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise Misfit
        return value

    def allowed(self, language: Language) -> str:
        return say(language, "choice", choices=_quoted(self.words))


@dataclass(frozen=True, slots=True)
class ModeOf(Form):
    """How far the violations of that rule may go; of all rules where none is named."""

    rule_id: str = "deal."

    @property
    def choices(self) -> tuple[str, ...]:
        modes = list(Mode) if self.rule_id.startswith("deal.") else [m for m in Mode if m is not Mode.REVERT]
        return tuple(mode.value for mode in modes)

    def parse(self, value: Any) -> Mode:
        if value == Mode.REVERT.value and value not in self.choices:
            raise Misfit("no_revert")
        return Mode(Choice(self.choices).parse(value))

    def allowed(self, language: Language) -> str:
        return Choice(self.choices).allowed(language)


@dataclass(frozen=True, slots=True)
class ModesById(Form):
    """Id of a pipeline or department -> mode. Sorted, so that the order in the file changes no revision."""

    mode: ModeOf

    @property
    def choices(self) -> tuple[str, ...]:
        return self.mode.choices

    def parse(self, value: Any) -> dict[int, Mode]:
        if not isinstance(value, Mapping):
            raise Misfit
        bad = tuple(key for key, mode in value.items() if not self._fits(key, mode))
        if bad:
            raise Misfit(inside=bad)
        return {int(key): self.mode.parse(value[key]) for key in sorted(value, key=int)}

    def _fits(self, key: str, mode: Any) -> bool:
        return bool(re.fullmatch(r"0|[1-9]\d{0,8}", key, re.ASCII)) and mode in self.choices

    def allowed(self, language: Language) -> str:
        return say(language, "modes", choices=_quoted(self.choices))


@dataclass(frozen=True, slots=True)
class Choices(Form):
    words: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        return self.words

    def parse(self, value: Any) -> tuple[str, ...]:
        return _each_once(value, self.words.__contains__)

    def allowed(self, language: Language) -> str:
        return say(language, "choices", choices=_quoted(self.words))


@dataclass(frozen=True, slots=True)
class Regions(Form):
    def parse(self, value: Any) -> tuple[str, ...]:
        from phonenumbers import SUPPORTED_REGIONS

        return _each_once(value, SUPPORTED_REGIONS.__contains__)

    def allowed(self, language: Language) -> str:
        return say(language, "regions")


@dataclass(frozen=True, slots=True)
class Span(Form):
    """Two bounds, both admitted."""

    low: int
    high: int

    def parse(self, value: Any) -> tuple[int, int]:
        if not isinstance(value, list) or len(value) != 2:
            raise Misfit
        first, second = (Whole(self.low, self.high).parse(each) for each in value)
        if first > second:
            raise Misfit
        return first, second

    def allowed(self, language: Language) -> str:
        return say(language, "span", low=self.low, high=self.high)


@dataclass(frozen=True, slots=True)
class DaysByStage(Form):
    """Sorted by stage, so that the order in the file does not change the policy's revision."""

    low: int
    high: int

    def parse(self, value: Any) -> dict[str, int]:
        if not isinstance(value, Mapping):
            raise Misfit
        bad = tuple(stage for stage, days in value.items() if not self._fits(stage, days))
        if bad:
            raise Misfit(inside=bad)
        return dict(sorted(value.items()))

    def _fits(self, stage: str, days: Any) -> bool:
        whole = isinstance(days, int) and not isinstance(days, bool)
        return whole and self.low <= days <= self.high and bool(re.fullmatch(r"(C\d+:)?\w+", stage, re.ASCII))

    def allowed(self, language: Language) -> str:
        return say(language, "stages", low=self.low, high=self.high)


@dataclass(frozen=True, slots=True)
class Text(Form):
    """A string that is matched as a whole; `code` names the text that says what it is."""

    code: str
    pattern: str

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value, re.ASCII):
            raise Misfit
        return value

    def allowed(self, language: Language) -> str:
        return say(language, self.code)


@dataclass(frozen=True, slots=True)
class Period(Form):
    """Calendar months or days, as in "2 months"; with `off`, the word "off" stands for None."""

    off: bool = False

    def parse(self, value: Any) -> Duration | None:
        if self.off and value == "off":
            return None
        found = re.fullmatch(r"([1-9]\d{0,3}) (month|day)s?", value) if isinstance(value, str) else None
        if found is None:
            raise Misfit
        return Duration(**{f"{found[2]}s": int(found[1])})

    def allowed(self, language: Language) -> str:
        return say(language, "period_or_off" if self.off else "period")


@dataclass(frozen=True, slots=True)
class Every(Form):
    """Seconds, minutes or hours, as in "5 min"; the bounds are seconds."""

    low: int
    high: int

    def parse(self, value: Any) -> Interval:
        found = re.fullmatch(r"([1-9]\d{0,4}) (s|min|h)", value) if isinstance(value, str) else None
        if found is None:
            raise Misfit
        interval = Interval(int(found[1]), cast("Literal['s', 'min', 'h']", found[2]))
        if not self.low <= interval.as_timedelta.total_seconds() <= self.high:
            raise Misfit
        return interval

    def allowed(self, language: Language) -> str:
        return say(language, "every", low=f"{self.low} s", high=f"{self.high // 3600} h")


@dataclass(frozen=True, slots=True)
class Networks(Form):
    """Addresses with a prefix length, as in "10.0.0.0/8"; a single address stands for itself."""

    empty: bool = False

    def parse(self, value: Any) -> tuple[str, ...]:
        return () if self.empty and value == [] else _each_once(value, _is_network)

    def allowed(self, language: Language) -> str:
        return say(language, "networks")


@dataclass(frozen=True, slots=True)
class Grace(Form):
    """Minutes, hours or days, as in "30 minutes"; "off" is None."""

    def parse(self, value: Any) -> GracePeriod | None:
        if value == "off":
            return None
        found = re.fullmatch(r"([1-9]\d{0,3}) (minute|hour|day)s?", value) if isinstance(value, str) else None
        if found is None:
            raise Misfit
        return GracePeriod(int(found[1]) * {"minute": 1, "hour": 60, "day": 24 * 60}[found[2]])

    def allowed(self, language: Language) -> str:
        return say(language, "grace")


@dataclass(frozen=True, slots=True)
class Strings(Form):
    """With `empty`, there may be none."""

    code: str
    empty: bool = False

    def parse(self, value: Any) -> tuple[str, ...]:
        if self.empty and value == []:
            return ()
        return _each_once(value, lambda each: isinstance(each, str) and each.strip() != "")

    def allowed(self, language: Language) -> str:
        return say(language, self.code)


@dataclass(frozen=True, slots=True)
class Domains(Form):
    """Mail domains, an @ before them forgiven; there may be none."""

    def parse(self, value: Any) -> tuple[str, ...]:
        named = _each_once(value, lambda each: DOMAIN.fullmatch(each) is not None) if value != [] else ()
        return tuple(each.removeprefix("@").casefold() for each in named)

    def allowed(self, language: Language) -> str:
        return say(language, "domains")


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _each_once(value: Any, admits: Callable[[Any], bool]) -> tuple[Any, ...]:
    if not isinstance(value, list) or not value:
        raise Misfit
    if not all(isinstance(each, str) and admits(each) for each in value) or len(set(value)) != len(value):
        raise Misfit
    return tuple(value)


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words)
