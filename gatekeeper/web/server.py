"""gunicorn around the app, for `gatekeeper web` and `gatekeeper up`; the Procfile calls gunicorn itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger as GunicornLog

from gatekeeper.config import WebConfig
from gatekeeper.web.asgi import Asgi


class UsedUp(logging.Filter):
    """Says once a minute that no descriptor is left: asyncio says it a hundred times a second, at length."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._next_at = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith("socket.accept() out of system resource"):
            return True
        if self._monotonic() < self._next_at:
            return False
        self._next_at = self._monotonic() + 60
        record.msg, record.args, record.exc_info = "descriptors.used_up", (), None
        return True


class PlainLog(GunicornLog):  # type: ignore[misc,unused-ignore]
    """Leaves what gunicorn and asyncio log to the root logger, which masks and writes as the config says."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in list(self.error_log.handlers):
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True
        logging.getLogger("asyncio").addFilter(UsedUp())


class Server(BaseApplication):
    """The app is made in each worker after the fork: a database engine does not survive one."""

    def __init__(self, make_app: Callable[[], Asgi], settings: dict[str, Any]) -> None:
        self._make_app = make_app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._make_app()


def serve(make_app: Callable[[], Asgi], web: WebConfig) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished."""
    settings = {
        "bind": [address(web.host, web.port), address(web.admin_host, web.admin_port)],
        "worker_class": "asgi",
        "asgi_loop": "asyncio",
        "asgi_lifespan": "off",
        "workers": 1,
        # Closing an idle connection while an event is on its way loses the event: it is never sent again.
        "keepalive": 0,
        "graceful_timeout": 10,
        "loglevel": "error",  # a warning for each malformed request would let strangers fill the disk
        "logger_class": PlainLog,
        # The portal's requests have about ten short headers.
        "limit_request_line": 2048,
        "limit_request_fields": 50,
        "limit_request_field_size": 4096,
        "control_socket_disable": True,
    }
    Server(make_app, settings).run()


def address(host: str, port: int) -> str:
    """Write it as gunicorn's `bind` wants it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
