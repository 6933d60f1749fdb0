"""Portals for clients that other people wrote: used as they come, and told whom to trust in their own way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bitrix24_sandbox.options import SandboxOptions
from bitrix24_sandbox.server import running_sandbox
from tests.sdk.onlooker import Onlooker


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Onlooker]:
    """A portal that never tires."""
    yield from _portal(tmp_path, "off")


@pytest.fixture
def strict_portal(tmp_path: Path) -> Iterator[Onlooker]:
    """A portal with the bucket of the usual plans: two hits a second, fifty at once."""
    yield from _portal(tmp_path, "standard")


def _portal(folder: Path, limit: str) -> Iterator[Onlooker]:
    authority = folder / "authority.pem"
    options = SandboxOptions(port=0, events_url=None, limit=limit, tls=True, tls_ca=authority)
    with running_sandbox(options) as sandbox:
        yield Onlooker(sandbox, authority)
