"""The gauges: what the database says of each part at the moment of asking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from gatekeeper.metrics import names
from gatekeeper.model.trouble import TroubleKind
from gatekeeper.store.breaker import Breaker
from gatekeeper.store.contacts import ContactIndex
from gatekeeper.store.heartbeat import Heartbeat
from gatekeeper.store.inbox import Inbox
from gatekeeper.store.troubles import Troubles

Readings = Mapping[names.Gauge, float | Mapping[str, float]]
"""Of a gauge with a label, a figure for each of its values."""


def read_inbox(inbox: Inbox) -> Readings:
    depth = inbox.depth()
    return {
        names.WAITING: depth.waiting,
        names.LEASED: depth.leased,
        names.DEAD: depth.dead,
        names.OLDEST: depth.oldest_age_s,
    }


def read_index(index: ContactIndex) -> Readings:
    state = index.fill_state()
    return {names.INDEX_COMPLETE: state.complete, names.INDEX_CURSOR: state.cursor}


def read_workers(heartbeat: Heartbeat) -> Readings:
    """Nothing before the first worker: a silence of zero would be a lie."""
    silence = heartbeat.silence()
    return {} if silence is None else {names.SILENCE: silence.total_seconds()}


def read_clock(heartbeat: Heartbeat, machine_now: Callable[[], datetime]) -> Readings:
    """Nothing before a worker has told the portal's time."""
    if not heartbeat.knows_portal():
        return {}
    return {names.CLOCK_DRIFT: (machine_now() - heartbeat.portal_now()).total_seconds()}


def read_sweep(age: Callable[[], timedelta | None], unheard: Callable[[], int]) -> Readings:
    """No age before the first round has ended."""
    since = age()
    told = {} if since is None else {names.SWEEP_AGE: since.total_seconds()}
    return {**told, names.UNHEARD: unheard()}


def read_limiter(level: Callable[[], float], capacity: int) -> Readings:
    return {names.LEVEL: level(), names.CAPACITY: capacity}


def read_breaker(breaker: Breaker, now: Callable[[], datetime]) -> Readings:
    state = breaker.state(now())
    return {
        names.BREAKER_OPEN: state.tripped_at is not None,
        names.BREAKER_REVERTS: state.counted,
        names.BREAKER_LIMIT: breaker.settings.reverts,
    }


def read_troubles(troubles: Troubles) -> Readings:
    """Every kind, so that an alert sees one end."""
    standing = {trouble.kind for trouble in troubles.current()}
    return {names.TROUBLE: {kind.value: kind in standing for kind in TroubleKind}}
