"""A list that never ends could not be read: the walk over it ends, and what was read is not taken for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gatekeeper.model.errors import PortalError, Refused
from gatekeeper.model.refs import Kind, Priority
from gatekeeper.model.sources import Source
from gatekeeper.portal.changes import ChangeReader, Page, Place
from gatekeeper.portal.transport.answers import whole_lists
from gatekeeper.portal.transport.client import Command
from gatekeeper.portal.transport.rounds import carry_out
from gatekeeper.portal.walk import ContactWalk, Windows
from gatekeeper.portal.wire.forms import MAX_ID, Keyed
from tests.portal.php import read_command
from tests.portal.scripted_portal import Asked, Reply, Scene, a_portal
from tests.worker.wave.test_indexing import a_row

MOST_PAGES = 20
Method = Callable[[Any], tuple[list[Any], int | None]]


def listing(rows: Method) -> Callable[[Asked], Reply]:
    """Answer each command with the rows, and the `next`, that `rows` makes of its parameters."""

    def answer(asked: Asked) -> Reply:
        if asked.method != "batch":
            items, onward = rows(asked.body)
            return Reply.json({"result": {"items": items}, "next": onward})
        read = {key: rows(read_command(line)[1]) for key, line in asked.body["cmd"].items()}
        maps = {
            "result": {key: {"items": items} for key, (items, _) in read.items()},
            "result_next": {key: onward for key, (_, onward) in read.items() if onward is not None},
        }
        return Reply.json({"result": maps})

    return answer


def rows_of(result: Any) -> Keyed:
    return tuple((number, number) for number in result["items"])


def page_at(start: int) -> Command:
    return Command("crm.item.list", {"start": start})


def whole(scene: Scene, most_pages: int = MOST_PAGES) -> tuple[Any, ...] | PortalError:
    reading = whole_lists([page_at], [rows_of], most_pages=most_pages)
    (found,) = carry_out(scene.client, reading, Priority.LIVE)
    return found


ASTRAY: dict[str, Method] = {
    "next stands still": lambda params: ([int(params["start"])], 50),
    "next goes back": lambda params: (
        [int(params["start"])],
        {0: 50, 50: 100, 100: 50}[int(params["start"])],
    ),
    "next is the first page": lambda params: ([int(params["start"])], 50 if int(params["start"]) < 50 else 0),
    "next of the first page is 0": lambda _: ([1], 0),
    "the first page again": lambda params: (list(range(50)), int(params["start"]) + 50),
    "the first page as the last": lambda params: (list(range(50)), 50 if int(params["start"]) < 50 else None),
    "no rows, on and on": lambda params: ([], int(params["start"]) + 50),
    "new rows, on and on": lambda params: ([int(params["start"])], int(params["start"]) + 50),
}


@pytest.mark.parametrize("rows", ASTRAY.values(), ids=ASTRAY)
def test_a_list_whose_pages_do_not_end_could_not_be_read(rows: Method) -> None:
    with a_portal(listing(rows)) as scene:
        assert isinstance(whole(scene), Refused)
        assert len(scene.portal.asked) <= MOST_PAGES


def test_a_list_that_ends_is_read_whole() -> None:
    def rows(params: Any) -> tuple[list[Any], int | None]:
        start = int(params["start"])
        return [start, start + 1], start + 50 if start < 50 * (MOST_PAGES - 1) else None

    with a_portal(listing(rows)) as scene:
        found = whole(scene)
        assert not isinstance(found, PortalError)
        assert len(found) == 2 * MOST_PAGES


def numbered(total: int, page: int = 50) -> Callable[[Asked], Reply]:
    """A list of so many numbers, counted; a batch of its pages is answered like one."""

    def one(start: int) -> tuple[list[int], int | None]:
        return list(range(start, min(start + page, total))), start + page if start + page < total else None

    def answer(asked: Asked) -> Reply:
        if asked.method != "batch":
            rows, onward = one(int(asked.body["start"]))
            return Reply.json(
                {"result": {"items": rows}, "total": total, **({"next": onward} if onward else {})}
            )
        pages = {key: one(int(read_command(line)[1]["start"])) for key, line in asked.body["cmd"].items()}
        result = {
            "result": {key: {"items": rows} for key, (rows, _) in pages.items()},
            "result_total": dict.fromkeys(pages, total),
            "result_next": {key: onward for key, (_, onward) in pages.items() if onward},
        }
        return Reply.json({"result": result})

    return answer


@pytest.mark.parametrize(("total", "hits"), [(0, 1), (50, 1), (51, 2), (1000, 2), (2550, 2), (2551, 3)])
def test_a_list_that_is_counted_comes_in_two_rounds(total: int, hits: int) -> None:
    with a_portal(numbered(total)) as scene:
        assert whole(scene, most_pages=100) == tuple(range(total))
        assert len(scene.portal.asked) == hits


def test_a_list_that_grows_while_it_is_read_is_read_to_its_new_end() -> None:
    def answer(asked: Asked) -> Reply:
        is_first = asked.method != "batch" and int(asked.body["start"]) == 0
        return numbered(120 if is_first else 151)(asked)

    with a_portal(answer) as scene:
        assert whole(scene) == tuple(range(151))


def test_a_list_that_shrinks_while_it_is_read_could_not_be_read() -> None:
    """A row has moved to a page that was read already."""

    def answer(asked: Asked) -> Reply:
        return numbered(99 if int(asked.body["start"]) else 100)(asked)

    with a_portal(answer) as scene:
        assert isinstance(whole(scene), Refused)


def another_page_at(start: int) -> Command:
    return page_at(start or 7)


def test_a_list_that_fails_leaves_the_others_whole() -> None:
    with a_portal(
        listing(lambda params: ([int(params["start"])], 50 if int(params["start"]) else None))
    ) as scene:
        pages = [page_at, another_page_at]
        good, bad = carry_out(scene.client, whole_lists(pages, [rows_of] * 2), Priority.LIVE)
    assert good == (0,)
    assert isinstance(bad, Refused)


def test_a_page_of_changes_that_was_read_before_is_refused() -> None:
    row = {"id": 7, "updatedTime": "2026-11-30T10:00:00+03:00"}

    def answer(asked: Asked) -> Reply:
        times = {
            key: "2026-11-30T12:00:00+03:00" for key, line in asked.body["cmd"].items() if "time" in line
        }
        pages = {key: {"items": [row]} for key in asked.body["cmd"] if key not in times}
        return Reply.json({"result": {"result": times | pages}})

    since = datetime(2026, 11, 30, tzinfo=UTC)
    with a_portal(answer) as scene:
        reader = ChangeReader(scene.client)
        _, fresh = reader.read({Source.DEALS: Place(since, after=6)}, priority=Priority.SWEEP)
        _, again = reader.read({Source.DEALS: Place(since, after=7)}, priority=Priority.SWEEP)
    assert isinstance(fresh[Source.DEALS], Page)
    assert isinstance(again[Source.DEALS], Refused)


def test_ids_that_were_walked_past_are_refused() -> None:
    with a_portal(listing(lambda _: ([{"id": 7}, {"id": 8}], None))) as scene:
        reader = ChangeReader(scene.client)
        assert reader.ids_after(Kind.DEAL, 6, priority=Priority.AUDIT) == (7, 8)
        with pytest.raises(Refused):
            reader.ids_after(Kind.DEAL, 7, priority=Priority.AUDIT)


def test_a_contact_outside_of_its_window_is_refused() -> None:
    rows = listing(lambda _: ([a_row(7)], None))
    with a_portal(rows) as scene, pytest.raises(Refused):
        ContactWalk(scene.client).read_after(0, priority=Priority.SWEEP)


def contacts_after(*there: int) -> Method:
    def rows(params: Any) -> tuple[list[Any], int | None]:
        bounds = params["filter"]
        last = int(bounds.get("<=id", MAX_ID))
        return [a_row(each) for each in there if int(bounds[">id"]) < each <= last], None

    return rows


def test_the_walk_leaps_over_ids_that_no_contact_has() -> None:
    with a_portal(listing(contacts_after(10**12))) as scene:
        walk = ContactWalk(scene.client)
        assert walk.read_after(0, priority=Priority.SWEEP) == Windows((), (), 10**12 - 1)
        found = walk.read_after(10**12 - 1, priority=Priority.SWEEP)
        assert [contact.ref.id for contact in found.contacts] == [10**12]
        assert walk.read_after(found.cursor, priority=Priority.SWEEP) == Windows((), (), MAX_ID)
        assert len(scene.portal.asked) == 5


def test_a_leap_back_is_refused() -> None:
    def rows(params: Any) -> tuple[list[Any], int | None]:
        return ([], None) if "<=id" in params["filter"] else ([{"id": 3}], None)

    with a_portal(listing(rows)) as scene, pytest.raises(Refused):
        ContactWalk(scene.client).read_after(0, priority=Priority.SWEEP)
