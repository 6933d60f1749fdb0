"""What nobody well-meaning would send: pieces drawn by hypothesis, put together by chance of a drawn seed.

Drawing whole requests takes ten times as long as answering them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from urllib.parse import quote

from hypothesis import strategies as st

from tests.planted import TOKEN

FIELDS = ("event", "data[FIELDS][ID]", "data[ID]", "auth[application_token]", "auth", "auth[]", "[]", "")
METHODS = (
    "POST",
    "POST",
    "POST",
    "POST",
    "GET",
    "PUT",
    "HEAD",
    "OPTIONS",
    "DELETE",
    "PATCH",
    "TRACE",
    "BREW",
)
PATHS = ("/events",) * 8 + (
    "/",
    "/events/",
    "/healthz",
    "/metrics",
    "/status",
    "/static/../events",
    "//events",
    "/events%00",
)
TYPES = ("application/x-www-form-urlencoded",) * 5 + (
    "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data; boundary=b",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "b" * 300,
    "application/json",
    "text/plain; charset=nonsense",
    "",
)
HEADERS = (
    "X-Forwarded-For",
    "Forwarded",
    "Cookie",
    "Host",
    "Range",
    "Expect",
    "Accept",
    "Authorization",
    "Origin",
)
KNOWN = (
    "'; DROP TABLE inbox;--",
    "../../etc/passwd",
    "\x00",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "9" * 400,
    "-1",
    "1e309",
    "ONCRMDEALUPDATE",
    "٤١",
    "\ud800",
    TOKEN[:-1],
    f"{TOKEN} ",
    TOKEN.upper(),
)


@dataclass(frozen=True)
class Pieces:
    """A handful of texts, byte strings and header values, and the seed of what is made of them."""

    texts: list[str]
    blobs: list[bytes]
    values: list[str]
    seed: int


pieces = st.builds(
    Pieces,
    st.lists(st.text(st.characters(), max_size=40), min_size=3, max_size=8),
    st.lists(st.binary(max_size=80), min_size=2, max_size=5),
    st.lists(
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60),
        min_size=2,
        max_size=5,
    ),
    st.integers(0, 2**32),
)


@dataclass(frozen=True)
class Attack:
    """One request."""

    method: str
    path: str
    content_type: str
    headers: dict[str, str]
    body: bytes


def attacks(given: Pieces, number: int) -> list[Attack]:
    dice = random.Random(given.seed)
    return [_attack(given, dice) for _ in range(number)]


def _attack(given: Pieces, dice: random.Random) -> Attack:
    content_type = dice.choice((*TYPES, dice.choice(given.values)))
    path = dice.choice((*PATHS, "/" + quote(_text(given, dice), safe="", errors="surrogatepass")))
    headers = {dice.choice(HEADERS): dice.choice(given.values) for _ in range(dice.randrange(4))}
    if dice.random() < 0.5:
        headers["X-Forwarded-For"] = f"203.0.{dice.randrange(256)}.{dice.randrange(256)}"
    return Attack(dice.choice(METHODS), path, content_type, headers, _body(given, dice, content_type))


def _text(given: Pieces, dice: random.Random) -> str:
    return dice.choice((dice.choice(given.texts), dice.choice(KNOWN)))


def _body(given: Pieces, dice: random.Random, content_type: str) -> bytes:
    if dice.random() < 0.08:
        return dice.choice((b"a" * 70_000, b"a=1&" * 20_000, b"&" * 60_000))
    if dice.random() < 0.1:
        return b"".join(dice.choices(given.blobs, k=5))
    pairs = [
        (dice.choice((*FIELDS, _text(given, dice))), _text(given, dice))
        for _ in range(dice.choice((1, 3, 5, 120)))
    ]
    return _multipart(pairs, dice) if content_type.startswith("multipart") else form(pairs)


def form(pairs: list[tuple[str, str]]) -> bytes:
    return "&".join("=".join(quote(each, errors="surrogatepass") for each in pair) for pair in pairs).encode()


def _multipart(pairs: list[tuple[str, str]], dice: random.Random) -> bytes:
    parts = [
        b'--b\r\nContent-Disposition: form-data; name="'
        + name.encode(errors="surrogatepass")
        + dice.choice((b'"', b"", b'"; filename="x"', b"\"; filename*=utf-9''%ff"))
        + b"\r\n\r\n"
        + value.encode(errors="surrogatepass")
        + b"\r\n"
        for name, value in pairs
    ]
    return b"".join(parts) + dice.choice((b"--b--\r\n", b"--b", b""))
