"""Refuses processes to the tests that are not marked `process`, so that `make test-fast` starts none."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import util
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn

import pytest

WAYS: Sequence[tuple[object, str]] = (
    (subprocess.Popen, "__init__"),
    (BaseProcess, "start"),
    (util, "spawnv_passfds"),
    (os, "fork"),
    (os, "forkpty"),
    (os, "posix_spawn"),
    (os, "posix_spawnp"),
    (os, "system"),
)
"""All other ways in the standard library lead through these."""


class ProcessRefusedError(AssertionError):
    """Raised where a test without the mark `process` starts a process."""


class ProcessGuard:
    """A plugin. Teardown is free: it stops the database server, by a process of its own."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        with _guarding(item):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        with _guarding(item):
            return (yield)


@contextmanager
def _guarding(item: pytest.Item) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if item.get_closest_marker("process") is None:
            for owner, name in WAYS:
                patch.setattr(owner, name, _refuse)
        yield


def _refuse(*_: object, **__: object) -> NoReturn:
    raise ProcessRefusedError("mark this test `process`: it starts one")
