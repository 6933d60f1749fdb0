"""What one process has open, made from its config; the other modules of this room make its parts of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from gatekeeper.app.tables import Store, open_store, store_on, utc_now
from gatekeeper.config import Config
from gatekeeper.config.urls import webhook_owner
from gatekeeper.enforcement import Enforcement, Occasion
from gatekeeper.enforcement.side import Side
from gatekeeper.messages import Messages
from gatekeeper.metrics.meter import Meter
from gatekeeper.model.signature import Signer
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.store.note_key import note_key


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """A config, its database and the line to its portal. Close it, or use it in a `with`.

    The client opens no connection before the first call, so whoever asks only the database loses nothing.
    `now` is the clock of everything that is made of this.
    """

    config: Config
    store: Store
    meter: Meter
    client: PortalClient
    now: Callable[[], datetime] = utc_now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.client.close()
        self.store.close()

    @property
    def messages(self) -> Messages:
        return messages_of(self.config)


def open_gatekeeper(config: Config, now: Callable[[], datetime] = utc_now) -> Gatekeeper:
    """Open the config's database; the portal is not called. Raises DatabaseUnavailable."""
    store = open_store(config, now)
    meter = Meter(store.tally)
    return Gatekeeper(config, store, meter, client_of(config, store, meter), now)


def under_config(gatekeeper: Gatekeeper, config: Config) -> Gatekeeper:
    """The same database, and where the config names the same portal the same line, under another config."""
    store = store_on(gatekeeper.store.engine, config, gatekeeper.now, file=gatekeeper.store.file)
    client = gatekeeper.client
    if config.portal != gatekeeper.config.portal:
        client = client_of(config, store, gatekeeper.meter)
    return replace(gatekeeper, config=config, store=store, client=client)


def messages_of(config: Config) -> Messages:
    """The words of that config: its language, and what its admin put in their place."""
    return Messages.in_language(config.messages.language, config.messages.templates)


def side_of(config: Config, store: Store, now: datetime) -> Side:
    """What decides under that config, without the portal."""
    since = store.journal.watching_since() or now
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
    key = note_key(gatekeeper.store.engine, given, gatekeeper.now())
    return Signer(key.secret, key.born_at, webhook_owner(portal.url.reveal()))


def client_of(config: Config, store: Store, meter: Meter) -> PortalClient:
    portal = config.portal
    return PortalClient(
        portal.url.reveal(),
        store.limiter,
        timeout_s=portal.timeout_s,
        meter=meter,
        troubles=store.troubles,
    )
