"""A pytest plugin: a Bitrix24 portal for each test that asks for one.

pytest loads this module in every run of a project that has the package installed. It therefore imports
nothing until a test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bitrix24_sandbox.testing import Bitrix24Events, Bitrix24Portal

MARKER = (
    "bitrix24(**options): options of the `bitrix24_portal` fixture, such as limit='standard', seed=10, "
    "faults=[{'kind': '503', 'count': 1}]; see docs/pytest-plugin.md"
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def bitrix24_portal(request: pytest.FixtureRequest) -> Iterator[Bitrix24Portal]:
    """A fresh Bitrix24 portal on a free port of 127.0.0.1; its options come from @pytest.mark.bitrix24."""
    from bitrix24_sandbox.testing import ControlError, OptionError, running_portal

    with ExitStack() as stack:
        try:
            portal = stack.enter_context(running_portal(**_marked_options(request.node)))
        except (OptionError, ControlError) as mistake:
            pytest.fail(f"@pytest.mark.bitrix24: {mistake}", pytrace=False)
        yield portal


@pytest.fixture
def bitrix24_events(bitrix24_portal: Bitrix24Portal) -> Iterator[Bitrix24Events]:
    """The events that `bitrix24_portal` posts, collected by a listener of the test's own."""
    from bitrix24_sandbox.testing import running_listener

    with running_listener() as events:
        bitrix24_portal.send_events_to(events.url)
        yield events


def _marked_options(node: pytest.Item) -> dict[str, Any]:
    """Collect the options of all markers; the one nearest to the test wins."""
    options: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("bitrix24"))):
        if marker.args:
            pytest.fail("@pytest.mark.bitrix24 takes keyword arguments only", pytrace=False)
        options |= marker.kwargs
    return options
