"""Who works at the portal's company, read seldom and kept for a while.

Without the scope or the right to see them the staff is Unread, and stays so until it is read anew: asking
with every wave would spend the portal's hits on the same refusal.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from gatekeeper.model.cards import Unread
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import Priority
from gatekeeper.model.staff import Department, Employee, Staff
from gatekeeper.portal.transport.answers import FATAL, unread_of, whole_lists
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.transport.rounds import carry_out
from gatekeeper.portal.wire import staff as wire_staff

Listed = TypeVar("Listed", Employee, Department)


class StaffKeeper:
    """Reads the staff when first asked for it and when it has aged."""

    def __init__(
        self,
        client: PortalClient,
        *,
        max_age_s: float = 600,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._max_age_s = max_age_s
        self._monotonic = monotonic
        self._kept: Staff | None = None
        self._read_at = 0.0

    def current(self, priority: Priority) -> Staff:
        """Raises PortalError where the portal as a whole does not answer."""
        kept = self._kept
        if kept is None or self._monotonic() - self._read_at > self._max_age_s:
            kept = self._kept = self._read(priority)
            self._read_at = self._monotonic()
        return kept

    def _read(self, priority: Priority) -> Staff:
        pages = [wire_staff.users_command, wire_staff.departments_command]
        parsers = [wire_staff.read_users, wire_staff.read_departments]
        employees, departments = carry_out(self._client, whole_lists(pages, parsers), priority)
        return Staff(_by_id(employees), _by_id(departments))


def _by_id(listed: tuple[Listed, ...] | PortalError) -> dict[int, Listed] | Unread:
    if isinstance(listed, FATAL):
        raise listed
    if isinstance(listed, PortalError):
        return unread_of(listed)
    return {each.id: each for each in listed}
