"""gunicorn around the app, for `gatekeeper web` and `gatekeeper up`; the Procfile calls gunicorn itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger as GunicornLog

from gatekeeper.config import WebConfig
from gatekeeper.web.deadline import DeadlineWorker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class PlainLog(GunicornLog):  # type: ignore[misc,unused-ignore]
    """Leaves what gunicorn logs to the root logger, which masks and writes as the config says."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in list(self.error_log.handlers):
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True


class Server(BaseApplication):
    """The app is made in each worker after the fork: a database engine does not survive one."""

    def __init__(self, make_app: Callable[[], WSGIApplication], settings: dict[str, Any]) -> None:
        self._make_app = make_app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._make_app()


def serve(make_app: Callable[[], WSGIApplication], web: WebConfig) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished."""
    settings = {
        "bind": [address(web.host, web.port), address(web.admin_host, web.admin_port)],
        "worker_class": DeadlineWorker,
        "workers": 1,
        "threads": web.threads,
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
