"""The sandbox over https."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bitrix24_sandbox.server import Sandbox
from bitrix24_sandbox.testing import running_portal


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return tmp_path / "authority.pem"


@pytest.fixture
def secure(authority: Path) -> Iterator[Sandbox]:
    with running_portal(tls=True, tls_ca=authority) as portal:
        yield portal.sandbox


def ask(sandbox: Sandbox, authority: Path, host: str = "127.0.0.1") -> int:
    url = f"{sandbox.webhook_url}profile".replace("127.0.0.1", host)
    return requests.post(url, verify=str(authority), timeout=5).status_code


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_who_trusts_the_written_authority_is_answered_under_both_names(
    secure: Sandbox, authority: Path, host: str
) -> None:
    assert secure.url.startswith("https://")
    assert ask(secure, authority, host) == 200


def test_who_does_not_trust_it_goes_away_and_the_next_one_is_served(
    secure: Sandbox, authority: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.post(f"{secure.webhook_url}profile", verify=True, timeout=5)
    assert ask(secure, authority) == 200
    assert not capfd.readouterr().err


def test_plain_http_is_not_answered(secure: Sandbox, authority: Path) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(f"{secure.webhook_url}profile".replace("https", "http"), timeout=5)
    assert ask(secure, authority) == 200


def test_a_client_that_never_shakes_hands_keeps_nobody_out(secure: Sandbox, authority: Path) -> None:
    port = int(secure.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)):
        assert ask(secure, authority) == 200


def test_every_start_makes_a_new_authority(secure: Sandbox, authority: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    with running_portal(tls=True, tls_ca=other) as portal, pytest.raises(requests.exceptions.SSLError):
        ask(portal.sandbox, authority)
    assert ask(secure, authority) == 200
