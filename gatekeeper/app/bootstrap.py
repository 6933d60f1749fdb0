"""What one process has open, made from its config; the other modules of this room make its parts of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Self

from gatekeeper.app.tables import Store, open_store, store_on, utc_now
from gatekeeper.config import Config
from gatekeeper.config.urls import webhook_owner
from gatekeeper.enforcement import Enforcement, Occasion
from gatekeeper.enforcement.side import Side
from gatekeeper.messages import Messages
from gatekeeper.metrics.meter import Meter
from gatekeeper.model.errors import ClockUnsure, PortalError
from gatekeeper.model.signature import Signer
from gatekeeper.portal.clock import ENOUGH, PortalClock
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.wire import system
from gatekeeper.store.note_key import note_key


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """A config, its database and the line to its portal. Close it, or use it in a `with`.

    The client opens no connection before the first call, so whoever asks only the database loses nothing.
    `now` is the portal's time and raises ClockUnsure before the portal has answered; `machine_now` is the
    machine's. Which one is for what: `gatekeeper.portal.clock`.
    """

    config: Config
    store: Store
    meter: Meter
    client: PortalClient
    now: Callable[[], datetime]
    machine_now: Callable[[], datetime] = utc_now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.client.close()
        self.store.close()

    def portal_now(self) -> datetime:
        """Like `now`; where that is not known, what the workers told of it."""
        try:
            return self.now()
        except ClockUnsure:
            return self.store.heartbeat.portal_now()

    @property
    def messages(self) -> Messages:
        return messages_of(self.config)


def open_gatekeeper(
    config: Config,
    machine_now: Callable[[], datetime] = utc_now,
    monotonic: Callable[[], float] = time.monotonic,
) -> Gatekeeper:
    """Open the config's database; the portal is not called. Raises DatabaseUnavailable."""
    store = open_store(config, machine_now)
    meter = Meter(store.tally)
    clock = PortalClock(machine_now=machine_now, monotonic=monotonic)
    client = client_of(config, store, meter, clock)
    return Gatekeeper(config, store, meter, client, clock.now, machine_now)


def under_config(gatekeeper: Gatekeeper, config: Config) -> Gatekeeper:
    """The same database, and where the config names the same portal the same line, under another config."""
    machine_now, file = gatekeeper.machine_now, gatekeeper.store.file
    store = store_on(gatekeeper.store.engine, config, machine_now, file=file)
    changed = replace(gatekeeper, config=config, store=store)
    if config.portal == gatekeeper.config.portal:
        return changed
    clock = PortalClock(machine_now=machine_now, monotonic=gatekeeper.client.clock.monotonic)
    client = client_of(config, store, gatekeeper.meter, clock)
    return replace(changed, client=client, now=clock.now)


def messages_of(config: Config) -> Messages:
    """The words of that config: its language, and what its admin put in their place."""
    return Messages.in_language(config.messages.language, config.messages.templates)


def side_of(config: Config, store: Store) -> Side:
    """What decides under that config, without the portal."""
    since = store.journal.watching_since() or store.heartbeat.portal_now()
    granted = store.exemptions.in_force()
    return Side(config.policy, enforcement_of(config, since), messages_of(config), granted)


def enforcement_of(config: Config, watching_since: datetime) -> Enforcement:
    told = config.notifications
    return Enforcement(
        watching_since=watching_since,
        dry_run=config.enforcement.dry_run,
        revert_won=config.enforcement.revert_won,
        max_reverts=config.enforcement.max_reverts,
        owner_id=webhook_owner(config.portal.url.reveal()),
        notices=frozenset(Occasion(occasion) for occasion in told.on) | {Occasion.LEFT, Occasion.UNDONE},
        # Readers of the digest find it there.
        quality_control=tuple(reader for reader in told.quality_control if reader not in told.digest.to),
    )


def signer_of(gatekeeper: Gatekeeper) -> Signer:
    """What seals our notes on that portal and knows them again. Raises DatabaseUnavailable."""
    portal = gatekeeper.config.portal
    given = portal.note_key.reveal() if portal.note_key else None
    key = note_key(gatekeeper.store.engine, given, partial(_ask_for_time, gatekeeper))
    return Signer(key.secret, key.born_at, webhook_owner(portal.url.reveal()))


def _ask_for_time(gatekeeper: Gatekeeper) -> datetime:
    """The portal's time, asked for if no answer has told it yet; see `portal_now` if the portal is away."""
    with suppress(PortalError):
        for _ in range(ENOUGH):
            if not gatekeeper.client.clock.is_sure:
                gatekeeper.client.call(system.clock_command())
    return gatekeeper.portal_now()


def client_of(config: Config, store: Store, meter: Meter, clock: PortalClock) -> PortalClient:
    portal = config.portal
    return PortalClient(
        portal.url.reveal(),
        store.limiter,
        timeout_s=portal.timeout_s,
        meter=meter,
        troubles=store.troubles,
        clock=clock,
    )
