"""A test that is not marked `process` cannot start one."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.guard import ProcessRefusedError

COMMAND = [sys.executable, "-c", ""]


def a_process_by(method: str) -> Callable[[], object]:
    return lambda: multiprocessing.get_context(method).Process(target=print).start()  # type: ignore[attr-defined]


WAYS: dict[str, Callable[[], object]] = {
    "subprocess": lambda: subprocess.run(COMMAND, check=True),
    "a shell": lambda: os.system("true"),
    "popen": lambda: os.popen("true"),
    "spawn": lambda: os.spawnv(os.P_WAIT, sys.executable, COMMAND),
    "posix_spawn": lambda: os.posix_spawn(sys.executable, COMMAND, {}),
    "a lock between processes": lambda: multiprocessing.get_context("spawn").Lock(),
    **{f"multiprocessing, {each}": a_process_by(each) for each in multiprocessing.get_all_start_methods()},
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_refused_by_every_way(way: str) -> None:
    with pytest.raises(ProcessRefusedError):
        WAYS[way]()


@pytest.mark.process
def test_one_that_is_marked_may() -> None:
    assert subprocess.run(COMMAND, check=True).returncode == 0
