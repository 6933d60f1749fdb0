"""The sections on who is told what and when, and the forms that only they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from marshmallow.fields import Nested

from gatekeeper.config.forms import Choices, Flag, Form, Misfit, Text, Whole
from gatekeeper.config.section import Key, Meaning, Section, defaults_of
from gatekeeper.config.text import Language, say
from gatekeeper.config.values import DigestConfig, NotificationsConfig
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
    meaning = Meaning("Сводка за день, одним уведомлением.", "The day in figures, as one notice a day.")

    to = Key(
        Users(),
        "Кто получает сводку по всем; о сделках, оставленных после возвратов, им отдельно не сообщается.",
        "Who gets that of everybody; they are not told singly of deals that were let stand.",
    )
    heads = Key(
        Flag(),
        "Присылать ли руководителям сводку по их людям; замечания уволенных тогда остаются для сводки.",
        "Whether heads get that of their people; what concerns dismissed ones is then left to it.",
    )
    at = Key(Text("clock", CLOCK), "Во сколько, по местному времени.", "At what local time.")


class NotificationsSection(Section):
    make = NotificationsConfig
    defaults = defaults_of(NotificationsConfig)
    meaning = Meaning(
        "Уведомления портала, сверх записи в карточке. Вебхуку нужно право im.",
        "The portal's own notices, beside the note in the card. The webhook needs the scope im.",
    )

    on = Key(
        SomeOf(OCCASIONS),
        "О чём сообщать ответственному (о возврате — и тому, кто перевёл сделку).",
        "What the responsible is told of (of a move back, whoever moved the deal on is told, too).",
    )
    quality_control = Key(
        Users(),
        "Номера пользователей контроля качества: им сообщается о сработавшем предохранителе, о сделках, "
        "которые больше не возвращаются, и о том, чего привратник не видит на портале: вебхук отозван, "
        "права не хватает, портал переехал.",
        "Ids of the quality control's users, who are told when the breaker trips, of deals that are moved "
        "back no more, and of what the gate does not see: a revoked webhook, a missing scope, a portal that "
        "has moved.",
    )
    quiet = Key(
        Text("hours", rf"{CLOCK}-{CLOCK}|off"),
        "Когда не беспокоить: уведомления ждут, и если к утру всё исправлено, не приходят.",
        "When nobody is disturbed: notices wait, and are dropped if all is well by the morning.",
    )
    days_off = Key(
        SomeOf(WEEKDAYS, len(WEEKDAYS) - 1), "По каким дням не беспокоить вовсе.", "Days on which nobody is."
    )
    time_zone = Key(Zone(), "Часовой пояс отдела.", "The department's time zone.")
    pause_minutes = Key(
        Whole(0, 1440),
        "Сколько минут самое меньшее между двумя уведомлениями об одной карточке.",
        "Minutes, at the least, between two notices of one card.",
    )
    digest = Nested(DigestSection)
