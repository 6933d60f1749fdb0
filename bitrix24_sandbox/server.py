"""The sandbox as a running server: in this process for tests, or until a signal."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from ssl import SSLContext
from threading import Event
from types import FrameType

import click

from bitrix24_sandbox.app import create_app
from bitrix24_sandbox.clock import MovableClock
from bitrix24_sandbox.deletion import delete_before_read
from bitrix24_sandbox.dictionaries import furnish
from bitrix24_sandbox.events import Dispatcher
from bitrix24_sandbox.faults import Faults
from bitrix24_sandbox.http import serving
from bitrix24_sandbox.log import HitLog
from bitrix24_sandbox.options import WEBHOOK_USER, OptionError, SandboxOptions
from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.rest import Rest
from bitrix24_sandbox.seed import seed_portal
from bitrix24_sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running portal. `url` is its base, without a slash at the end."""

    url: str
    portal: Portal
    rest: Rest

    @property
    def webhook_url(self) -> str:
        return f"{self.url}/rest/{WEBHOOK_USER}/{self.portal.options.code}/"

    @property
    def events_url(self) -> str | None:
        return self.portal.dispatcher.url

    def send_events_to(self, url: str | None) -> None:
        self.portal.dispatcher.url = url


@contextmanager
def running_sandbox(options: SandboxOptions) -> Iterator[Sandbox]:
    """Serve from threads of this process; port 0 takes a free one."""
    clock = MovableClock(options.clock)
    clock.move(options.clock_ahead_s)
    options = replace(options, clock=clock)
    with ExitStack() as stack:
        store = Store(options.database)
        stack.callback(store.close)
        furnish(store)
        dispatcher = Dispatcher(
            options.events_url, options.token, options.host, options.delivery, options.clock
        )
        stack.callback(dispatcher.close)
        portal, faults = Portal(options, store, dispatcher), Faults(options.scopes, options.code)
        dispatcher.before_sending = partial(delete_before_read, portal, faults)
        seed_portal(portal, options.seed)
        rest = Rest(portal, HitLog(), faults, clock)
        server = stack.enter_context(serving(create_app(rest), options.host, options.port, _tls(options)))
        stack.callback(faults.stopping.set)
        yield Sandbox(f"{server.scheme}://{options.host}:{server.server_port}", portal, rest)


def _tls(options: SandboxOptions) -> SSLContext | None:
    if not options.tls:
        return None
    try:
        from bitrix24_sandbox.tls import make_tls
    except ModuleNotFoundError as missing:
        raise OptionError("tls needs the package trustme: pip install 'gatekeeper[tls]'") from missing
    tls = make_tls(options.host)
    if options.tls_ca:
        options.tls_ca.write_bytes(tls.authority)
    return tls.context


def serve(options: SandboxOptions) -> None:
    """Block until SIGTERM or SIGINT, then stop cleanly."""
    stop = Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    with running_sandbox(options) as sandbox:
        click.echo(f"Песочница: {sandbox.url}/  вебхук: {sandbox.webhook_url}  события: {sandbox.events_url}")
        stop.wait()
