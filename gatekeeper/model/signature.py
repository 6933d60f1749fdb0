"""The signature under everything the gatekeeper writes into a card.

It makes the product's own notes known on the portal itself and carries a digest of the text that was signed.
The digest, not the text, says whether a note is up to date: the portal may store a text differently from how
it was sent, and comparing texts would edit the note forever.

A signature alone proves nothing: people copy our note and answer above it, or type one. A comment is ours if
it ends with a signature and either is word for word what was signed, whoever owns the webhook today, or was
written by the webhook's owner with no text of their own above a note that is still whole.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence

from gatekeeper.model.refs import EntityRef, Kind

LETTERS = {Kind.DEAL: "d", Kind.CONTACT: "c", Kind.LEAD: "l"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
SIGNATURE = re.compile(r"\bgk-([dcl])(\d{1,18})-([0-9a-f]{8})(?:\s|\[/\w+\]|<[^>]*>)*$")

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


def parse_own(text: str, *, by_owner: bool) -> EntityRef | None:
    r"""The card that this comment of ours belongs to; None for what a person wrote, quotations of us too.

    `by_owner`: its author is whoever owns the webhook now.

    >>> note = sign("Нет контакта", EntityRef(Kind.DEAL, 41), "Контроль")
    >>> parse_own(note, by_owner=False) == parse_own("Нет договора" + note[12:], by_owner=True) != None
    True
    >>> parse_own("Он есть!\n" + note, by_owner=True)
    """
    ref = parse_signature(text)
    if ref is None:
        return None
    above = _above_note(text.replace("\r\n", "\n"))
    if above is None:
        above = _above_note(_as_sent(text))
    if above is None:
        return ref if by_owner else None
    return None if _WRAPPING.sub("", above).strip() else ref


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
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
