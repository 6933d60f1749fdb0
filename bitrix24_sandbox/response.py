"""What a REST hit asks and gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RestRequest:
    """`path` after /rest/; `client` the source address; `user` whom the call acts as, None for the owner."""

    path: str
    params: Mapping[str, Any]
    client: str
    user: int | None = None


@dataclass(frozen=True, slots=True)
class RestResponse:
    """`body` is a value to encode, or HTML to send as it is.

    Of a `cut` answer only half arrives. `padding` bytes of white space follow the answer, packed by gzip if
    `zipped`. With a `drip` the answer is sent byte by byte, and `drip` is called after each of them.
    """

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    padding: int = 0
    zipped: bool = False
    drip: Callable[[], None] | None = None
