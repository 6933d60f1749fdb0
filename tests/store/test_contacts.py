from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.store.contacts import (
    ContactIndex,
    ContactKey,
    FillState,
    IndexedContact,
    KeyField,
)
from tests.clock import Clock

UPDATED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PHONE = ContactKey(KeyField.PHONE, "+79041234567")
EMAIL = ContactKey(KeyField.EMAIL, "ivanov@example.org")
NAME = ContactKey(KeyField.NAME, "иванов иван")


def a_contact(
    number: int = 1, *keys: ContactKey, name: str = "Иван", updated_at: datetime = UPDATED
) -> IndexedContact:
    return IndexedContact(
        number, "Иванов", name, "Петрович", date(1990, 2, 28), updated_at, frozenset(keys or [PHONE])
    )


@pytest.fixture
def index(engine: Engine) -> ContactIndex:
    return ContactIndex(engine)


def test_a_contact_comes_back_as_it_was_put(index: ContactIndex) -> None:
    full = a_contact(1, PHONE, EMAIL, NAME)
    bare = IndexedContact(2, "", "", "", None, UPDATED, frozenset())
    index.put([full, bare])
    assert index.read([2, 1, 99]) == (full, bare)


def test_candidates_share_any_key_field_and_value(index: ContactIndex) -> None:
    same_text_elsewhere = ContactKey(KeyField.EMAIL, PHONE.value)
    index.put(
        [
            a_contact(3, PHONE, NAME),
            a_contact(1, NAME),
            a_contact(2, EMAIL),
            a_contact(4, same_text_elsewhere),
        ]
    )
    assert index.candidates([PHONE, NAME]) == (1, 3)
    assert index.candidates([]) == ()
    assert index.candidates([ContactKey(KeyField.PHONE, "+79040000000")]) == ()


def test_a_value_tells_who_shares_it(index: ContactIndex) -> None:
    index.put([a_contact(1, EMAIL), a_contact(2, EMAIL), a_contact(3, PHONE)])
    assert index.shared(KeyField.EMAIL, EMAIL.value) == (1, 2)


def test_a_newer_reading_replaces_names_and_keys(index: ContactIndex) -> None:
    index.put([a_contact(1, PHONE)])
    renamed = a_contact(1, EMAIL, name="Пётр", updated_at=UPDATED + timedelta(seconds=1))
    index.put([renamed])
    assert index.read([1]) == (renamed,)
    assert index.candidates([PHONE]) == ()


def test_an_older_reading_replaces_nothing(index: ContactIndex) -> None:
    newer = a_contact(1, EMAIL)
    index.put([newer])
    index.put([a_contact(1, PHONE, updated_at=UPDATED - timedelta(seconds=1)), a_contact(2, NAME)])
    assert index.read([1, 2]) == (newer, a_contact(2, NAME))
    assert index.candidates([PHONE]) == ()


def test_of_readings_of_one_moment_the_last_counts(index: ContactIndex) -> None:
    index.put([a_contact(1, EMAIL)])
    index.put([a_contact(1, NAME), a_contact(1, PHONE)])
    assert index.read([1]) == (a_contact(1, PHONE),)


def test_removed_contacts_and_their_keys_are_gone(index: ContactIndex) -> None:
    index.put([a_contact(1), a_contact(2)])
    index.remove([1, 99])
    assert index.read([1, 2]) == (a_contact(2),)
    assert index.candidates([PHONE]) == (2,)


def test_a_whole_page_of_the_portal_fits(index: ContactIndex) -> None:
    keys = [ContactKey(KeyField.PHONE, f"+7904{number:07}") for number in range(2500)]
    index.put(a_contact(number + 1, keys[number], NAME) for number in range(2500))
    assert len(index.candidates([NAME])) == 2500
    assert index.candidates([keys[2499]]) == (2500,)
    index.remove(range(1, 2501))
    assert index.candidates([NAME]) == ()


def test_an_index_never_filled_is_at_the_beginning(index: ContactIndex) -> None:
    index.put([a_contact(7)])  # an event came before the walk began
    assert index.fill_state() == FillState(cursor=0, complete=False)


def test_the_walk_is_remembered_page_by_page(engine: Engine) -> None:
    clock = Clock()
    index = ContactIndex(engine, now=clock)
    index.advance([a_contact(1), a_contact(2)], 2, complete=False)
    started = clock.time
    assert index.fill_state() == FillState(2, complete=False, started_at=started)
    clock.advance(60)
    index.advance([a_contact(3)], 3, complete=True)
    assert index.fill_state() == FillState(3, complete=True, started_at=started, finished_at=clock.time)
    assert index.candidates([PHONE]) == (1, 2, 3)


def test_a_page_that_fails_does_not_move_the_walk_on(index: ContactIndex) -> None:
    index.advance([a_contact(1)], 1, complete=False)
    without_zone = UPDATED.replace(tzinfo=None)
    with pytest.raises(Exception, match="without a zone"):
        index.advance([a_contact(2), a_contact(3, updated_at=without_zone)], 3, complete=True)
    assert index.read([2, 3]) == ()
    assert index.fill_state().cursor == 1
    assert not index.fill_state().complete


def test_keys_normalised_in_another_way_ask_for_a_new_walk(engine: Engine) -> None:
    clock = Clock()
    ContactIndex(engine, scheme="1", now=clock).advance([a_contact(1)], 1, complete=True)
    clock.advance(60)
    changed = ContactIndex(engine, scheme="2", now=clock)
    assert changed.fill_state() == FillState()
    changed.advance([a_contact(1, EMAIL)], 1, complete=False)
    assert changed.fill_state() == FillState(1, complete=False, started_at=clock.time)
    assert changed.candidates([PHONE]) == ()


def test_writers_of_the_same_contacts_do_not_disturb_each_other(index: ContactIndex) -> None:
    errors: list[Exception] = []

    def write(seed: int) -> None:
        try:
            for step in range(10):
                order = range(1, 21) if (seed + step) % 2 else range(20, 0, -1)
                index.put(a_contact(number, PHONE, EMAIL, NAME) for number in order)
                index.remove([seed, 20 - seed])
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(index.candidates([PHONE])) >= 12
