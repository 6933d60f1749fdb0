"""The mark under everything the gatekeeper writes into a card.

It makes the product's own words known on the portal itself, whoever owns the webhook today, and carries a
digest of the text it was written with. The digest, not the text, says whether a comment is up to date: the
portal may store a text otherwise than it was sent, and comparing texts would then edit it without end.
"""

from __future__ import annotations

import hashlib
import re

from gatekeeper.model import EntityRef, Kind

LETTERS = {Kind.DEAL: "d", Kind.CONTACT: "c", Kind.LEAD: "l"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
MARK = re.compile(r"\bgk-([dcl])(\d{1,18})-([0-9a-f]{8})(?:\s|\[/\w+\]|<[^>]*>)*$")


def sign(text: str, ref: EntityRef, signature: str) -> str:
    """The text with its last line, e.g. «Контроль регламента · gk-d41-0a1b2c3d»."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{text}\n{signature} · gk-{LETTERS[ref.kind]}{ref.id}-{digest}"


def parse_mark(text: str) -> EntityRef | None:
    """The card that a comment of ours belongs to; None for what a person wrote, quotations of us included.

    >>> parse_mark(sign("Всё хорошо", EntityRef(Kind.DEAL, 41), "Контроль"))
    EntityRef(kind=<Kind.DEAL: 'deal'>, id=41)
    """
    found = MARK.search(text)
    return EntityRef(KINDS[found[1]], int(found[2])) if found else None


def digest_in(text: str) -> str | None:
    found = MARK.search(text)
    return found[3] if found else None
