"""Actions in, results out: the only place that changes anything on the portal.

A write is never repeated here. Where its outcome is unknown the pass fails, and the next one reads before it
writes. A deal is moved only after a fresh look showed it where the verdict saw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from gatekeeper.enforcement import (
    CloseNotes,
    CommentAction,
    MoveStage,
    PostComment,
    SetField,
    UpdateComment,
)
from gatekeeper.model.errors import MethodBlocked, NotFound, OutcomeUnknown, PortalError
from gatekeeper.model.refs import Priority
from gatekeeper.model.signature import Signer
from gatekeeper.portal.transport.answers import parsed
from gatekeeper.portal.transport.batch import run
from gatekeeper.portal.transport.client import Answer, Command, PortalClient
from gatekeeper.portal.transport.query import has_reference
from gatekeeper.portal.transport.rounds import Reading, all_of, carry_out
from gatekeeper.portal.wire import cards as wire
from gatekeeper.portal.wire.forms import an_id
from gatekeeper.portal.wire.items import DealItem, Item, item_parser


@dataclass(frozen=True, slots=True)
class Applied:
    """The portal has it as planned."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody changed the card meanwhile, so nothing was written; it wants another look."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """The portal may have it or may get to it yet; only a later look can tell."""

    error: OutcomeUnknown


@dataclass(frozen=True, slots=True)
class Owed:
    """The portal has no time for this write before `until`; it is to be made then, and nothing else waits."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One notice to one user; a later one of the same tag takes its place."""

    user_id: int
    text: str
    tag: str


Result = Applied | Overtaken | Unsure | PortalError
Written = Result | Owed
Writing = CommentAction | CloseNotes | SetField


class Writer:
    """`signer` seals every note that goes into a timeline."""

    def __init__(self, client: PortalClient, signer: Signer) -> None:
        self._client = client
        self._signer = signer

    def write(self, actions: Sequence[Writing], *, priority: Priority) -> list[Written]:
        """Write all of them in as few hits as there can be.

        A status may wait: of these no more are written than leave the portal's time for others.
        """
        room = self._client.times.room(wire.SET_FIELD, self._client.clock.machine_now())
        readings: dict[int, Reading[Written]] = {}
        for place in sorted(range(len(actions)), key=lambda each: isinstance(actions[each], SetField)):
            action = actions[place]
            if isinstance(action, SetField):
                readings[place] = _fill_in(action) if room.count > 0 else _owe(room.again_at)
                room = room.less_one()
            else:
                readings[place] = self._write(action)
        results = dict(
            zip(readings, carry_out(self._client, all_of(list(readings.values())), priority), strict=True)
        )
        return [results[place] for place in range(len(actions))]

    def _write(self, action: CommentAction | CloseNotes) -> Reading[Written]:
        return self._close(action) if isinstance(action, CloseNotes) else self._say(action)

    def _say(self, action: CommentAction) -> Reading[Written]:
        """Pinning is best effort: a comment that is not on top is still read."""
        command = self._comment_command(action)
        if has_reference(command.params):  # such a text goes alone
            (outcome,) = yield [command]
            if isinstance(comment_id := parsed(outcome, an_id), int):
                yield [_pin_command(action, comment_id)]
        else:
            outcome, _ = yield [command, _pin_command(action)]
        gone = isinstance(action, UpdateComment) and isinstance(outcome, NotFound)
        return Overtaken() if gone else _result(outcome)

    def _close(self, action: CloseNotes) -> Reading[Written]:
        """Close each of the notes; one that is gone by now is closed, too."""
        text, notes = self._signer.seal(action.text), action.comment_ids
        outcomes = yield [
            *(wire.update_comment_command(note, text) for note in notes),
            *(wire.pin_command(action.ref, note, pin=False) for note in notes),
        ]
        failed = (
            outcome
            for outcome in outcomes[: len(notes)]
            if isinstance(outcome, PortalError) and not isinstance(outcome, NotFound)
        )
        return next((_result(outcome) for outcome in failed), Applied())

    def _comment_command(self, action: CommentAction) -> Command:
        match action:
            case PostComment(ref=ref, text=text):
                return wire.add_comment_command(ref, self._signer.seal(text))
            case UpdateComment(comment_id=comment_id, text=text):
                return wire.update_comment_command(comment_id, self._signer.seal(text))
            case _:
                assert_never(action)

    def apply_moves(self, moves: Sequence[MoveStage], *, priority: Priority) -> list[Result]:
        """Look again, move what still stands where it stood, and see that it arrived."""
        visits = run(self._client, [wire.item_command(move.ref) for move in moves], priority=priority)
        results: list[Result] = [
            _still_there(move, parsed(look, item_parser(move.ref.kind, move.ref.id)))
            for move, look in zip(moves, visits, strict=True)
        ]
        ready = [place for place, each in enumerate(results) if isinstance(each, Applied)]
        commands = [wire.move_command(moves[each].ref, moves[each].to_stage_id) for each in ready]
        for place, outcome in zip(ready, run(self._client, commands, priority=priority), strict=True):
            results[place] = _result(outcome)
            if isinstance(outcome, Answer) and not _arrived(moves[place], outcome):
                results[place] = Overtaken()  # a robot of the portal was quicker
        return results


def _fill_in(action: SetField) -> Reading[Written]:
    (outcome,) = yield [wire.set_field_command(action.ref, action.field, action.value)]
    if isinstance(outcome, MethodBlocked) and outcome.free_at:
        return Owed(outcome.free_at)
    return _result(outcome)


def _owe(until: datetime) -> Reading[Written]:
    yield []
    return Owed(until)


class Messenger:
    """Sends notices to people; nothing of theirs is signed."""

    def __init__(self, client: PortalClient) -> None:
        self._client = client

    def send(self, notices: Sequence[Message], *, priority: Priority) -> list[Result]:
        commands = [wire.notify_command(notice.user_id, notice.text, notice.tag) for notice in notices]
        return [_result(outcome) for outcome in run(self._client, commands, priority=priority)]


def _pin_command(action: CommentAction, new_id: int | None = None) -> Command:
    """`new_id` is the comment just posted; None where the command before this one posts it."""
    match action:
        case PostComment(ref=ref):
            return wire.pin_command(ref, new_id, pin=True) if new_id else wire.pin_new_command(ref)
        case UpdateComment(ref=ref, comment_id=comment_id, pin=pin):
            return wire.pin_command(ref, comment_id, pin=pin)
        case _:
            assert_never(action)


def _result(outcome: Answer | PortalError) -> Result:
    if isinstance(outcome, OutcomeUnknown):
        return Unsure(outcome)
    return outcome if isinstance(outcome, PortalError) else Applied()


def _arrived(move: MoveStage, outcome: Answer) -> bool:
    """Whether the answer shows the deal where it was sent; one that cannot be read shows nothing."""
    item = parsed(outcome, item_parser(move.ref.kind, move.ref.id))
    return isinstance(item, DealItem) and item.stage_id == move.to_stage_id


def _still_there(move: MoveStage, item: Item | PortalError) -> Result:
    if isinstance(item, PortalError):
        return item
    same = isinstance(item, DealItem) and (item.stage_id, item.moved_at) == (
        move.from_stage_id,
        move.moved_at,
    )
    return Applied() if same else Overtaken()
