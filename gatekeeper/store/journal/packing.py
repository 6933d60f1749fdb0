"""Snapshots and policies as bytes: the codec's JSON, compressed to about a fifth."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import fields, replace
from importlib.metadata import version
from typing import Any

from gatekeeper.judge.policy import Mode, Policy, Rules
from gatekeeper.model.cards import Snapshot
from gatekeeper.model.errors import Undecodable
from gatekeeper.store.journal.codec import decode, encode

VERSION = version("gatekeeper")


def pack_snapshot(snapshot: Snapshot) -> tuple[bytes, str]:
    """The bytes, and a digest that is equal for equal snapshots."""
    text = _text(encode(snapshot, Snapshot))
    return zlib.compress(text), hashlib.sha256(text).hexdigest()[:32]


def unpack_snapshot(stored: bytes) -> Snapshot:
    """Undecodable if another version wrote it in a way that this one does not understand."""
    snapshot: Snapshot = decode(_json(stored), Snapshot)
    return snapshot


def peek(stored: bytes) -> dict[str, Any]:
    """A snapshot as it is written, whatever version wrote it; Undecodable if the bytes are damaged."""
    body = _json(stored)
    if not isinstance(body, dict):
        raise Undecodable("no snapshot")
    return body


def pack_policy(policy: Policy) -> bytes:
    return zlib.compress(_text(encode(policy, Policy)))


def unpack_policy(stored: bytes) -> Policy:
    """Rules that the policy's version did not know yet are off in it. Undecodable as above."""
    body = _json(stored)
    policy: Policy = decode(body, Policy)
    unknown = [each.name for each in fields(Rules) if each.name not in body["rules"]]
    off = {name: replace(getattr(policy.rules, name), mode=Mode.OFF) for name in unknown}
    return replace(policy, rules=replace(policy.rules, **off)) if off else policy


def _text(stored: Any) -> bytes:
    # surrogatepass: a portal may send half a character, and what was judged is kept as it was.
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")


def _json(stored: bytes) -> Any:
    try:
        return json.loads(zlib.decompress(stored).decode(errors="surrogatepass"))
    except (zlib.error, ValueError):
        raise Undecodable("the stored bytes are damaged") from None
