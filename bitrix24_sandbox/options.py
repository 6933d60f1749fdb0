"""What a sandbox is started with; the defaults are fixed so that scripts can rely on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from time import time
from typing import Any, Literal

from bitrix24_sandbox.operating import WINDOW_S
from bitrix24_sandbox.schema import Kind

WEBHOOK_USER = 1
WEBHOOK_CODE = "sandbox"
APPLICATION_TOKEN = "sandbox-application-token"  # noqa: S105
SCOPES = ("crm", "user", "im", "telephony", "imopenlines", "department")
NARROWER = {"user": ("user_basic", "user_brief")}
"""Scopes that open the same methods and show less of what they tell."""
KNOWN_SCOPES = (*SCOPES, *(each for narrower in NARROWER.values() for each in narrower))


@dataclass(frozen=True, slots=True)
class Bucket:
    """`rate` hits leak away each second; the hit that would rise above `capacity` is refused."""

    rate: float
    capacity: int


LIMITS: Mapping[str, Bucket | None] = {"standard": Bucket(2, 50), "enterprise": Bucket(5, 250), "off": None}
CHOICES: Mapping[str, Collection[Any]] = {
    "limit": tuple(LIMITS),
    "costs": ("none", "booked", "slept"),
    "error_statuses": ("real", "documented"),
    "mode": (1, 2),
    "comment_shape": ("fields", "data"),
}
"""Options that take one of a few values."""
MEMBERS: Mapping[str, Collection[str]] = {"scopes": KNOWN_SCOPES, "required": tuple(Kind)}
"""Options that hold several values, each one of these."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How outgoing events travel. Probabilities are 0..1; everything is reproducible by `seed`.

    `burst`: events gather until so many wait (or `burst_wait_s` passed) and leave at once.
    `updates_after_add`: the portal finishes building a new card after it told of it.
    `comment_shape`, `omit`: where a comment's id stands, and which keys an older portal leaves out.
    `slow_after_s`: a handler that thinks longer is called at growing intervals, up to `slow_pause_max_s`.
    """

    delay_s: float = 0.05
    loss: float = 0.0
    doubling: float = 0.0
    reorder_s: float = 0.0
    burst: int = 1
    burst_wait_s: float = 2.0
    timeout_s: float = 5.0
    slow_after_s: float = 1.0
    slow_pause_max_s: float = 30.0
    seed: int = 0
    updates_after_add: int = 0
    comment_shape: Literal["fields", "data"] = "fields"
    omit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """`offset_minutes` is the server's; `database` a file, or in memory; `events_url` None sends nothing.

    `error_statuses`: "real" answers 401 to wrong credentials and scopes, "documented" 403 as its pages say.
    `required`: kind -> field codes without which a card of that kind changes no stage and is not added.
    `costs`: none; "booked" counts realistic operating times; "slept" also takes that long.
    `operating_window_s`: tens of seconds; a test that meets a 429 has no ten minutes to wait.
    `tls`: speak https, by an authority of its own, which is written to the file `tls_ca`.
    `scopes` are the incoming webhook's.
    `mode`: 1 with leads, 2 without. `robots`: stage -> stage that a card is moved on to at once.
    `clock` tells seconds since 1970; the portal's time is `clock_ahead_s` later, and can be moved any time.
    `older`: a portal that knows no `useOriginalUfNames` and tells no operating time.
    """

    host: str = "127.0.0.1"
    port: int = 8025
    database: str = ":memory:"
    events_url: str | None = "http://127.0.0.1:8024/events"
    token: str = APPLICATION_TOKEN
    code: str = WEBHOOK_CODE
    offset_minutes: int = 180
    limit: str = "standard"
    costs: Literal["none", "booked", "slept"] = "none"
    operating_limit_s: float = 480.0
    operating_window_s: int = WINDOW_S
    error_statuses: Literal["real", "documented"] = "real"
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    delivery: Delivery = field(default_factory=Delivery)
    tls: bool = False
    tls_ca: Path | None = None
    seed: int = 0
    scopes: tuple[str, ...] = SCOPES
    mode: int = 1
    robots: Mapping[str, str] = field(default_factory=dict)
    older: bool = False
    clock: Callable[[], float] = time
    clock_ahead_s: float = 0.0


OPTIONS = tuple(each.name for each in fields(SandboxOptions))
DELIVERY = tuple(each.name for each in fields(Delivery) if each.name not in OPTIONS)


class OptionError(ValueError):
    """An option that a sandbox does not have, or a value that the option does not take."""


def make_options(**given: Any) -> SandboxOptions:
    """Build the options from one flat set of names: those of SandboxOptions and those of Delivery.

    `seed` is the portal's; a Delivery with a seed of its own is given as `delivery`. Raises OptionError.
    """
    for name, value in given.items():
        _check(name, value)
    travel = {name: given.pop(name) for name in DELIVERY if name in given}
    options = SandboxOptions(**given)
    return replace(options, delivery=replace(options.delivery, **travel))


def _check(name: str, value: Any) -> None:
    known = (*OPTIONS, *DELIVERY)
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(sorted(known))}"
        raise OptionError(f"the sandbox has no option {name!r}; {hint}")
    if name in CHOICES and value not in CHOICES[name]:
        raise OptionError(f"{name} is one of {_listed(CHOICES[name])}, not {value!r}")
    for member in value if name in MEMBERS else ():
        if member not in MEMBERS[name]:
            raise OptionError(f"{name} takes {_listed(MEMBERS[name])}, not {member!r}")


def _listed(values: Collection[Any]) -> str:
    return ", ".join(str(value) for value in values)
