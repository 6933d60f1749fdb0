"""The sections on who is told what and when, and the forms that only they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from marshmallow.fields import Nested

from gatekeeper.config.forms import Choices, Flag, Form, Misfit, Text, Whole
from gatekeeper.config.section import Key, Section, defaults_of
from gatekeeper.config.text import say
from gatekeeper.config.values import DigestConfig, NotificationsConfig
from gatekeeper.messages.words import Language
from gatekeeper.model.quiet_hours import WEEKDAYS

CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
OCCASIONS = ("revert", "violation")


@dataclass(frozen=True, slots=True)
class SomeOf(Form):
    """Any of the words, none too; with `most`, not more than so many of them."""

    words: tuple[str, ...]
    most: int = 100

    @property
    def choices(self) -> tuple[str, ...]:
        return self.words

    def parse(self, value: Any) -> tuple[str, ...]:
        if value == []:
            return ()
        found: tuple[str, ...] = Choices(self.words).parse(value)
        if len(found) > self.most:
            raise Misfit
        return found

    def allowed(self, language: Language) -> str:
        return say(language, "some_of", choices=", ".join(f'"{word}"' for word in self.words))


@dataclass(frozen=True, slots=True)
class Users(Form):
    def parse(self, value: Any) -> tuple[int, ...]:
        if not isinstance(value, list) or len(set(map(str, value))) != len(value):
            raise Misfit
        return tuple(Whole(1, 2**31).parse(each) for each in value)

    def allowed(self, language: Language) -> str:
        return say(language, "users")


@dataclass(frozen=True, slots=True)
class Zone(Form):
    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in available_timezones():
            raise Misfit
        return value

    def allowed(self, language: Language) -> str:
        return say(language, "zone")


class DigestSection(Section):
    make = DigestConfig
    defaults = defaults_of(DigestConfig)

    to = Key(
        Users(),
    )
    heads = Key(
        Flag(),
    )
    at = Key(Text("clock", CLOCK))


class NotificationsSection(Section):
    make = NotificationsConfig
    defaults = defaults_of(NotificationsConfig)

    on = Key(
        SomeOf(OCCASIONS),
    )
    quality_control = Key(
        Users(),
    )
    quiet = Key(
        Text("hours", rf"{CLOCK}-{CLOCK}|off"),
    )
    days_off = Key(SomeOf(WEEKDAYS, len(WEEKDAYS) - 1))
    time_zone = Key(Zone())
    pause_minutes = Key(
        Whole(0, 1440),
    )
    digest = Nested(DigestSection)
