"""What keeps the gate from seeing the portal, or from seeing all of it, until an admin mends it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatekeeper.model.errors import (
    AccessLost,
    Moved,
    PortalError,
    ScopeMissing,
)

CRM, IM = "crm", "im"
_PREFIXES = {"voximplant": "telephony"}


class TroubleKind(StrEnum):
    """`HOST` is a new address that the webhook is not shown to, `RENAMED` one that is followed.

    `CLOCK`: a worker's machine and the portal disagree on the time; its detail is by how many seconds.
    """

    WEBHOOK = "webhook"
    HOST = "host"
    RENAMED = "renamed"
    SCOPE = "scope"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Trouble:
    """`subject` is the scope, host or machine, "" for the webhook; `detail` the portal's code, often ""."""

    kind: TroubleKind
    subject: str
    detail: str
    since: datetime
    ended_at: datetime | None = None

    @property
    def is_blinding(self) -> bool:
        """Nothing can be read, and nobody told, while it lasts."""
        return self.kind in {TroubleKind.WEBHOOK, TroubleKind.HOST} or self.subject == CRM

    @property
    def is_mute(self) -> bool:
        return self.kind is TroubleKind.SCOPE and self.subject == IM


Key = tuple[TroubleKind, str]


def key_of(error: PortalError) -> Key | None:
    """Which trouble an error tells of; None for what concerns one card, or passes by itself."""
    match error:
        case ScopeMissing(method=method):
            return TroubleKind.SCOPE, scope_of(method)
        case AccessLost(code="INSUFFICIENT_SCOPE"):
            return TroubleKind.SCOPE, CRM  # of the batch as a whole
        case AccessLost():
            return TroubleKind.WEBHOOK, ""
        case Moved(host=host):
            return TroubleKind.HOST, plain_host(host)
        case _:
            return None


def scope_of(method: str) -> str:
    """The scope that a method of ours belongs to.

    >>> scope_of("voximplant.statistic.get"), scope_of("crm.item.list")
    ('telephony', 'crm')
    """
    prefix = method.partition(".")[0]
    return _PREFIXES.get(prefix, prefix)


def plain_host(host: str) -> str:
    """A host as it may be stored and shown: whoever answers in the portal's place chose its letters."""
    return "".join(each for each in host if each.isascii() and (each.isalnum() or each in ".-:"))[:200]


def is_cured(kind: TroubleKind, subject: str, scopes: Collection[str], *, at_home: bool) -> bool:
    """Whether answers within these scopes end it; `at_home`: by the host that the config names."""
    if kind is TroubleKind.SCOPE:
        return subject in scopes
    return kind is not TroubleKind.CLOCK and (at_home or kind is not TroubleKind.RENAMED)
