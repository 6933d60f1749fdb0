"""How many files the web process may have open: settled at its start, so that no sender brings it to its end.

Each connection takes a descriptor. Where none is left the event loop goes on without new connections until
some are closed; what must never lack them is the database.
"""

from __future__ import annotations

import resource

from gatekeeper.model.errors import TooFewDescriptors

MOST = 8192
"""As many connections as anybody may hold, and with up to 64 KiB each in memory no more than that."""
OWN = 24
"""Listeners, logs and pipes, and the database for the threads that answer no request; 15 were counted."""
A_THREAD = 3
"""A connection to SQLite has its file, the WAL and the memory between processes open."""
CONNECTIONS = 16
"""The fewest connections that are worth a start."""


def settle_descriptors(threads: int) -> None:
    """Set this process' limit, and that of its children, as high as allowed but for `MOST`.

    Raises TooFewDescriptors where that is not enough for so many threads.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    needed = OWN + A_THREAD * threads + CONNECTIONS
    if limit < needed:
        raise TooFewDescriptors(limit, needed, threads)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
