"""TLS for the clients that speak nothing else: an authority and a certificate, made anew at every start."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import trustme


@dataclass(frozen=True, slots=True)
class Tls:
    """`authority` is the PEM that clients have to trust; its key is forgotten."""

    context: ssl.SSLContext
    authority: bytes


def make_tls(host: str) -> Tls:
    """Certify `host` and the names of this machine."""
    authority = trustme.CA(organization_name="gatekeeper sandbox")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*dict.fromkeys((host, "127.0.0.1", "localhost"))).configure_cert(context)
    return Tls(context, authority.cert_pem.bytes())
