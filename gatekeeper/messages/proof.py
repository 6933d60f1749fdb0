"""Are these templates fit to be shown? Each is filled with every sample there is of it, before any card is.

A template that breaks in the middle of a night breaks the card's whole pass; so an admin's templates are
proven when the config is read, and refused with the place and the reason.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jinja2 import TemplateSyntaxError, UndefinedError

from gatekeeper.judge.examples import NOON
from gatekeeper.messages import Messages
from gatekeeper.messages.renderer import JINJA
from gatekeeper.messages.samples import FORMATS, KeyPath, notes, samples_of
from gatekeeper.model.findings import Facts
from gatekeeper.model.signature import parse_signature

BB_CODE = re.compile(r"\[(/?)(\w+)[^\]]*\]")

MAY_BE_EMPTY = frozenset({"why"})

Code = Literal[
    "unknown", "no_text", "no_table", "syntax", "name", "fails", "empty", "markup", "plain", "format"
]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the template at `path`.

    `line` counts from 1 within the template; `detail` is the name, the reason or the code at fault; `facts`
    are those that it was filled with; `known` are the names that would do.
    """

    path: KeyPath
    code: Code
    detail: str = ""
    line: int | None = None
    facts: Facts | None = None
    known: tuple[str, ...] = ()


def leaves(templates: Mapping[str, Any], path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every text with its path, in the order of the file."""
    for name, value in templates.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def lay_over(base: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Put an admin's texts in the place of ours. What we have no place for is a fault, and left out."""
    faults: list[Fault] = []
    return _laid(base, given, (), faults), tuple(faults)


def _laid(
    base: Mapping[str, Any], given: Mapping[str, Any], path: KeyPath, faults: list[Fault]
) -> dict[str, Any]:
    merged = dict(base)
    for name, value in given.items():
        here, ours = (*path, name), base.get(name)
        if ours is None:
            faults.append(Fault(here, "unknown", known=tuple(base)))
        elif isinstance(ours, Mapping) and isinstance(value, Mapping):
            merged[name] = _laid(ours, value, here, faults)
        elif isinstance(ours, Mapping):
            faults.append(Fault(here, "no_table"))
        elif isinstance(value, str):
            merged[name] = value
        else:
            faults.append(Fault(here, "no_text"))
    return merged


def prove(templates: Mapping[str, Any], base: Mapping[str, Any], language: str) -> tuple[Fault, ...]:
    """All that is wrong with these templates, one fault a text, which stand in the place of `base`."""
    messages = Messages(templates, language)
    own = dict(leaves(base))
    found = (_first_fault(messages, path, text, own.get(path, "")) for path, text in leaves(templates))
    faults = tuple(each for each in found if each)
    return faults or tuple(_comment_faults(messages))


def _first_fault(messages: Messages, path: KeyPath, text: str, ours: str) -> Fault | None:
    if not text.strip():
        return None if path[-1] in MAY_BE_EMPTY else Fault(path, "empty")
    if path in FORMATS:
        return None if NOON.strftime(text).strip() else Fault(path, "format")
    samples = samples_of(path)
    if not samples and not JINJA.search(ours):
        return Fault(path, "plain") if JINJA.search(text) else _markup_fault(path, text, None)
    filled = (_fill(messages, path, text, facts) for facts in samples or ({},))
    return next((each for each in filled if each), None)


def _fill(messages: Messages, path: KeyPath, text: str, facts: Facts) -> Fault | None:
    try:
        said = messages.render(text, **facts)
    except TemplateSyntaxError as error:
        return Fault(path, "syntax", str(error.message), error.lineno)
    except UndefinedError as error:
        name = re.match(r"'(\w+)' is undefined", str(error.message))
        code: Code = "name" if name else "fails"
        detail = name[1] if name else str(error.message)
        return Fault(path, code, detail, _line_of(error), facts, tuple(facts))
    except Exception as error:  # noqa: BLE001 - whatever an admin's template may raise
        return Fault(path, "fails", f"{type(error).__name__}: {error}", _line_of(error), facts)
    if not said and path[-1] not in MAY_BE_EMPTY:
        return Fault(path, "empty", facts=facts)
    return _markup_fault(path, said, facts)


def _line_of(error: Exception) -> int | None:
    """The template's own line, which Jinja puts into the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == "<template>"), None)


def _markup_fault(path: KeyPath, said: str, facts: Facts | None) -> Fault | None:
    """A code that is left open would make the rest of the note bold, or swallow it."""
    standing: list[str] = []
    for closing, name in BB_CODE.findall(said):
        code = name.lower()
        if not closing:
            standing.append(code)
        elif not standing or standing.pop() != code:
            return Fault(path, "markup", f"[/{code}]", facts=facts)
    return Fault(path, "markup", f"[{standing[-1]}]", facts=facts) if standing else None


def _comment_faults(messages: Messages) -> Iterator[Fault]:
    """Whole comments: what stands under them must still be known for ours."""
    for note in notes():
        text = messages.render_comment(
            note.card, note.violations, note.cured, note.revert, note.coming, note.graces, note.may_move
        )
        if parse_signature(text) != note.card.ref:
            yield Fault(("comment", "signature"), "markup", "gk-")
            return
