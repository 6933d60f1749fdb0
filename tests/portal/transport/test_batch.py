from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model import errors
from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.batch import MAX_COMMANDS, TRIAL, Outcome, run
from gatekeeper.portal.transport.client import LONG_HIT_S, SHORT_HIT_S, Answer, Command
from tests.portal.php import read_command
from tests.portal.scripted_portal import NOW, Asked, Reply, Scene, a_portal
from tests.soak import examples

RESET_AT = datetime.fromtimestamp(1_786_000_600, UTC)
NOT_FOUND = {"error": "NOT_FOUND", "error_description": "Элемент не найден"}


def gets(number: int) -> list[Command]:
    return [Command("crm.item.get", {"id": place}) for place in range(number)]


def three() -> list[Command]:
    return [Command("crm.item.get", {"id": 41}), Command("crm.item.list", {"id": 42}), Command("scope", {})]


def ran(scene: Scene, commands: Sequence[Command], **how: Any) -> list[Outcome]:
    return run(scene.client, commands, priority=Priority.LIVE, **how)


def kinds(outcomes: Sequence[Outcome]) -> list[type[Outcome]]:
    return [type(outcome) for outcome in outcomes]


def echo(asked: Asked) -> Reply:
    """Answer each command with its method and parameters; one with a `fail` among them fails."""
    if asked.method != "batch":
        return Reply.json({"result": [asked.method, asked.body]})
    read = {key: list(read_command(line)) for key, line in asked.body["cmd"].items()}
    failed = {key: NOT_FOUND for key, (_, params) in read.items() if "fail" in params}
    keys = list(read)
    stop = min((keys.index(key) for key in failed), default=len(keys)) if asked.body["halt"] else len(keys)
    done = {key: read[key] for place, key in enumerate(keys) if key not in failed and place < stop}
    told = {key: error for key, error in failed.items() if keys.index(key) <= stop}
    maps: dict[str, Any] = {
        "result": done or [],
        "result_error": told or [],
        "result_total": [],
        "result_next": [],
    }
    return Reply.json({"result": maps | {"result_time": []}})


def test_no_commands_are_no_hits() -> None:
    with a_portal([]) as scene:
        assert ran(scene, []) == []
        assert scene.bucket.acquired == []


@pytest.mark.parametrize(
    ("commands", "sizes"), [(2, [2]), (50, [50]), (51, [25, 26]), (100, [50, 50]), (101, [33, 34, 34])]
)
def test_hits_are_as_few_as_can_be_and_evenly_filled(commands: int, sizes: list[int]) -> None:
    with a_portal(echo) as scene:
        ran(scene, gets(commands))
        assert sorted(len(asked.body["cmd"]) for asked in scene.portal.asked) == sizes
        assert len(scene.bucket.acquired) == len(sizes)


def timed(seconds: float) -> Callable[[Asked], Reply]:
    """A portal that takes so long for each command, as it says."""

    def answer(asked: Asked) -> Reply:
        keys = list(asked.body.get("cmd", {}))
        if not keys:
            return Reply.json({"result": 1, "time": {"duration": seconds}})
        maps = {"result": dict.fromkeys(keys, 1), "result_time": {key: {"duration": seconds} for key in keys}}
        return Reply.json({"result": maps})

    return answer


def sizes_of(scene: Scene) -> list[int]:
    return [len(asked.body.get("cmd", [0])) for asked in scene.portal.asked]


@pytest.mark.parametrize(("fullness", "hit_s"), [(0.0, SHORT_HIT_S), (1.0, LONG_HIT_S)])
def test_a_hit_holds_what_the_portal_is_done_with_in_time(fullness: float, hit_s: float) -> None:
    """And in less while there is room for many hits."""
    updates = [Command("crm.deal.update", {"id": place}) for place in range(50)]
    with a_portal(timed(0.34)) as scene:
        scene.bucket.full = fullness
        ran(scene, updates)
        first, *others = sizes_of(scene)
    assert first == TRIAL
    assert sum(others) == 50 - TRIAL
    assert max(others) * 0.34 <= hit_s + 0.34
    assert len(others) == -(-45 * 34 // (100 * int(hit_s)))


def test_a_slow_write_keeps_no_note_waiting() -> None:
    commands = [
        Command("crm.timeline.comment.add", {"id": 1}),
        Command("crm.timeline.item.pin", {"ownerId": 1}, takes="id"),
        Command("crm.deal.update", {"id": 1}),
    ]
    with a_portal(echo) as scene:
        scene.bucket.full = 0.0
        scene.client.learn("crm.deal.update", {"duration": 3.4})
        ran(scene, commands)
        assert sorted(sizes_of(scene)) == [1, 2]


def test_a_method_that_is_quick_fills_its_hits_again() -> None:
    updates = [Command("crm.deal.update", {"id": place}) for place in range(50)]
    with a_portal(timed(0.01)) as scene:
        ran(scene, updates)
        ran(scene, updates)
        assert sizes_of(scene) == [TRIAL, 45, 50]


def pairs(number: int) -> list[Command]:
    """So many comments, each with a command behind it that takes its id."""
    return [
        command
        for place in range(number)
        for command in (
            Command("crm.item.get", {"id": place}),
            Command("crm.timeline.item.pin", {"ownerId": place}, takes="id"),
        )
    ]


@given(before=st.integers(0, 60), number=st.integers(1, 60), after=st.integers(0, 60))
def test_a_command_that_takes_a_result_goes_with_the_one_before_it(
    before: int, number: int, after: int
) -> None:
    commands = [*gets(before), *pairs(number), *gets(after)]
    with a_portal(echo) as scene:
        outcomes = ran(scene, commands)
        for asked in scene.portal.asked:
            lines = list(asked.body["cmd"].values())
            assert len(lines) <= MAX_COMMANDS
            for place, line in enumerate(lines):
                if line.startswith("crm.timeline.item.pin"):
                    assert f"id=$result[c{place - 1}]" in line
                    owner = read_command(lines[place - 1])[1]["id"]
                    assert read_command(line)[1]["ownerId"] == owner
    assert len(outcomes) == len(commands)


def test_a_command_whose_result_will_not_be_there_is_not_sent() -> None:
    free_at = datetime.now(UTC) + timedelta(minutes=1)
    with a_portal(echo) as scene:
        scene.bucket.block("crm.item.get", free_at)
        outcomes = ran(scene, [*pairs(1), Command("scope", {})])
        assert sizes_of(scene) == [1]
    assert kinds(outcomes) == [errors.MethodBlocked, errors.MethodBlocked, Answer]


def test_nothing_is_taken_from_a_command_that_goes_by_itself() -> None:
    quoting = Command("crm.timeline.comment.add", {"COMMENT": "$result[c0]"})
    with a_portal(echo) as scene, pytest.raises(ValueError, match="takes a result"):
        ran(scene, [quoting, Command("crm.timeline.item.pin", {}, takes="id")])


def test_a_lone_command_goes_as_it_is_with_the_strings_a_batch_would_carry() -> None:
    with a_portal(echo) as scene:
        (outcome,) = ran(scene, [Command("crm.item.list", {"filter": {">id": 0}, "select": ["id"]})])
    assert outcome == Answer(["crm.item.list", {"filter": {">id": "0"}, "select": ["id"]}], None, None)


@settings(max_examples=examples(20), deadline=None)
@given(st.integers(2, 170), st.integers(1, 4))
def test_outcomes_come_in_the_order_of_the_commands(number: int, parallel: int) -> None:
    with a_portal(echo) as scene:
        outcomes = ran(scene, gets(number), parallel=parallel)
    told = [outcome.result for outcome in outcomes if isinstance(outcome, Answer)]
    assert told == [["crm.item.get", {"id": str(place)} if number > 1 else {}] for place in range(number)]


def test_hits_are_in_flight_together() -> None:
    all_here = threading.Barrier(4, timeout=10)

    def together(asked: Asked) -> Reply:
        all_here.wait()
        return echo(asked)

    with a_portal(together) as scene:
        assert set(kinds(ran(scene, gets(4 * MAX_COMMANDS), parallel=4))) == {Answer}


def test_each_command_has_its_own_outcome() -> None:
    with a_portal([Reply.sample("batch", "all_failed")]) as scene:
        outcomes = ran(scene, three())
    assert kinds(outcomes) == [errors.NotFound, errors.AccessDenied, errors.ScopeMissing]
    assert [str(outcome) for outcome in outcomes] == [
        "crm.item.get · NOT_FOUND",
        "crm.item.list · no code",
        "scope · INSUFFICIENT_SCOPE",
    ]


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (
            "all_well",
            [
                Answer({"item": {"id": 41}}, None, None),
                Answer({"productRows": []}, 0, None),
                Answer(True, None, None),
            ],
        ),
        (
            "maps_as_lists",
            [Answer({"item": {"id": 41}}, 5, None), Answer(None, 6, None), Answer([], 7, None)],
        ),
        ("next_page", [Answer({"items": []}, 51, 50), Answer(1, None, None), Answer(2, None, None)]),
    ],
)
def test_the_maps_are_read_in_every_shape_that_php_gives_them(sample: str, expected: list[Answer]) -> None:
    with a_portal([Reply.sample("batch", sample)]) as scene:
        assert ran(scene, three()) == expected


def test_a_command_that_the_batch_is_silent_on_is_an_error_and_never_empty() -> None:
    with a_portal([Reply.sample("batch", "one_is_silent")]) as scene:
        assert kinds(ran(scene, three())) == [Answer, errors.OutcomeUnknown, Answer]


def test_a_list_too_short_to_say_whose_entry_is_whose_is_silence() -> None:
    maps = {"result": [1, 2], "result_error": [], "result_total": [], "result_next": [], "result_time": []}
    with a_portal([Reply.json({"result": maps})]) as scene:
        assert kinds(ran(scene, three())) == [errors.OutcomeUnknown] * 3


@pytest.mark.parametrize("result", [[], None, True, "x", {"result": "x"}])
def test_a_batch_without_its_maps_is_silence(result: object) -> None:
    with a_portal([Reply.json({"result": result})]) as scene:
        assert kinds(ran(scene, three())) == [errors.OutcomeUnknown] * 3


def test_errors_inside_a_batch_come_in_every_dialect() -> None:
    with a_portal([Reply.sample("batch", "error_entries_odd")]) as scene:
        assert kinds(ran(scene, three())) == [errors.NotFound, errors.NotFound, errors.Refused]


def test_a_command_over_the_limit_is_refused_alone() -> None:
    with a_portal([Reply.sample("batch", "too_many")]) as scene:
        assert kinds(ran(scene, three())) == [Answer, Answer, errors.Refused]


def test_one_bad_hit_does_not_lose_the_others() -> None:
    def first_is_bad(asked: Asked) -> Reply:
        return Reply(502, b"<h1>") if "id=0" in asked.body["cmd"]["c0"] else echo(asked)

    with a_portal(first_is_bad) as scene:
        outcomes = ran(scene, gets(100))
    assert kinds(outcomes) == [errors.OutcomeUnknown] * 50 + [Answer] * 50
    assert len({id(outcome) for outcome in outcomes[:50]}) == 1


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        ("bucket_full", errors.RateLimited),
        ("wrong_code_401", errors.AccessLost),
        ("method_blocked", errors.MethodBlocked),
    ],
)
def test_what_is_wrong_with_a_hit_is_wrong_with_each_of_its_commands(
    sample: str, kind: type[Outcome]
) -> None:
    with a_portal([Reply.sample("refusal", sample)]) as scene:
        assert kinds(ran(scene, three())) == [kind] * 3


def test_a_method_blocked_inside_a_batch_is_blocked_for_all() -> None:
    with a_portal([Reply.sample("batch", "two_well"), Reply.sample("batch", "method_blocked")]) as scene:
        ran(scene, three()[:2])
        outcomes = ran(scene, three())
        assert kinds(outcomes) == [Answer, errors.MethodBlocked, errors.MethodBlocked]
        assert [getattr(outcome, "free_at", None) for outcome in outcomes] == [
            None,
            RESET_AT,
            NOW + timedelta(minutes=1),
        ]
        assert scene.bucket.blocks == {"crm.item.list": RESET_AT, "scope": NOW + timedelta(minutes=1)}


def test_methods_known_to_be_blocked_stay_behind_and_keep_their_place() -> None:
    with a_portal(echo) as scene:
        scene.bucket.block("crm.item.list", NOW + timedelta(minutes=5))
        outcomes = ran(scene, three())
        assert kinds(outcomes) == [Answer, errors.MethodBlocked, Answer]
        assert list(scene.portal.asked[0].body["cmd"].values()) == ["crm.item.get?id=41", "scope?"]


def test_where_all_is_blocked_nothing_is_sent() -> None:
    with a_portal([]) as scene:
        scene.bucket.block("crm.item.get", NOW + timedelta(minutes=5))
        assert kinds(ran(scene, gets(3))) == [errors.MethodBlocked] * 3
        assert scene.bucket.acquired == []


def test_without_halt_the_commands_after_an_error_run() -> None:
    commands = gets(4)
    commands[1] = Command("crm.item.get", {"fail": 1})
    with a_portal(echo) as scene:
        assert kinds(ran(scene, commands)) == [Answer, errors.NotFound, Answer, Answer]
        assert scene.portal.asked[0].body["halt"] == 0


def test_with_halt_the_commands_after_an_error_are_not_run_in_later_hits_either() -> None:
    commands = gets(120)
    commands[60] = Command("crm.item.get", {"fail": 1})
    with a_portal(echo) as scene:
        outcomes = ran(scene, commands, halt=True)
        assert [asked.body["halt"] for asked in scene.portal.asked] == [1, 1]
    assert kinds(outcomes) == [Answer] * 60 + [errors.NotFound] + [errors.NotRun] * 59


def test_a_halting_chain_with_a_blocked_link_is_not_begun() -> None:
    with a_portal([]) as scene:
        scene.bucket.block("crm.item.list", NOW + timedelta(minutes=5))
        assert kinds(ran(scene, three(), halt=True)) == [errors.NotRun, errors.MethodBlocked, errors.NotRun]


def test_with_halt_silence_after_an_error_is_not_run_and_silence_without_one_is_unknown() -> None:
    with a_portal([Reply.sample("batch", "halted"), Reply.sample("batch", "one_is_silent")]) as scene:
        assert kinds(ran(scene, three(), halt=True)) == [Answer, errors.NotFound, errors.NotRun]
        assert kinds(ran(scene, three(), halt=True)) == [Answer, errors.OutcomeUnknown, Answer]


def test_a_text_that_looks_like_a_reference_goes_without_a_batch_and_arrives_as_text() -> None:
    sly = Command("crm.timeline.comment.add", {"fields": {"COMMENT": "Клиент «$result[c0][item][title]»"}})
    with a_portal(echo) as scene:
        outcomes = ran(scene, [*gets(2), sly, *gets(2)])
        assert sorted(asked.method for asked in scene.portal.asked) == ["batch", "batch", sly.method]
    assert outcomes[2] == Answer([sly.method, sly.params], None, None)
    assert set(kinds(outcomes)) == {Answer}


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (Command("crm.item.update", {"fields": {"opened": True}}), TypeError),
        (Command("crm.item.update", {"fields": {}}), ValueError),
        (Command("crm.item.get?id=1&x", {}), ValueError),
        (Command("../user/x", {}), ValueError),
    ],
)
def test_a_command_that_cannot_be_said_is_refused_before_anything_is_sent(
    command: Command, error: type[Exception]
) -> None:
    with a_portal([]) as scene:
        with pytest.raises(error):
            ran(scene, [*gets(60), command])
        assert scene.bucket.acquired == []


def test_all_hits_ask_the_bucket_with_the_priority_given() -> None:
    with a_portal(echo) as scene:
        run(scene.client, gets(51), priority=Priority.AUDIT)
        assert scene.bucket.acquired == [Priority.AUDIT] * 2
