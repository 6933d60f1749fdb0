"""Every metric there is, by its name on the dashboard: what it counts and by which labels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counter:
    """Grows for ever; the exposition adds "_total".

    `always`: values of the one label that are told even while they are 0, for Prometheus sees no increase in
    what begins above it.
    """

    name: str
    help: str
    labels: tuple[str, ...] = ()
    always: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Histogram:
    """`bounds` are the buckets' upper ends in seconds; beyond the last lies infinity."""

    name: str
    help: str
    bounds: tuple[float, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The buckets' names, as Prometheus writes them."""
        return (*(str(float(bound)) for bound in self.bounds), "+Inf")


@dataclass(frozen=True, slots=True)
class Gauge:
    """A state, read at the moment of asking; with a `label`, one for each of its values."""

    name: str
    help: str
    label: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.label,) if self.label else ()


EVENTS = Counter(
    "gatekeeper_events",
    "Requests to /events, by how they were answered.",
    ("answer",),
    always=(
        "marked",
        "crowded",
        "not_of_interest",
        "bad_token",
        "throttled",
        "no_event",
        "no_length",
        "too_large",
        "source_refused",
        "too_slow",
        "failed",
    ),
)
HITS = Counter("gatekeeper_portal_hits", "Requests sent to the portal.", ("priority",))
COMMANDS = Counter("gatekeeper_portal_commands", "Commands within those requests.", ("method",))
ERRORS = Counter(
    "gatekeeper_portal_errors",
    "What the portal answered in place of an answer: our name for it, and its own code where it sent one.",
    ("kind", "code"),
)
VERDICTS = Counter("gatekeeper_verdicts", "Cards judged, a deal by its status.", ("kind", "status"))
RULES = Counter("gatekeeper_rule_verdicts", "What rules found in those cards.", ("rule", "result"))
ACTIONS = Counter("gatekeeper_actions", "Writes to the portal and what came of them.", ("action", "result"))
OUTCOMES = Counter("gatekeeper_outcomes", "What the inbox was told to do with a card.", ("outcome",))
SAID_AFTER = Histogram(
    "gatekeeper_event_to_comment_seconds",
    "From the first event of a card to the comment in it.",
    (1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300, 900, 3600, 21600),
)

COUNTERS = (EVENTS, HITS, COMMANDS, ERRORS, VERDICTS, RULES, ACTIONS, OUTCOMES)
HISTOGRAMS = (SAID_AFTER,)

WAITING = Gauge("gatekeeper_inbox_waiting", "Cards that wait to be looked at.")
LEASED = Gauge("gatekeeper_inbox_leased", "Cards that a worker holds.")
OLDEST = Gauge("gatekeeper_inbox_oldest_seconds", "Age of the oldest mark that is due.")
DEAD = Gauge("gatekeeper_dead_letters", "Cards that nobody will look at again by itself.")
LEVEL = Gauge("gatekeeper_limiter_level", "Hits in the portal's leaky bucket.")
CAPACITY = Gauge("gatekeeper_limiter_capacity", "Hits that the bucket holds before the portal refuses.")
INDEX_COMPLETE = Gauge("gatekeeper_index_complete", "1 once the contact index is filled.")
INDEX_CURSOR = Gauge("gatekeeper_index_cursor", "The contact id up to which the index is filled.")
SILENCE = Gauge("gatekeeper_worker_silence_seconds", "Since the last sign of life of any worker.")
SWEEP_AGE = Gauge("gatekeeper_sweep_age_seconds", "Since the last round of the sweep ended.")
UNHEARD = Gauge("gatekeeper_unheard_changes", "Changes since the last event that came, which none told of.")
BREAKER_OPEN = Gauge("gatekeeper_breaker_open", "1 while no deal is moved back, until an admin resets it.")
BREAKER_REVERTS = Gauge("gatekeeper_breaker_reverts", "Moves back decided within the breaker's minutes.")
BREAKER_LIMIT = Gauge("gatekeeper_breaker_limit", "More of them than this trip it.")
CLOCK_DRIFT = Gauge(
    "gatekeeper_clock_drift_seconds", "How far this machine's clock is ahead of the portal's."
)
TROUBLE = Gauge(
    "gatekeeper_trouble", "1 while the gate is kept from seeing the portal, or all of it, so.", "kind"
)

GAUGES = (
    WAITING,
    LEASED,
    OLDEST,
    DEAD,
    LEVEL,
    CAPACITY,
    INDEX_COMPLETE,
    INDEX_CURSOR,
    SILENCE,
    SWEEP_AGE,
    UNHEARD,
    BREAKER_OPEN,
    BREAKER_REVERTS,
    BREAKER_LIMIT,
    CLOCK_DRIFT,
    TROUBLE,
)

UNREADABLE = Gauge("gatekeeper_unreadable", "Figures that could not be read this time, and are left out.")
INFO = Gauge("gatekeeper_info", "1, with the version and the policy's revision as labels.")
