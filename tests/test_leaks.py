"""The watch over the suite's output really fails a run in which a secret is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.process
CONFTEST = """
from tests.leaks import LeakWatch

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(LeakWatch({"webhook code": "s3cret" + "c0de"}))
"""
TELLS = {
    "print": "print('https://x/rest/1/s3cretc0de/')",
    "a process": "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(\"s3cretc0de\")'])",
    "standard error": "import os; os.write(2, b's3cretc0de')",
    "a log record": "import logging; logging.getLogger('x').warning('at %s', 's3cretc0de')",
    "a traceback": "raise OSError('s3cretc0de')",
}


def run(folder: Path, body: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(f"def test_it():\n    {body}\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(folder)]
    environ = {"PYTHONPATH": str(ROOT), "PATH": ""}
    return subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("how", TELLS)
def test_a_run_in_which_a_secret_is_told_fails_and_says_where(tmp_path: Path, how: str) -> None:
    done = run(tmp_path, TELLS[how])
    assert done.returncode == 1
    assert "SECRETS LEAKED" in done.stdout
    assert "test_it.py::test_it" in done.stdout.partition("SECRETS LEAKED")[2]


def test_so_it_is_where_several_processes_run_the_tests(tmp_path: Path) -> None:
    done = run(tmp_path, TELLS["print"], "-n", "1")
    assert done.returncode == 1
    assert "webhook code in Captured stdout call of test_it.py::test_it" in done.stdout


def test_a_run_in_which_none_is_told_passes(tmp_path: Path) -> None:
    done = run(tmp_path, "print('https://x/rest/1/***/')")
    assert done.returncode == 0
    assert "no planted secret in 22 characters" in done.stdout
