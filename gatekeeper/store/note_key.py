"""The key that seals our notes, and since when it is in use.

The key comes from the config, or is made once: for SQLite in a file beside the database, so that a copy of
the database does not hold it; for a database server in the table, which all its workers share. `backup`
leaves the table out.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Engine, String, Table, select

from gatekeeper.model.errors import DatabaseUnavailable
from gatekeeper.store.database import UtcDateTime, insert_into, metadata, reading

note_key_table = Table(
    "note_key",
    metadata,
    # A fingerprint of the key, or GENERATED.
    Column("id", String(16), primary_key=True),
    Column("secret", String(64)),
    Column("born_at", UtcDateTime, nullable=False),
)
GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class NoteKey:
    """`born_at` is when this database first heard of the key."""

    secret: bytes = field(repr=False)
    born_at: datetime


def note_key(engine: Engine, given: str | None, now: Callable[[], datetime]) -> NoteKey:
    """Return the configured key, or the one that was made for this database. Raises DatabaseUnavailable.

    `now` tells the portal's time, and is called only for a key that is new.
    """
    if given is not None:
        return _first_seen(engine, given, now)
    if engine.dialect.name == "sqlite":
        return _first_seen(engine, _read_or_make(key_file(engine)), now)
    return _remembered(engine, GENERATED, secrets.token_hex(), now)


def key_file(engine: Engine) -> Path:
    """Return where the key of an SQLite database is kept."""
    return Path(f"{engine.url.database}.note-key")


def _first_seen(engine: Engine, secret: str, now: Callable[[], datetime]) -> NoteKey:
    fingerprint = hashlib.sha256(f"fingerprint {secret}".encode()).hexdigest()[:16]
    born_at = _remembered(engine, fingerprint, None, now).born_at
    return NoteKey(secret.encode(), born_at)


def _remembered(engine: Engine, key_id: str, secret: str | None, now: Callable[[], datetime]) -> NoteKey:
    table = note_key_table
    with reading(engine) as conn:
        known = conn.execute(select(table).where(table.c.id == key_id)).first()
    if known is not None:
        return NoteKey((known.secret or "").encode(), known.born_at)
    born_at = now().replace(microsecond=0)  # as the portal's times
    row = {"id": key_id, "secret": secret, "born_at": born_at}
    with engine.begin() as conn:
        conn.execute(insert_into(conn, table).values(row).on_conflict_do_nothing())
        kept = conn.execute(select(table).where(table.c.id == key_id)).one()
    return NoteKey((kept.secret or "").encode(), kept.born_at)


def _read_or_make(file: Path) -> str:
    """Read the key; make it if absent. The file appears whole, and the first of several makers wins."""
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    try:
        if not file.exists():
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
                new.write(secrets.token_hex())
            with suppress(FileExistsError):
                os.link(part, file)
            part.unlink()
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not a text"
        text = f"{file}: {why}; it holds the key of our notes"
        raise DatabaseUnavailable("key_unread", text, file=file, why=why) from None
    if not secret:
        text = f"{file} is empty; delete it, and a new key is made at the next start"
        raise DatabaseUnavailable("key_empty", text, file=file)
    return secret
