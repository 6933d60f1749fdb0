from __future__ import annotations

import ssl

import pytest
import requests
from urllib3 import HTTPSConnectionPool
from urllib3 import exceptions as low

from gatekeeper.model import errors
from gatekeeper.portal.transport.breakage import breakage

POOL = HTTPSConnectionPool("portal.example")


def gave_up(reason: Exception) -> low.MaxRetryError:
    return low.MaxRetryError(POOL, "/rest/1/code/", reason)


@pytest.mark.parametrize(
    "broken",
    [
        requests.ConnectTimeout(gave_up(low.ConnectTimeoutError())),
        requests.ConnectionError(gave_up(low.NameResolutionError("portal.example", POOL, OSError()))),  # type: ignore[arg-type]
        requests.exceptions.ProxyError(gave_up(low.ProxyError("no tunnel", OSError()))),
        requests.exceptions.SSLError(gave_up(low.SSLError(ssl.SSLCertVerificationError("self-signed")))),
        requests.exceptions.InvalidURL("portal.example"),
    ],
)
def test_what_never_left_may_simply_be_sent_again(broken: Exception) -> None:
    assert type(breakage("crm.item.get", broken)) is errors.Unavailable


@pytest.mark.parametrize(
    "broken",
    [
        requests.ReadTimeout(),
        requests.ConnectionError(low.ProtocolError("Connection aborted.", ConnectionResetError())),
        requests.exceptions.ChunkedEncodingError(low.ProtocolError("IncompleteRead")),
        requests.exceptions.SSLError(gave_up(low.SSLError(ssl.SSLEOFError("EOF occurred")))),
        requests.exceptions.ContentDecodingError(),
        BrokenPipeError(),
    ],
)
def test_what_may_have_left_may_have_been_done(broken: Exception) -> None:
    assert type(breakage("crm.item.get", broken)) is errors.OutcomeUnknown


def test_an_untrusted_certificate_is_named() -> None:
    broken = requests.exceptions.SSLError(gave_up(low.SSLError(ssl.SSLCertVerificationError("self-signed"))))
    assert str(breakage("crm.item.get", broken)) == "crm.item.get · certificate_not_trusted"
