"""Greps what every test printed, logged or failed with for the planted secrets, and fails the run for one.

That is what pytest captured: the process' own standard output and error, those of processes that a test
started and that inherit them, log records, and the text of failures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest


class LeakWatch:
    """A plugin, for the process that gathers the reports; `secrets`: what it is called -> what it is."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._found: dict[str, None] = {}
        self._looked_at = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for where, text in _texts(report):
            self._looked_at += len(text) if report.when == "teardown" else 0  # its report repeats the others'
            for name, secret in self._secrets.items():
                if secret in text:
                    self._found[f"{name} in {where} of {report.nodeid}"] = None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell where, and not the secret itself."""
        if self._found:
            terminalreporter.section("SECRETS LEAKED", red=True)
            for each in self._found:
                terminalreporter.line(each)
        else:
            terminalreporter.line(f"no planted secret in {self._looked_at:,} characters of output")


def _texts(report: pytest.TestReport) -> Iterable[tuple[str, str]]:
    yield from report.sections
    if report.longrepr:
        yield "failure", report.longreprtext
