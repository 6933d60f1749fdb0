"""What a burst costs is counted, never timed: a change that makes it dearer fails here.

After each wave all events that it raised are marked before the next wave begins, so two runs cost the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event

from benchmarks.burst_cards import make_cards
from benchmarks.burst_figures import effects_on, requests_of
from bitrix24_sandbox.testing import Bitrix24Events, running_listener
from gatekeeper.judge.policy import Fields
from gatekeeper.web.events import parse_event
from tests.gate import Gate, a_gate

DEALS, SEED = 40, 0
# These bounds go down when the gatekeeper gets cheaper. They go up only for a reason told in the commit.
MOST_HITS = 24  # 23 when measured
MOST_COMMANDS = 440  # 426
MOST_STATEMENTS = 1750  # 1,694 in 3 waves; in all, since the same work in fewer waves is no dearer


@dataclass
class Burst:
    """A gate that is told of events only between two waves."""

    gate: Gate
    events: Bitrix24Events
    waves: int = 0
    statements: int = 0
    _marked: int = field(default=0, init=False)

    def run(self) -> None:
        """Work until no wave finds anything to do."""
        self._mark_what_came()
        while self._run_wave():
            self._mark_what_came()

    def _run_wave(self) -> bool:
        with self._counting_statements():
            worked = self.gate.worker.run_wave()
        self.waves += worked
        return worked

    @contextmanager
    def _counting_statements(self) -> Iterator[None]:
        def count(*_: object) -> None:
            self.statements += 1

        event.listen(self.gate.store.engine, "before_cursor_execute", count)
        yield
        event.remove(self.gate.store.engine, "before_cursor_execute", count)

    def _mark_what_came(self) -> None:
        self.gate.portal.wait_for_events()
        came = self.events.received[self._marked :]
        self._marked += len(came)
        for each in came:
            if ref := parse_event(each.form).ref:
                self.gate.store.inbox.mark_dirty(ref, whole=False)


def test_a_burst_costs_no_more_hits_commands_and_statements_than_it_did(sqlite: Engine) -> None:
    fields = Fields("UF_CRM_PRODUCT_GROUP", status="UF_CRM_GATEKEEPER_STATUS")
    with a_gate(sqlite, fields=fields) as gate, running_listener() as events:
        gate.portal.send_events_to(events.url, delay_s=0.0)
        cards = make_cards(gate.portal, DEALS, SEED)
        mark = len(gate.portal.hits())
        burst = Burst(gate, events)
        burst.run()
        requests = requests_of(gate.portal.hits()[mark:])
        effects = effects_on(gate.portal, cards)

    cost = (
        f"{requests.hits} hits, {requests.commands} commands, {burst.statements} statements "
        f"in {burst.waves} waves: {requests.hits_by_commands}, {requests.commands_by_method}"
    )
    assert effects.are_whole, effects
    assert effects.statuses == DEALS
    assert requests.hits <= MOST_HITS, cost
    assert requests.commands <= MOST_COMMANDS, cost
    assert burst.statements <= MOST_STATEMENTS, cost
