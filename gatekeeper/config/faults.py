"""What the schema refused, in words: every key with what is wrong, allowed and probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import le, lt, ne
from typing import Any

from marshmallow.fields import Nested

from gatekeeper.config.forms import Form, Strings, Text
from gatekeeper.config.lines import KeyPath
from gatekeeper.config.page import Page, nearest, quoted, written
from gatekeeper.config.schema import ConfigSection
from gatekeeper.config.section import Key, Section, Tables
from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.model.errors import Problem
from gatekeeper.model.exemption import CONDITIONS

ORDERED: tuple[tuple[KeyPath, str, KeyPath], ...] = (
    (("portal", "reserve"), "less", ("portal", "burst")),
    (("worker", "settle_s"), "at_most", ("worker", "max_settle_s")),
    (("portal", "timeout_s"), "less", ("worker", "lease_s")),
    (("web", "admin_port"), "other_than", ("web", "port")),
)
"""Keys of which the first must stay below the second, or differ from it."""

ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"less": lt, "at_most": le, "other_than": ne}


def schema_problems(page: Page, errors: Mapping[str, Any]) -> Iterator[Problem]:
    """Put marshmallow's errors, a tree of codes, into words."""
    for path, code in _leaves(errors):
        match code:
            case "unknown":
                yield from _unknown(page, path)
            case "table":
                yield page.problem(path, "table", page.say("write", form=f"[{written(path)}]"))
            case "name":
                yield page.problem(path, "name", page.say("allowed", allowed=page.say("name_form")))
            case "exempts_all":
                yield page.problem(path, code, _allowed(page, list(CONDITIONS)))
            case "missing":
                yield _missing(page, path)
            case _:
                yield _misfit(page, path, code)


def order_problems(page: Page, refused: Mapping[str, Any]) -> Iterator[Problem]:
    """Compare keys that limit each other, where neither was refused for itself."""
    bad = {path for path, _ in _leaves(refused)}
    for path, sign, other in ORDERED:
        if {path, path[:1], other, other[:1]} & bad:
            continue
        value, limit = _effective(page, path), _effective(page, other)
        if not ORDERS[sign](value, limit):
            place = path if path[1] in page.table(path[0]) else other
            facts = {"value": f"{written(path)} = {value}", "other": written(other), "limit": limit}
            yield page.problem(place, "order", sign=page.say(sign), **facts)


def _effective(page: Page, path: KeyPath) -> Any:
    return page.table(path[0]).get(path[1], _section(path[:1]).defaults.get(path[1]))


def _leaves(errors: Mapping[str, Any], path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    for name, inner in errors.items():
        if isinstance(inner, Mapping):
            yield from _leaves(inner, (*path, name))
        else:
            # marshmallow keeps what is wrong with a table as a whole under "_schema"
            whole = name == "_schema" and "unknown" not in inner
            yield from ((path if whole else (*path, name), code) for code in inner)


def _section(path: KeyPath) -> Section:
    """Find the section of that path, as deep as sections go."""
    return _descend(path)[0]


def _descend(path: KeyPath) -> tuple[Section, KeyPath]:
    """The section of that path, and what of the path lies within it."""
    section: Section = ConfigSection()
    while path:
        field = section.named().get(path[0])
        if isinstance(field, Tables):
            section, path = field.section, path[2:]  # the second name is the admin's own
        elif isinstance(field, Nested):
            section, path = field.schema, path[1:]  # type: ignore[assignment]  # every schema is a Section
        else:
            break
    return section, path


def _unknown(page: Page, path: KeyPath) -> Iterator[Problem]:
    siblings = list(_section(path[:-1]).named())
    value = _value(page, path)
    inner = value if path[:-1] == ("rules",) and isinstance(value, Mapping) else {}
    if any(f"{path[-1]}.{name}" in RULE_IDS for name in inner):
        yield from _unquoted(page, path, inner)
    else:
        yield page.problem(path, "unknown", _meant(page, path, siblings), _allowed(page, siblings))


def _unquoted(page: Page, path: KeyPath, inner: Mapping[str, Any]) -> Iterator[Problem]:
    """Explain `[rules.deal.stage]`, which TOML reads as a table of a table."""
    for name in inner:
        rule_id = f"{path[-1]}.{name}"
        if rule_id in RULE_IDS:
            form = f"[{written(('rules', rule_id))}]"
            yield page.problem((*path, name), "unquoted", page.say("write", form=form))
        else:
            meant = _meant(page, ("rules", rule_id), list(RULE_IDS))
            yield page.problem((*path, name), "unknown", meant, _allowed(page, list(RULE_IDS)))


def _meant(page: Page, path: KeyPath, siblings: list[str]) -> str:
    near = nearest(path[-1], siblings)
    if near:
        return page.say("perhaps", nearest=written((near,)))
    homes = [name for name in ConfigSection().named() if path[-1] in _section((name,)).named()]
    return page.say("belongs", table=homes[0]) if homes else ""


def _allowed(page: Page, names: list[str]) -> str:
    return page.say("allowed", allowed=", ".join(written((name,)) for name in names))


def _missing(page: Page, path: KeyPath) -> Problem:
    """Tell the line of the table that lacks the key, if it is there."""
    problem = page.problem(path, "missing", page.say("allowed", allowed=_form(path).allowed(page.language)))
    return Problem(problem.key, problem.what, page.lines.get(path[:-1]), problem.hint)


def _misfit(page: Page, path: KeyPath, code: str) -> Problem:
    form = _form(path)
    value = _value(page, path)
    near = nearest(value, form.choices, likeness=70) if isinstance(value, str) else None
    meant = page.say("perhaps", nearest=quoted(near)) if near and near != value else ""
    allowed = page.say("allowed", allowed=form.allowed(page.language))
    return page.problem(path, code, meant, allowed, found=_found(page, form, value, near))


def _found(page: Page, form: Form, value: Any, near: str | None) -> str:
    """Repeat a value only if it is surely no secret: a number in its place, or nearly an admitted word."""
    if near:
        return quoted(value)
    # Python refuses to write out very long numbers
    number = isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**15)
    if number and not isinstance(form, Text | Strings):
        return str(value).lower()
    return page.say(_kind(value))


def _kind(value: Any) -> str:
    match value:
        case str():
            return "a_string"
        case list():
            return "a_list"
        case Mapping():
            return "a_table"
        case _:
            return "a_value"


def _form(path: KeyPath) -> Form:
    """Find what a key may be, also for a path that leads into its value."""
    section, within = _descend(path)
    key = next(each for name in within if isinstance(each := section.named().get(name), Key))
    return key.form


def _value(page: Page, path: KeyPath) -> Any:
    value: Any = page.data
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
