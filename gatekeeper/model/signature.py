"""The signature under everything the gatekeeper writes into a card.

It makes the product's own notes known on the portal itself and carries a digest of the text that was signed.
The digest, not the text, says whether a note is up to date: the portal may store a text differently from how
it was sent, and comparing texts would edit the note forever.

A digest alone proves nothing: anybody can compute it, copy our note and answer above it, or type a signature.
So the portal gets the signature with a seal, which takes a key to make: `Signer` tells whose a comment is.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gatekeeper.model.refs import EntityRef, Kind

LETTERS = {Kind.DEAL: "d", Kind.CONTACT: "c", Kind.LEAD: "l"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
SEAL_LENGTH = 12
SIGNATURE = re.compile(
    rf"\bgk-([dcl])(\d{{1,18}})-([0-9a-f]{{8}})(?:-([0-9a-f]{{{SEAL_LENGTH}}}))?(?:\s|\[/\w+\]|<[^>]*>)*$"
)

_BREAK = re.compile(r"\r\n|<br\s*/?>|</p>\s*<p>|\[/p\]\s*\[p\]", re.IGNORECASE)
_WRAPPING = re.compile(
    r"</?(?:p|div|blockquote)>|\[/?(?:p|quote)\b[^\]]*\]|^>+ ?", re.IGNORECASE | re.MULTILINE
)
_OUR_SIGNS = ("☐", "☑", "⏳", "↩", "⚠")
_MOST_LINES = 40  # of a note of ours; a rule has one


def sign(text: str, ref: EntityRef, label: str) -> str:
    """The text with its last line, e.g. «Контроль регламента · gk-d41-0a1b2c3d»."""
    return f"{text}\n{label} · gk-{LETTERS[ref.kind]}{ref.id}-{_digest(text)}"


def parse_signature(text: str) -> EntityRef | None:
    """Return the card named by the signature that ends this text; None without one.

    >>> parse_signature(sign("Всё хорошо", EntityRef(Kind.DEAL, 41), "Контроль"))
    EntityRef(kind=<Kind.DEAL: 'deal'>, id=41)
    """
    found = SIGNATURE.search(text)
    return EntityRef(KINDS[found[1]], int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Signer:
    """Seals our notes and knows them again.

    `owner_id` is the user in whose name the webhook writes, None where unknown. `born_at` is when this key
    was first used here, by the portal's clock: what the owner wrote before it was sealed by another key.
    """

    key: bytes = field(repr=False)
    born_at: datetime
    owner_id: int | None

    def seal(self, note: str) -> str:
        """Return the signed note as it goes to the portal, e.g. «… · gk-d41-0a1b2c3d-4f5061728394»."""
        found = SIGNATURE.search(note)
        if found is None:
            raise ValueError("only a signed note can be sealed")
        return f"{note[: found.end(3)]}-{self._seal_of(found)}"

    def card_of(self, text: str, author_id: int, created_at: datetime) -> EntityRef | None:
        """Return the card whose note of ours this comment is; None for a person's comment.

        A sealed note is ours while nobody wrote above it, whoever owns the webhook today. One that was edited
        is ours only in the owner's name: anybody else may have copied the seal. Without our seal, a note is
        ours if it is still word for word what was signed and the owner wrote it before the key was born.
        """
        found = SIGNATURE.search(text)
        if found is None:
            return None
        ref = EntityRef(KINDS[found[1]], int(found[2]))
        is_sealed = hmac.compare_digest(found[4] or "", self._seal_of(found))
        is_owners = self.owner_id is not None and author_id == self.owner_id
        above = text_above(text)
        if above is None:
            return ref if is_sealed and is_owners else None
        if above:
            return None
        return ref if is_sealed or (is_owners and created_at < self.born_at) else None

    def _seal_of(self, found: re.Match[str]) -> str:
        signed = "-".join(found.group(1, 2, 3))
        return hmac.new(self.key, signed.encode(), hashlib.sha256).hexdigest()[:SEAL_LENGTH]


def is_whole(text: str) -> bool:
    """Tell whether this text ends with a note that is word for word what its signature signed."""
    return text_above(text) is not None


def text_above(text: str) -> str | None:
    r"""Return what stands above the signed note at the end; None if there is none, or if it was altered.

    >>> note = sign("Нет контакта", EntityRef(Kind.DEAL, 41), "Контроль")
    >>> text_above("Он есть!\n" + note), text_above(note), text_above(note.replace("Нет", "Есть"))
    ('Он есть!', '', None)
    """
    above = _above_note(text.replace("\r\n", "\n"))
    if above is None:
        above = _above_note(_as_sent(text))
    return None if above is None else _WRAPPING.sub("", above).strip()


def without_quotes(text: str) -> str:
    r"""Return what a person wrote around quoted notes of ours, without signatures.

    >>> note = sign("Нет контакта", EntityRef(Kind.DEAL, 41), "Контроль")
    >>> without_quotes("[quote]" + note + "[/quote]\nДобавил")
    'Добавил'
    """
    if "gk-" not in text:
        return text
    kept: list[str] = []
    for line in _as_sent(text).split("\n"):
        found = SIGNATURE.search(line)
        if found is None:
            kept.append(line)
            continue
        begin = _note_begin(kept, found[3])
        if begin is not None:
            del kept[begin:]
            continue
        while kept and kept[-1].lstrip().startswith(_OUR_SIGNS):
            kept.pop()
        kept.append(line[: found.start()].rstrip(" ·"))
    return "\n".join(kept).strip()


def digest_in(text: str) -> str | None:
    found = SIGNATURE.search(text)
    return found[3] if found else None


def _above_note(text: str) -> str | None:
    """Return the text above our signed note; None if the note was altered."""
    found = SIGNATURE.search(text)
    lines = text[: found.start()].split("\n")[:-1] if found else []
    begin = _note_begin(lines, found[3]) if found else None
    return None if begin is None else "\n".join(lines[:begin])


def _note_begin(lines: Sequence[str], digest: str) -> int | None:
    """From which of these lines on they are the text of that digest."""
    begins = range(len(lines) - 1, max(len(lines) - _MOST_LINES, 0) - 1, -1)
    return next((begin for begin in begins if _digest("\n".join(lines[begin:])) == digest), None)


def _as_sent(text: str) -> str:
    """Without what a portal or an editor is known to put around lines."""
    return html.unescape(_WRAPPING.sub("", _BREAK.sub("\n", text)))


def _digest(text: str) -> str:
    folded = text.replace("\u00a0", " ")  # some portals store it so
    return hashlib.sha256(folded.encode(errors="surrogatepass")).hexdigest()[:8]
