"""A second wave beside one that takes long, so that a slow method keeps only its own cards waiting.

The portal may take seconds for one command, and a wave ends with its slowest. Whoever acts meanwhile would
wait for it, although the portal's limit leaves room. Two waves never hold one card: the inbox sees to that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gatekeeper.worker.guard import Guard
from gatekeeper.worker.loop import Worker

HELD_UP_S = 1.5
"""A wave on a quick portal is over by then."""
POLL_S = 0.2


@dataclass(slots=True)
class Overlap:
    """`second` claims waves while one of `first` is under way for long."""

    first: Worker
    second: Worker
    held_up_s: float = HELD_UP_S
    guard: Guard = field(default_factory=Guard)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Run until the block is left; a wave under way then is finished."""
        stop = threading.Event()
        thread = threading.Thread(target=self._run, args=(stop,), name="second wave")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            if self.first.wave_s > self.held_up_s:
                self.guard.run("second wave", self.second.run_wave)
            stop.wait(self.second.pause_s or POLL_S)
