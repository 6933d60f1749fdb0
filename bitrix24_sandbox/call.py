"""One method call, alone or as a command of a batch, and what a method is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bitrix24_sandbox import php
from bitrix24_sandbox.errors import ClassicError, RestError, missing_argument
from bitrix24_sandbox.options import NARROWER
from bitrix24_sandbox.portal import Act

PAGE = 50


@dataclass(frozen=True, slots=True)
class Call:
    """`params` as sent; `scopes` are the webhook's; `known` tells the scope of any method of the portal."""

    act: Act
    params: Mapping[str, Any]
    scopes: tuple[str, ...]
    owner_id: int
    known: Callable[[str], str | None]

    def get(self, name: str, default: Any = None) -> Any:
        """Look up a controller's parameter: the exact name only."""
        return self.params.get(name, default)

    def required(self, name: str) -> Any:
        if name not in self.params:
            raise missing_argument(name)
        return self.params[name]

    def required_int(self, name: str) -> int:
        return php.to_int(self.required(name))

    def fields(self) -> dict[str, Any]:
        """Take a controller's `fields`; a scalar there is no array."""
        given = self.required("fields")
        if not isinstance(given, Mapping | list):
            raise RestError(
                100, "Invalid value {fields} to match with parameter {fields}. Should be value of type array."
            )
        return php.as_dict(given)

    def classic(self, name: str, default: Any = None) -> Any:
        """Look up a classic method's parameter: in either case."""
        for each in (name.upper(), name.lower(), name):
            if each in self.params:
                return self.params[each]
        return default

    def classic_id(self) -> int:
        number = php.to_int(self.classic("id"))
        if number <= 0:
            raise ClassicError("ID is not defined or invalid.")
        return number

    def flag(self, name: str) -> bool:
        return self.params.get(name) in (True, 1, "1", "Y", "y", "true")

    @property
    def start(self) -> int:
        return php.to_int(self.params.get("start", 0))

    @property
    def offset(self) -> int:
        """Pages start at multiples of 50 whatever was asked for."""
        return max(0, self.start // PAGE * PAGE)


@dataclass(frozen=True, slots=True)
class Answer:
    """`total` and `next` stand beside the result, for lists only."""

    result: Any
    total: int | None = None
    next: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One executed call and its `time` block."""

    answer: Answer
    time: dict[str, Any]


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """`scope` "" is the basic one; `name` is lower-case."""

    name: str
    scope: str
    handler: Handler


def is_granted(scope: str, scopes: Collection[str]) -> bool:
    """Tell whether a method of that scope, "" being the basic one, may be called with these."""
    return not scope or not {scope, *NARROWER.get(scope, ())}.isdisjoint(scopes)


def paged(call: Call, result: Any, total: int, *, total_uncounted: int | None) -> Answer:
    """`start=-1` switches counting off; what a dialect then says of the total differs."""
    if call.start < 0:
        return Answer(result, total_uncounted)
    following = call.offset + PAGE
    return Answer(result, total, following if total > following else None)
