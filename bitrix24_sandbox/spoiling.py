"""Answers that are wrong in one place, as a faulty proxy or an update of the portal may make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any

from bitrix24_sandbox import php
from bitrix24_sandbox.call import PAGE

Place = tuple[Any, Any]  # what holds the value, and its key or index there


def spoil(body: Any, how: str, method: str | None, methods: Mapping[str, str], dice: Random) -> Any:
    """Return the answer with one value spoilt, or with the answers to two commands swapped.

    `methods` are those of a batch by the names of its commands. With a `method`, only what it answers is
    spoilt.
    """
    changed = deepcopy(body)
    commands = [
        place for key, place in _commands(changed) if method in {None, "batch", methods.get(key, method)}
    ]
    if how == "swapped":
        _swap(commands, dice)
        return changed
    narrow = bool(methods) and method not in {None, "batch"}
    roots = commands if narrow else [(changed, "result")]
    places = [place for root in roots for place in _places(root) if _fits(how, place)]
    if places:
        _SPOILERS[how](*dice.choice(places))
    return changed


def lead_astray(body: Any) -> Any:
    """Return the answer with each counted list going on at row 50, whichever page this is."""
    changed = deepcopy(body)
    if "total" in changed:
        changed["next"] = PAGE
    result = changed.get("result")
    if isinstance(result, dict) and "result_total" in result:
        counted = dict(php.pairs_of(result["result_total"]))
        result["result_next"] = php.array(dict.fromkeys(counted, PAGE))
    return changed


def _commands(body: Any) -> Iterator[tuple[str, Place]]:
    """Yield the answer to each command of a batch under its name, or a single answer under no name."""
    result = body.get("result")
    if not isinstance(result, dict) or "result_error" not in result:
        yield "", (body, "result")
        return
    answers = result["result"]
    for place, (key, _) in enumerate(php.pairs_of(answers)):
        yield key, (answers, place if isinstance(answers, list) else key)


def _places(root: Place) -> Iterator[Place]:
    yield root
    value = root[0][root[1]]
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield from _places((value, key))


def _fits(how: str, place: Place) -> bool:
    parent, key = place
    if how == "missing":
        return isinstance(parent, dict)
    return how == "null" or not isinstance(parent[key], dict | list)


def _swap(commands: list[Place], dice: Random) -> None:
    if len(commands) > 1:
        (one, here), (other, there) = dice.sample(commands, 2)
        one[here], other[there] = other[there], one[here]


def _put_object(parent: Any, key: Any) -> None:
    parent[key] = {"spoilt": True}


def _put_null(parent: Any, key: Any) -> None:
    parent[key] = None


def _leave_out(parent: Any, key: Any) -> None:
    del parent[key]


def _retype(parent: Any, key: Any) -> None:
    """Make text of a number, a number of digits, and a list of anything else."""
    value = parent[key]
    if isinstance(value, int | float):
        parent[key] = str(value)
    else:
        parent[key] = int(value) if isinstance(value, str) and value.isdecimal() else [value]


_SPOILERS = {"object": _put_object, "null": _put_null, "missing": _leave_out, "retyped": _retype}
