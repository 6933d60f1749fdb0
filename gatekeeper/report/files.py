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
        raise ReportError("report_exists", f"{file} exists already; --force overwrites it", file=file)
    part = file.with_name(f"{file.name}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        text = f"{part} is there: another report is being written, or remove it"
        raise ReportError("report_under_way", text, file=part) from None
    except OSError as error:
        raise _unwritable(file, error.strerror) from None
    try:
        yield part
        part.replace(file)
    except (OSError, FileCreateError) as error:
        raise _unwritable(file, error) from None
    finally:
        part.unlink(missing_ok=True)


def _unwritable(file: Path, why: object) -> ReportError:
    return ReportError("report_unwritable", f"{file}: {why}", file=file, why=why)
