# ruff: noqa: N818 - the names say what happened; that it is an error, the tree says
"""What can go wrong, as one tree. The worker alone turns these into outcomes (`worker.outcome_of`).

GatekeeperError
├── ConfigError              the config, with every problem in it
├── DatabaseUnavailable      the database cannot be opened or written to
├── DatabaseLost             the open database's file was deleted, replaced or cut: what is written is lost
├── TooFewDescriptors        the operating system allows this process too few open files to start
├── UnreleasedSchema         the database was made by a version that was never released
├── Undecodable              what another version stored and this one does not understand
├── BackupError              a backup cannot be written, or this file cannot be restored here
├── ReportError              a report cannot be written, or what was asked of it cannot be told
└── PortalError              an answer that is no answer; never "the requirement is not met"
    ├── Unavailable          try again later; nothing is known
    │   ├── OutcomeUnknown   the request left, no answer came: a write may have happened
    │   │   └── AnswerTooLong    more came than is read of one answer
    │   ├── HitRefused       a whole batch was refused, and the code does not say why
    │   ├── RateLimited      the bucket is full (503 QUERY_LIMIT_EXCEEDED)
    │   ├── MethodBlocked    the method's time is spent (429), free again at `free_at`
    │   ├── ClockUnsure      the answers do not say what time it is on the portal, or contradict each other
    │   └── NotRun           an earlier command of a halting batch failed: this one was never tried
    ├── AccessLost           the webhook or the portal's plan is dead: nothing can be read, tell the admin
    ├── ScopeMissing         the webhook lacks this one method's scope; its other methods answer
    ├── Moved                the portal answers from another host now (302)
    ├── NotFound             this item is gone
    ├── AccessDenied         this item may not be seen or changed by the webhook's owner
    └── Refused              the portal understood and said no; asking again would not help
        └── Unreadable       an answer came, in no form that the portal documents; the next may be well
        └── Unexplained      a command sent alone was refused, and the code does not say why

Texts carry the method's name and the portal's code, never the webhook URL, a token or a field's value. The
portal's own description is left out for that reason: it quotes what it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gatekeeper.model.cards import Unread


class GatekeeperError(Exception):
    """Base of all errors that the product raises on purpose."""


class ToldError(GatekeeperError):
    """Ends a command. Its text is for the log; `code` and `facts` name the sentence that a person reads."""

    def __init__(self, code: str, text: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the config: where, what, and what to do."""

    key: str
    what: str
    line: int | None = None
    hint: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}, {self.key}" if self.line else self.key
        return f"{place}: {self.what}" + (f" ({self.hint})" if self.hint else "")


class ConfigError(GatekeeperError):
    """Every problem of one config at once. Raised before anything is started."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        self.source = source
        self.problems = problems
        super().__init__(f"{source}: {len(problems)} problem(s)\n" + "\n".join(f"  {p}" for p in problems))


class DatabaseUnavailable(ToldError):
    """Raised at start, before anything is claimed. The text names the database, its password masked."""


class DatabaseLost(ToldError):
    """Raised before an event is acknowledged or a wave claimed. `how`: deleted, replaced or cut."""

    def __init__(self, how: str, file: Path) -> None:
        self.how = how
        text = f"{file} was {how} while it was open; put it back, or restore a backup, and restart"
        super().__init__(f"database_{how}", text, file=file)


class TooFewDescriptors(ToldError):
    """Raised at start, before the port is opened."""

    def __init__(self, limit: int, needed: int, threads: int) -> None:
        text = (
            f"the system lets this process open {limit} files, and {threads} threads need {needed}: "
            "raise the hard limit (LimitNOFILE= of systemd, ulimit -Hn), or lower web.threads"
        )
        super().__init__("few_descriptors", text, limit=limit, needed=needed, threads=threads)


class UnreleasedSchema(ToldError):
    """Raised before any table is changed."""

    def __init__(self, database: str, revision: str) -> None:
        text = (
            f"{database}: this database was made by an unreleased version (revision {revision}) and cannot "
            "be brought up to date; name an empty one instead, or go back to the version that made it"
        )
        super().__init__("unreleased_schema", text, database=database, revision=revision)


class Undecodable(GatekeeperError):
    """Names the field, never its value. Whoever reads the journal says so instead of judging."""


class BackupError(ToldError):
    """Nothing was changed: a backup is whole or not there, and so is what is restored."""


class ReportError(ToldError):
    """No file was written, not even half of one."""


class PortalError(GatekeeperError):
    """`code` is the portal's own, upper-cased, "" where it sent none.

    `status` is HTTP's; None where no answer came, and for one command of a batch, which has none of its own.
    `detail` is a code of `messages.refusals`, perhaps with a fact behind it.
    """

    def __init__(self, method: str, code: str = "", status: int | None = None, detail: str = "") -> None:
        self.method = method
        self.code = code
        self.status = status
        parts = [method, code, f"HTTP {status}" if status else "", detail]
        super().__init__(" · ".join(part for part in parts if part))


class Unavailable(PortalError):
    """The portal cannot answer now; the request never left, or was turned away at the door."""


class OutcomeUnknown(Unavailable):
    """The request left, no whole answer came: a timeout, a cut body, HTML, 5xx, silence inside a batch.

    A write may have happened, so the next pass reads before it writes.
    """


class AnswerTooLong(OutcomeUnknown):
    """One card may be the cause, with all that hangs on it."""


class HitRefused(Unavailable):
    """Either the portal refuses everything now, or one command of the batch is the cause."""


class RateLimited(Unavailable):
    """The portal's bucket is full although ours was not: somebody else calls from this address."""


class MethodBlocked(Unavailable):
    """The method's operating time is spent."""

    def __init__(self, method: str, code: str, status: int | None, free_at: datetime | None) -> None:
        super().__init__(method, code, status)
        self.free_at = free_at


class ClockUnsure(Unavailable):
    """Nothing that depends on the time can be judged; the next answers will tell it."""


class NotRun(Unavailable):
    """The command was never tried."""


class AccessLost(PortalError):
    """Every read is blind until an admin mends the webhook, so nothing is judged meanwhile."""


class ScopeMissing(PortalError):
    """What this method tells is "not judged" until an admin grants the scope, never "missing"."""


class Moved(PortalError):
    """`host` is where the portal says it lives now."""

    def __init__(self, method: str, host: str) -> None:
        super().__init__(method, "MOVED", 302, f"now_at {host}")
        self.host = host


class NotFound(PortalError):
    """The item does not exist, or not any more."""


class AccessDenied(PortalError):
    """The webhook's owner lacks rights to this item, or to what this method tells."""


class Refused(PortalError):
    """Any other refusal of one command."""


class Unreadable(Refused):
    """The answer is in no documented form, or contradicts itself; `unread` says where."""

    def __init__(self, method: str, unread: Unread) -> None:
        super().__init__(method, detail=f"odd_shape {unread}")
        self.unread = unread


class Unexplained(Refused):
    """The command is refused for good, or the portal refuses everything now: worth asking again."""
