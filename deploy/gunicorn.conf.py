"""gunicorn for the Procfile. The app is made after the fork: a database engine does not survive one."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8024')}"  # behind a proxy that ends TLS
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = 8
preload_app = False
graceful_timeout = 10
