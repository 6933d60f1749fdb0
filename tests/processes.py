"""The gatekeeper's commands as processes of their own, to be killed."""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import requests

from gatekeeper.app.bootstrap import open_gatekeeper
from gatekeeper.app.demo import free_port, free_ports
from gatekeeper.app.worker_process import run_worker
from gatekeeper.config import load_config
from tests.planted import TOKEN

LAST_BYTE = 65536
"""Up to where a file can be written on a full disk: SQLite's shared memory, and nothing of its log."""


def write_config(folder: Path, portal_url: str, web_port: int, **worker: float) -> Path:
    """A config on a portal without limits, with a lease short enough for a test to outwait."""
    settings = {"settle_s": 0.2, "lease_s": 10.0, **worker}
    lines = [
        "[portal]",
        f'url = "{portal_url}"',
        f'application_tokens = ["{TOKEN}"]',
        "rate_per_s = 50.0",
        "burst = 1000",
        "timeout_s = 3.0",
        "[fields]",
        'product_group = "UF_CRM_PRODUCT_GROUP"',
        "[web]",
        f"port = {web_port}",
        f"admin_port = {next(port for port in free_ports(2) if port != web_port)}",
        "[worker]",
        *(f"{key} = {value}" for key, value in settings.items()),
    ]
    config = folder / "gatekeeper.toml"
    config.write_text("\n".join(lines), encoding="utf-8")
    return config


@contextmanager
def a_process(command: str, config: Path, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """`gatekeeper COMMAND`, killed at the end if it still runs."""
    environ = {**os.environ, "GATEKEEPER_DATABASE_URL": database_url}
    arguments = [sys.executable, "-m", "gatekeeper", command, "--config", str(config)]
    process = subprocess.Popen(arguments, env=environ, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["gatekeeper.app.worker_process", "gatekeeper.judge.comments", "tests.processes"]
)


@contextmanager
def a_worker(config: Path, database_url: str) -> Iterator[BaseProcess]:
    """What `gatekeeper worker` runs, in a process forked from one that has imported everything already."""
    process = _FORKS.Process(target=_work, args=(config, database_url), daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def _work(config: Path, database_url: str) -> None:
    environ = {**os.environ, "GATEKEEPER_DATABASE_URL": database_url}
    run_worker(open_gatekeeper(load_config(config, environ)), threading.Event())


def family(pid: int) -> list[int]:
    """The process and all that it started, as Linux lists them; nothing of one that has ended."""
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [pid, *(each for child in children for each in family(int(child)))]
    return []


@contextmanager
def unable_to_write(pids: Sequence[int]) -> Iterator[None]:
    """What these processes and their children write fails, as on a full disk; those that start meanwhile can.

    Python takes no notice of SIGXFSZ, so SQLite meets EFBIG in place of ENOSPC.
    """
    limited = [each for pid in pids for each in family(pid)]
    for pid in limited:
        _limit_files(pid, LAST_BYTE)
    try:
        yield
    finally:
        for pid in limited:
            _limit_files(pid, None)


def _limit_files(pid: int, last_byte: int | None) -> None:
    with suppress(ProcessLookupError, PermissionError):  # it has ended
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if last_byte is None else last_byte, most))


def until(see: Callable[[], bool], what: str, timeout_s: float = 30.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not see():
        assert time.monotonic() < deadline, f"not within {timeout_s} s: {what}"
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether anybody is there, and well; one that is starting may keep silent."""
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


__all__ = [
    "a_process",
    "a_worker",
    "answers",
    "family",
    "free_port",
    "unable_to_write",
    "until",
    "write_config",
]
