"""Every method that the portal knows, by its lower-case name."""

from __future__ import annotations

from collections.abc import Mapping

from bitrix24_sandbox.call import Method
from bitrix24_sandbox.methods import (
    activities,
    applications,
    bindings,
    classic,
    dictionaries,
    items,
    openlines,
    people,
    products,
    system,
    telephony,
    timeline,
)

_FAMILIES = (
    activities,
    applications,
    bindings,
    classic,
    dictionaries,
    items,
    openlines,
    people,
    products,
    system,
    telephony,
    timeline,
)
METHODS: Mapping[str, Method] = {method.name: method for family in _FAMILIES for method in family.METHODS}


def scope_of(name: str) -> str | None:
    """None for a method that does not exist; "" is the basic scope."""
    method = METHODS.get(name)
    return None if method is None else method.scope
