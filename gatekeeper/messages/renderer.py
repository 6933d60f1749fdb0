"""Templates filled in with facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

JINJA = re.compile(r"\{[{%#]")
BREAKS = re.compile(r"[ \t\r\n]+")  # not \s, which eats no-break spaces

Filters = Mapping[str, Callable[..., Any]]


class Renderer:
    """`finalize` is what becomes of a fact before it is written down."""

    def __init__(self, finalize: Callable[[Any], Any], filters: Filters) -> None:
        self._finalize = finalize
        self._filters = filters
        self._environment: ImmutableSandboxedEnvironment | None = None
        self._compiled: dict[str, Template] = {}

    def render(self, template: str, /, **facts: Any) -> str:
        """Fill a template in, on one line; a text without facts stays as it stands."""
        if not JINJA.search(template):
            return template
        compiled = self._compiled.get(template)
        if compiled is None:  # compiling takes a hundred times as long as filling in
            compiled = self._compiled[template] = self._open().from_string(template)
        return BREAKS.sub(" ", compiled.render(**facts)).strip(" ")

    def _open(self) -> ImmutableSandboxedEnvironment:
        """Import Jinja with the first template that needs it: most commands say plain sentences."""
        if self._environment is None:
            from jinja2 import StrictUndefined
            from jinja2.sandbox import ImmutableSandboxedEnvironment

            self._environment = ImmutableSandboxedEnvironment(
                undefined=StrictUndefined, finalize=self._finalize, trim_blocks=True, lstrip_blocks=True
            )
            self._environment.filters.update(self._filters)
        return self._environment
