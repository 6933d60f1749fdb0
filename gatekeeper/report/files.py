"""A file that is there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from gatekeeper.model.errors import ReportError


@contextmanager
def whole_file(file: Path, *, force: bool) -> Iterator[Path]:
    """Give a file beside it to write to, which takes its name if nothing went wrong.

    Only its owner may read it. ReportError where it exists already, unless forced, or cannot be written.
    """
    if file.exists() and not force:
        raise ReportError(f"{file} exists already; --force overwrites it")
    part = file.with_name(f"{file.name}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise ReportError(f"{part} is there: another report is being written, or remove it") from None
    except OSError as error:
        raise ReportError(f"{file}: {error.strerror}") from None
    try:
        yield part
        part.replace(file)
    except (OSError, FileCreateError) as error:
        raise ReportError(f"{file}: {error}") from None
    finally:
        part.unlink(missing_ok=True)
