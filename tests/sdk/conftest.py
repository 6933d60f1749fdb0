"""Portals for clients that other people wrote: used as they come, and told whom to trust in their own way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bitrix24_sandbox.testing import running_portal
from tests.sdk.onlooker import Onlooker


@pytest.fixture
def portal() -> Iterator[Onlooker]:
    """A portal that never tires."""
    yield from _portal("off")


@pytest.fixture
def strict_portal() -> Iterator[Onlooker]:
    """A portal with the bucket of the usual plans: two hits a second, fifty at once."""
    yield from _portal("standard")


def _portal(limit: str) -> Iterator[Onlooker]:
    with running_portal(limit=limit, tls=True) as portal:
        assert portal.tls_ca
        yield Onlooker(portal.sandbox, portal.tls_ca)
