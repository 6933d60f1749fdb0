"""Readings that stand side by side ask in the same hits, and each is told what it asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.client import Answer, Command
from gatekeeper.portal.transport.rounds import Reading, all_of, carry_out, together
from tests.portal.scripted_portal import Asked, Reply, Scene, a_portal

steps = st.lists(st.lists(st.integers(1, 99), max_size=3), max_size=4)


def names(asked: Asked) -> Reply:
    """Answer each command with its own number."""
    if asked.method != "batch":
        return Reply.json({"result": asked.body["id"]})
    lines = asked.body["cmd"]
    return Reply.json({"result": {"result": {key: line.rpartition("=")[2] for key, line in lines.items()}}})


def reading_of(wanted: Sequence[Sequence[int]]) -> Reading[list[list[int]]]:
    """Ask for these numbers, step by step."""
    told: list[list[int]] = []
    for numbers in wanted:
        outcomes = yield [Command("crm.item.get", {"id": number}) for number in numbers]
        told.append([int(each.result) for each in outcomes if isinstance(each, Answer)])
    return told


def carried_out(scene: Scene, reading: Reading[Any]) -> Any:
    return carry_out(scene.client, reading, Priority.LIVE)


@given(st.lists(steps, max_size=5))
def test_each_reading_is_told_what_it_asked_for(wanted: list[list[list[int]]]) -> None:
    with a_portal(names) as scene:
        assert carried_out(scene, all_of([reading_of(each) for each in wanted])) == wanted
        deepest = max((sum(1 for step in each if step) for each in wanted), default=0)
        assert len(scene.portal.asked) == deepest


def test_readings_of_several_kinds_keep_their_results_apart() -> None:
    def a_word() -> Reading[str]:
        (outcome,) = yield [Command("scope", {"id": 7})]
        assert isinstance(outcome, Answer)
        return f"word {outcome.result}"

    with a_portal(names) as scene:
        numbers, word = carried_out(scene, together(reading_of([[1], [2]]), a_word()))
        assert (numbers, word) == ([[1], [2]], "word 7")
        assert len(scene.portal.asked) == 2


def test_a_reading_within_a_reading_takes_its_steps_with_the_others() -> None:
    def outer() -> Reading[list[list[int]]]:
        first = yield from reading_of([[1]])
        inner, _ = yield from together(reading_of([[2]]), reading_of([[3], [4]]))
        return first + inner

    with a_portal(names) as scene:
        assert carried_out(scene, together(outer(), reading_of([[5], [6], [7]])))[0] == [[1], [2]]
        assert len(scene.portal.asked) == 3


def test_what_a_reading_raises_ends_them_all() -> None:
    def broken() -> Reading[None]:
        yield [Command("scope", {"id": 1})]
        raise LookupError("no such thing")

    with a_portal(names) as scene, pytest.raises(LookupError, match="no such thing"):
        carried_out(scene, together(reading_of([[1], [2]]), broken()))


def test_between_two_rounds_there_is_time_for_something_else() -> None:
    seen: list[int] = []
    with a_portal(names) as scene:
        carry_out(
            scene.client,
            reading_of([[1], [2], [3]]),
            Priority.LIVE,
            lambda: seen.append(len(scene.portal.asked)),
        )
    assert seen == [1, 2, 3]


def test_a_reading_that_asks_for_nothing_costs_nothing() -> None:
    with a_portal(names) as scene:
        assert carried_out(scene, reading_of([[], []])) == [[], []]
        assert scene.portal.asked == []
