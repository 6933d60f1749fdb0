"""Readings that are written one by one and asked for together.

A reading says what it needs to know next, is told, and goes on until it has its result; it sends nothing
itself. `together` lets several readings take their steps side by side, so that what they ask for at the same
time goes in the same hits. `carry_out` is what sends.

    def reading_of(ref: EntityRef) -> Reading[Item]:
        (outcome,) = yield [item_command(ref)]
        ...
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar, overload

from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.batch import run
from gatekeeper.portal.transport.client import Answer, Command, PortalClient

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")

Outcomes = Sequence[Answer | PortalError]
Reading = Generator[Sequence[Command], Outcomes, T]
"""Yields the commands of its next step, is sent their outcomes in the same order, returns its result."""


def carry_out(
    client: PortalClient,
    reading: Reading[T],
    priority: Priority,
    between: Callable[[], object] = lambda: None,
) -> T:
    """Send what the reading asks for, round by round. Raises what the reading raises.

    `between` is called after every round.
    """
    outcomes: Outcomes | None = None
    while True:
        try:
            commands = next(reading) if outcomes is None else reading.send(outcomes)
        except StopIteration as end:
            result: T = end.value
            return result
        outcomes = run(client, commands, priority=priority) if commands else []
        between()


@overload
def together(first: Reading[A], second: Reading[B], /) -> Reading[tuple[A, B]]: ...
@overload
def together(first: Reading[A], second: Reading[B], third: Reading[C], /) -> Reading[tuple[A, B, C]]: ...
@overload
def together(
    first: Reading[A], second: Reading[B], third: Reading[C], fourth: Reading[D], /
) -> Reading[tuple[A, B, C, D]]: ...
@overload
def together(
    first: Reading[A], second: Reading[B], third: Reading[C], fourth: Reading[D], fifth: Reading[E], /
) -> Reading[tuple[A, B, C, D, E]]: ...
def together(*readings: Reading[Any]) -> Reading[Any]:
    """Take the steps of these readings side by side; their results, in their order.

    What one of them raises ends them all.
    """
    return tuple((yield from all_of(readings)))


def all_of(readings: Sequence[Reading[T]]) -> Reading[list[T]]:
    """Like `together`, for any number of readings of one kind."""
    results: dict[int, T] = {}
    wanted = {place: step for place, each in enumerate(readings) if (step := _begin(each, place, results))}
    while wanted:
        commands = [command for step in wanted.values() for command in step]
        outcomes = iter((yield commands))
        told = {place: [next(outcomes) for _ in step] for place, step in wanted.items()}
        wanted = {
            place: step for place in told if (step := _go_on(readings[place], told[place], place, results))
        }
    return [results[place] for place in range(len(readings))]


def _begin(reading: Reading[T], place: int, results: dict[int, T]) -> Sequence[Command]:
    try:
        commands = next(reading)
    except StopIteration as end:
        results[place] = end.value
        return ()
    return commands or _go_on(reading, (), place, results)


def _go_on(reading: Reading[T], told: Outcomes, place: int, results: dict[int, T]) -> Sequence[Command]:
    """Return the commands of its next step that has any; () at its end."""
    while True:
        try:
            commands = reading.send(told)
        except StopIteration as end:
            results[place] = end.value
            return ()
        if commands:
            return commands
        told = ()
