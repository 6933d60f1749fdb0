"""The config as frozen values; `gatekeeper.config` reads them from the TOML and hands them out.

Defaults stand here and in `policy` alone; the schema, the reference and the example take them from there.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import partial
from typing import Any, Literal

from gatekeeper.judge.policy import Duration, Policy
from gatekeeper.model.quiet_hours import QuietHours


class Secret:
    """A string that shows itself only when told to.

    No dataclass, so that `asdict` of a config does not open it.

    >>> f"{Secret('webhook code')} {Secret('webhook code')!r}"
    '*** Secret(***)'
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        """Take the same time however much of the two agrees."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class PortalConfig:
    """`url` ends in "/"; `rate_per_s` and `burst` are the portal's own limits per source address.

    `note_key` seals our notes; None for one that is made beside the database.
    """

    url: Secret
    application_tokens: tuple[Secret, ...]
    rate_per_s: float = 2.0
    burst: int = 50
    reserve: int = 10
    timeout_s: float = 30.0
    note_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """`url` is SQLAlchemy's, a secret because it may hold a password; SQLite paths in it are absolute."""

    url: Secret


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where the portal's events come in, and from whom; networks as in 10.0.0.0/8, none meaning all.

    `metrics_from` may ask at the admin's port, for which none means nobody.

    `trusted_proxies` stand in front, so many deep: that many last entries of X-Forwarded-For are believed.
    """

    host: str = "127.0.0.1"
    port: int = 8024
    admin_host: str = "127.0.0.1"
    admin_port: int = 8026
    max_body_bytes: int = 65_536
    threads: int = 8
    allow_from: tuple[str, ...] = ()
    metrics_from: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    trusted_proxies: int = 0
    bad_tokens_per_minute: int = 30
    events_per_minute: int = 600


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """How the inbox is emptied."""

    wave: int = 150
    settle_s: float = 1.0
    max_settle_s: float = 10.0
    lease_s: float = 120.0
    max_attempts: int = 8


@dataclass(frozen=True, slots=True)
class Interval:
    """A time between two rounds of something.

    >>> str(Interval(5, "min")), Interval(5, "min").as_timedelta
    ('5 min', datetime.timedelta(seconds=300))
    """

    number: int
    unit: Literal["s", "min", "h"]

    @property
    def as_timedelta(self) -> timedelta:
        return timedelta(seconds=self.number * {"s": 1, "min": 60, "h": 3600}[self.unit])

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


@dataclass(frozen=True, slots=True)
class SweepConfig:
    """How what no event told of is found."""

    every: Interval = Interval(5, "min")


@dataclass(frozen=True, slots=True)
class MessagesConfig:
    """What is said in the cards. `templates` is what the file gave, ours in every other place, proven.

    None where there is no file: then they are the package's own.
    """

    language: Literal["ru", "en"] = "ru"
    templates_file: str | None = None
    templates: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class BreakerConfig:
    """More than `reverts` in `minutes` stop all reverts until an admin resets it."""

    reverts: int = 20
    minutes: int = 10


@dataclass(frozen=True, slots=True)
class EnforcementConfig:
    """`dry_run` writes nothing to the portal; `revert_won` lets a won deal be moved back.

    `max_reverts` is how often in 24 hours one deal is moved back.
    """

    dry_run: bool = False
    revert_won: bool = False
    max_reverts: int = 3
    breaker: BreakerConfig = field(default_factory=BreakerConfig)


@dataclass(frozen=True, slots=True)
class DigestConfig:
    """`to` are users who get it whole; with `heads` every head of a department gets his people's."""

    to: tuple[int, ...] = ()
    heads: bool = False
    at: str = "18:00"


@dataclass(frozen=True, slots=True)
class NotificationsConfig:
    """`quiet` is "HH:MM-HH:MM" or "off", in local time of `time_zone`."""

    on: tuple[str, ...] = ("revert",)
    quality_control: tuple[int, ...] = ()
    quiet: str = "21:00-08:00"
    days_off: tuple[str, ...] = ()
    time_zone: str = "Europe/Moscow"
    pause_minutes: int = 10
    digest: DigestConfig = field(default_factory=DigestConfig)

    @property
    def quiet_hours(self) -> QuietHours:
        hours = "00:00-00:00" if self.quiet == "off" else self.quiet
        begin, end = (time.fromisoformat(edge) for edge in hours.split("-"))
        return QuietHours(self.time_zone, begin, end, self.days_off)


@dataclass(frozen=True, slots=True)
class JournalConfig:
    """What may be kept of the cards that decisions were made on."""

    mask_personal_data: bool = False


@dataclass(frozen=True, slots=True)
class LogConfig:
    """What stands on standard error, and how."""

    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "warning"


@dataclass(frozen=True, slots=True)
class RetentionConfig:
    """How long is kept what is done with; None keeps it for ever."""

    journal: Duration | None = field(default_factory=partial(Duration, months=36))
    index: Duration | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that one instance is told from outside."""

    portal: PortalConfig
    database: DatabaseConfig
    policy: Policy
    web: WebConfig = field(default_factory=WebConfig)
    worker: WorkerConfig = field(default_factory=WorkerConfig)
    sweep: SweepConfig = field(default_factory=SweepConfig)
    messages: MessagesConfig = field(default_factory=MessagesConfig)
    enforcement: EnforcementConfig = field(default_factory=EnforcementConfig)
    journal: JournalConfig = field(default_factory=JournalConfig)
    log: LogConfig = field(default_factory=LogConfig)
    retention: RetentionConfig = field(default_factory=RetentionConfig)
    notifications: NotificationsConfig = field(default_factory=NotificationsConfig)
