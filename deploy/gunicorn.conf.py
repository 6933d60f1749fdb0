# ruff: noqa: INP001 - gunicorn reads this file by its path
"""gunicorn for the Procfile and the container.

The app is made after the fork: a database engine does not survive one. The address for events
stands here and not in the config, whose [web] host and port only `gatekeeper web` reads.
"""

import os
import sys

import gatekeeper.app.web_process  # noqa: F401 - read before the fork, so that a new worker answers at once
from gatekeeper.app.descriptors import settle_descriptors
from gatekeeper.config import load_config
from gatekeeper.model.errors import TooFewDescriptors
from gatekeeper.web.server import address

WEB = load_config(None, os.environ).web
try:
    settle_descriptors(WEB.threads)
except TooFewDescriptors as error:
    sys.exit(f"gatekeeper: {error}")

bind = [
    f"0.0.0.0:{os.environ.get('PORT', '8024')}",  # behind a proxy that ends TLS
    address(WEB.admin_host, WEB.admin_port),  # for the admin alone: /status, /metrics
]
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "asgi"
asgi_loop = "asyncio"
asgi_lifespan = "off"
preload_app = False
# Closing an idle connection while an event is on its way loses the event: it is never sent again.
keepalive = 0
graceful_timeout = 10
loglevel = "error"  # a warning for each malformed request would let strangers fill the disk
logger_class = "gatekeeper.web.server.PlainLog"
# The portal's requests have about ten short headers.
limit_request_line = 2048
limit_request_fields = 50
limit_request_field_size = 4096
# It would be a socket in the home directory, where a service has none; nobody here uses it.
control_socket_disable = True
