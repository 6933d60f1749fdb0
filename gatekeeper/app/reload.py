"""A config that changes while its processes run: noticed by content, checked as at start, taken over whole.

What is looked at is the config file and every file that secrets and messages come from. A content counts only
when it was seen twice in a row, since an editor may be half way through writing it: half a config may well
be valid. What is broken, or would need a restart, is refused with an alarm, once, and the last good stays.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatekeeper.config import Config, find_config, load_config, watched_files
from gatekeeper.model.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

log = logging.getLogger(__name__)

EVERY_S = 1.0

NEEDS_RESTART: Mapping[str, Callable[[Config], object]] = {
    "portal.url": lambda config: config.portal.url,
    "database.url": lambda config: config.database.url,
    "web.host": lambda config: config.web.host,
    "web.port": lambda config: config.web.port,
    "web.admin_host": lambda config: config.web.admin_host,
    "web.admin_port": lambda config: config.web.admin_port,
    "web.threads": lambda config: config.web.threads,
    "web.max_body_bytes": lambda config: config.web.max_body_bytes,
}
"""What a running process cannot change: whom it speaks to, where it remembers, where it listens."""


class ConfigWatch:
    """Watches what `config` was loaded from. `poll` may be called as often as one likes, from one thread."""

    def __init__(
        self,
        path: Path | None,
        environ: Mapping[str, str],
        config: Config,
        *,
        every_s: float = EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = find_config(path, environ)
        self._environ = environ
        self._config = config
        self._every_s = every_s
        self._clock = clock
        self._files = watched_files(self._path, environ)
        # None: whether the files still say what was loaded, the first poll finds out.
        self._known: str | None = None
        self._seen: str | None = None
        self._next_at = 0.0
        self._refused: str | None = None

    @property
    def refused(self) -> str | None:
        """Why the files' present content is not in force, in a few words without values; None if it is."""
        return self._refused

    def poll(self) -> Config | None:
        """Give the new config, once; None while nothing has changed or what has is refused."""
        if self._clock() < self._next_at:
            return None
        self._next_at = self._clock() + self._every_s
        seen, before = self._fingerprint(), self._seen
        self._seen = seen
        if seen == self._known or seen != before:
            return None
        loaded: Config | ConfigError
        try:
            loaded = load_config(self._path, self._environ)
        except ConfigError as error:
            loaded = error
        if self._fingerprint() != seen:
            return None  # it changed again under our eyes
        with suppress(ConfigError):
            self._files = watched_files(self._path, self._environ)
        self._known = self._fingerprint()
        if isinstance(loaded, ConfigError):
            self._keep_last(loaded)
            return None
        return self._take(loaded)

    def _keep_last(self, error: ConfigError) -> None:
        first = error.problems[0]
        self._refused = f"changed config refused, {len(error.problems)} problem(s); the last good one stays"
        log.error("config.refused file=%s problems=%s first=%s", self._path, len(error.problems), first)

    def _take(self, config: Config) -> Config | None:
        fixed = [key for key, read in NEEDS_RESTART.items() if read(config) != read(self._config)]
        if fixed:
            self._refused = f"changed config needs a restart: {', '.join(fixed)}; the last good one stays"
            log.error("config.needs_restart file=%s keys=%s", self._path, ",".join(fixed))
            return None
        if self._refused:
            log.warning("config.accepted file=%s", self._path)
        self._refused = None
        if config == self._config:
            return None
        self._config = config
        log.warning("config.reloaded file=%s revision=%s", self._path, config.policy.revision)
        return config

    def _fingerprint(self) -> str:
        """A digest of all contents; a file that cannot be read is a content, too."""
        digest = hashlib.sha256()
        for file in (self._path, *self._files):
            try:
                content = file.read_bytes()
            except OSError as error:
                content = type(error).__name__.encode()
            digest.update(hashlib.sha256(content).digest())
        return digest.hexdigest()


class LiveApp:
    """A WSGI app that is replaced as a whole, between two requests, when its config changes."""

    def __init__(
        self, watch: ConfigWatch, app: WSGIApplication, make: Callable[[Config], WSGIApplication]
    ) -> None:
        self._watch = watch
        self._app = app
        self._make = make

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return self._app(environ, start_response)

    def refresh(self) -> None:
        config = self._watch.poll()
        if config is not None:
            self._app = self._make(config)

    def keep_fresh(self) -> None:
        """Look after it from a thread of its own, which ends with the process."""
        threading.Thread(target=self._refresh_for_ever, name="config-watch", daemon=True).start()

    def _refresh_for_ever(self) -> None:
        while True:
            time.sleep(EVERY_S)
            try:
                self.refresh()
            except Exception as error:  # noqa: BLE001 - whatever it is, the app that stands goes on answering
                log.error("config.watch_failed error=%s", type(error).__name__)  # noqa: TRY400 - no values
