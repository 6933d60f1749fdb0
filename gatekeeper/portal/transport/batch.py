"""Any number of commands in as few hits as there can be, several hits in flight together."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import accumulate, groupby, pairwise
from math import ceil
from typing import Any

from gatekeeper.model import errors
from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.client import (
    Answer,
    Command,
    PortalClient,
    answer_of,
)
from gatekeeper.portal.transport.query import encode, has_reference, strings
from gatekeeper.portal.transport.refusal import BATCH, refusal
from gatekeeper.portal.transport.times import MethodTimes

MAX_COMMANDS = 50
"""The portal's own limit for one batch."""
TRIAL = 5
WRITING = (".add", ".update")

Outcome = Answer | errors.PortalError

_METHOD = re.compile(r"[A-Za-z0-9._]+")


def run(
    client: PortalClient,
    commands: Sequence[Command],
    *,
    priority: Priority,
    halt: bool = False,
    parallel: int = 10,
) -> list[Outcome]:
    """Return the outcome of each command, in their order. Errors are values here, never raised.

    What is wrong with a whole hit is the outcome of each of its commands; the other hits stand. TypeError or
    ValueError, before anything is sent, for a command that cannot be said in a batch (`query.strings`). With
    `halt` the commands run one after the other up to the first error, and those behind it are NotRun.
    A text that looks like a reference to another command's answer ($result[…]) is sent as text. A command
    that `takes` a result goes in the hit of the one before it; where that one is not sent, it is not either.
    """
    spoken = [_text_command(command) for command in commands]
    if halt:
        return list(_in_turn(client, list(_packed(client, spoken, priority)), priority))
    tried = _trial(spoken, client.times)
    first = list(_send(client, spoken[:tried], priority=priority, halt=False)) if tried else []
    hits = list(_packed(client, spoken[tried:], priority))
    send = partial(_send, client, priority=priority, halt=False)
    if len(hits) < 2:
        return first + [outcome for hit in hits for outcome in send(hit)]
    with ThreadPoolExecutor(min(parallel, len(hits))) as pool:
        return first + [outcome for outcomes in pool.map(send, hits) for outcome in outcomes]


def _trial(commands: Sequence[Command], times: MethodTimes) -> int:
    """How many to send first, to learn how long a method takes that writes and was never timed; 0 for none.

    A hit that takes longer than the portal allows is cut off, and nobody knows what it has done.
    """
    counts = Counter(each.method for each in commands if each.method.endswith(WRITING))
    if not any(count > TRIAL for method, count in counts.items() if not times.is_known(method)):
        return 0
    return _end_near(commands, min(TRIAL, len(commands)))


def _text_command(command: Command) -> Command:
    if not _METHOD.fullmatch(command.method):
        raise ValueError(f"{command.method!r} is no method")
    return replace(command, params=strings(command.params))


def _packed(client: PortalClient, commands: Sequence[Command], priority: Priority) -> Iterator[list[Command]]:
    """Spread the commands over as few hits as hold them, so that hits in flight together end together.

    A hit holds fifty commands, and what the portal is done with in time. A text that a batch would take
    for a reference makes its command a hit of its own, which goes without a batch.
    """
    for by_itself, run_of in groupby(commands, key=lambda each: has_reference(each.params)):
        group = list(run_of)
        if group[0].takes:
            raise ValueError(f"{group[0].method} takes a result that is not in its hit")
        yield from (
            ([each] for each in group) if by_itself else _spread(group, client.times, client.hit_s(priority))
        )


def _spread(group: Sequence[Command], times: MethodTimes, hit_s: float) -> list[list[Command]]:
    seconds = [times.expected_s(each.method) for each in group]
    fewest = max(-(-len(group) // MAX_COMMANDS), ceil(sum(seconds) / hit_s))
    # A share of a hit's commands and a share of its time: by whichever is scarcer the even hits are full.
    costs = [1 / MAX_COMMANDS + each / hit_s for each in seconds]
    for count in range(min(fewest, len(group)), len(group) + 1):
        ends = [_end_near(group, end) for end in _even_ends(costs, count)]
        hits = [list(group[start:end]) for start, end in pairwise([0, *ends]) if start < end]
        if all(len(hit) <= MAX_COMMANDS for hit in hits):
            return hits
    raise ValueError("commands that take results make a chain that no hit holds")


def _even_ends(costs: Sequence[float], count: int) -> list[int]:
    """Where each of so many parts of like cost ends: a command is in the part in which its middle lies."""
    middles = [end - cost / 2 for end, cost in zip(accumulate(costs), costs, strict=True)]
    return [*(bisect_left(middles, sum(costs) * part / count) for part in range(1, count)), len(costs)]


def _end_near(group: Sequence[Command], end: int) -> int:
    """Where a hit may end no later than there: not before a command that takes the result of the last one."""
    while end < len(group) and group[end].takes:
        end -= 1
    return end


def _in_turn(client: PortalClient, hits: list[list[Command]], priority: Priority) -> Iterator[Outcome]:
    failed = False
    for hit in hits:
        outcomes = (
            [_not_run(each) for each in hit] if failed else _send(client, hit, priority=priority, halt=True)
        )
        yield from outcomes
        failed = any(isinstance(outcome, errors.PortalError) for outcome in outcomes)


def _send(client: PortalClient, hit: list[Command], *, priority: Priority, halt: bool) -> Sequence[Outcome]:
    """Make one hit of what is not known to be blocked; the commands left out keep their place.

    A halting chain with a blocked link is not begun.
    """
    blocked = {method: client.blocked(method) for method in {each.method for each in hit}}
    stopped = [blocked[each.method] for each in hit]
    for place, command in enumerate(hit):
        if command.takes:
            stopped[place] = stopped[place - 1] or stopped[place]
    free = [each for each, why in zip(hit, stopped, strict=True) if not why]
    if halt and len(free) < len(hit):
        return [why or _not_run(each) for each, why in zip(hit, stopped, strict=True)]
    sent = iter(_call(client, free, priority=priority, halt=halt) if free else ())
    return [why or next(sent) for why in stopped]


def _call(client: PortalClient, hit: list[Command], *, priority: Priority, halt: bool) -> Sequence[Outcome]:
    """Send one command as it is: the same strings, as many hits, no references, and a status of its own."""
    request = hit[0] if len(hit) == 1 else _batch(hit, halt=halt)
    try:
        answer = client.call(request, priority=priority)
    except errors.PortalError as error:
        return [error] * len(hit)
    return [answer] if len(hit) == 1 else _outcomes(client, hit, answer.result, halt=halt)


def _batch(hit: Iterable[Command], *, halt: bool) -> Command:
    """Name the commands c0, c1, …: by bare numbers PHP would make lists of the answer's maps."""
    lines = {f"c{place}": f"{each.method}?{_query(each, place)}" for place, each in enumerate(hit)}
    return Command(BATCH, {"halt": int(halt), "cmd": lines})


def _query(command: Command, place: int) -> str:
    taken = [f"{command.takes}=$result[c{place - 1}]"] if command.takes else []
    return "&".join([*taken, *filter(None, [encode(command.params)])])


def _outcomes(client: PortalClient, hit: list[Command], result: Any, *, halt: bool) -> Sequence[Outcome]:
    names = ("result", "result_error", "result_total", "result_next", "result_time")
    parts = result if isinstance(result, dict) else {}
    results, refusals, totals, nexts, times = (_by_key(parts.get(name), len(hit)) for name in names)
    outcomes: list[Outcome] = []
    for key, command in ((f"c{place}", each) for place, each in enumerate(hit)):
        if key in refusals:
            outcomes.append(refusal(command.method, refusals[key]))
        elif key in results:
            client.learn(command.method, times.get(key))
            outcomes.append(answer_of(command.method, results[key], totals.get(key), nexts.get(key)))
        else:
            outcomes.append(_not_run(command) if halt and refusals else _silent(command))
    client.heed(outcome for outcome in outcomes if isinstance(outcome, errors.PortalError))
    client.thank(
        {command.method for command, each in zip(hit, outcomes, strict=True) if isinstance(each, Answer)}
    )
    return outcomes


def _by_key(part: Any, size: int) -> Mapping[str, Any]:
    """Read one of the answer's maps: PHP sends an empty one as [], and one keyed 0, 1, … as a list.

    A list says whose entry is whose only where every command has one.
    """
    if isinstance(part, dict):
        return part
    if isinstance(part, list) and len(part) == size:
        return {f"c{place}": each for place, each in enumerate(part)}
    return {}


def _not_run(command: Command) -> errors.NotRun:
    return errors.NotRun(command.method, detail="not_run")


def _silent(command: Command) -> errors.OutcomeUnknown:
    return errors.OutcomeUnknown(command.method, detail="batch_silent")
