"""The walk that fills the contact index: to its end, through gaps, and never over what it could not read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from gatekeeper.judge.examples import a_contact
from gatekeeper.model.cards import Multifield
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.walk import ContactWalk
from gatekeeper.portal.wire.forms import MAX_ID
from gatekeeper.store.contacts import SCHEME, ContactIndex
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.worker.wave.indexing import PAUSE_S, Indexer
from tests.portal.php import read_command
from tests.portal.scripted_portal import Asked, Reply, a_portal

MISSING = object()


class Portal:
    """Contacts by id, as `crm.item.list` shows them, in a batch and outside one."""

    def __init__(self, *ids: int) -> None:
        self.contacts = {number: a_row(number) for number in ids}
        self.silent = False

    def __call__(self, asked: Asked) -> Reply:
        if self.silent:
            return Reply(500, b"<html>")
        if asked.method == "batch":
            windows = {key: self._items(read_command(line)[1]) for key, line in asked.body["cmd"].items()}
            return Reply.json({"result": {"result": windows}})
        if "filter" in asked.body:
            return Reply.json({"result": self._items(asked.body)})
        newest = max(self.contacts, default=None)
        return Reply.json({"result": {"items": [{"id": newest}] if newest else []}})

    def _items(self, params: Any) -> dict[str, Any]:
        after, last = int(params["filter"][">id"]), int(params["filter"].get("<=id", MAX_ID))
        return {"items": [row for number, row in self.contacts.items() if after < number <= last]}


def a_row(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "id": number,
        "entityTypeId": 3,
        "name": "Иван",
        "lastName": "Петров",
        "secondName": None,
        "birthdate": None,
        "createdTime": "2026-08-01T12:00:00+03:00",
        "updatedTime": "2026-08-01T12:00:00+03:00",
        "assignedById": 1,
        "sourceId": None,
        "fm": [],
    }
    return {key: value for key, value in (row | changes).items() if value is not MISSING}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ContactIndex]:
    engine = open_engine(f"sqlite:///{tmp_path / 'index.db'}")
    migrate(engine)
    yield ContactIndex(engine, scheme=SCHEME)
    engine.dispose()


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_empty_portal_is_walked_at_once(index: ContactIndex) -> None:
    with a_portal(Portal()) as scene:
        indexer = Indexer(ContactWalk(scene.client), index)
        assert indexer.step()
        assert not indexer.step()
    assert index.fill_state().complete


def test_the_walk_goes_on_over_gaps_to_the_last_contact(index: ContactIndex) -> None:
    with a_portal(Portal(1, 6000)) as scene:
        indexer = Indexer(ContactWalk(scene.client), index)
        steps = [indexer.step() for _ in range(4)]
    assert steps == [True, True, True, False]
    assert index.fill_state().complete


@pytest.mark.parametrize(
    "changes",
    [
        {"fm": MISSING},
        {"createdTime": None},
        {"birthdate": "вчера"},
        {"birthdate": "0001-01-01T00:00:00+03:00"},
    ],
)
def test_a_contact_that_cannot_be_understood_is_set_aside_and_the_walk_goes_on(
    index: ContactIndex, changes: dict[str, Any]
) -> None:
    """It is read by itself, as if an event of it had come."""
    portal, aside = Portal(7, 8), list[EntityRef]()
    portal.contacts[7] = a_row(7, **changes)
    with a_portal(portal) as scene:
        indexer = Indexer(ContactWalk(scene.client), index, set_aside=aside.extend)
        assert indexer.step()
    assert index.fill_state().complete
    assert [row.id for row in index.read([7, 8])] == [8]
    assert aside == [EntityRef(Kind.CONTACT, 7)]


def test_a_portal_in_trouble_is_left_alone_for_a_while_and_then_walked_on(index: ContactIndex) -> None:
    portal, seconds = Portal(7), Seconds()
    portal.silent = True
    with a_portal(portal) as scene:
        indexer = Indexer(ContactWalk(scene.client), index, monotonic=seconds)
        assert not indexer.step()
        asked = len(scene.portal.asked)
        portal.silent = False
        seconds.now = PAUSE_S - 0.1
        assert not indexer.step()
        assert len(scene.portal.asked) == asked
        seconds.now = PAUSE_S
        assert indexer.step()
    assert index.fill_state().complete


def test_a_walk_that_was_interrupted_goes_on_where_it_was(index: ContactIndex) -> None:
    with a_portal(Portal(1, 6000)) as scene:
        Indexer(ContactWalk(scene.client), index).step()
        cursor = index.fill_state().cursor
        again = Indexer(ContactWalk(scene.client), index)
        again.step()
        assert index.fill_state().cursor > cursor > 0


def test_a_name_that_a_database_cannot_hold_does_not_end_the_worker(engine: Engine) -> None:
    index = ContactIndex(engine, scheme=SCHEME)
    email = Multifield("HOME", "iv\x00an@mail.ru")
    contact = a_contact(last_name="Пет\x00ров", name="\x00", second_name="И\x00", emails=(email,))
    with a_portal(Portal()) as scene:
        indexer = Indexer(ContactWalk(scene.client), index)
        indexer.keep(indexer.news([contact], []))
    (kept,) = index.read([contact.ref.id])
    assert (kept.last_name, kept.name, kept.second_name) == ("Петров", "", "И")
