"""Тренажёр: a manager makes faulty cards right, and the gatekeeper's own word on the card ticks them off.

An all-clear is written only after a warning, so it means both "it was seen" and "it is cured". A card
without a note is not judged yet, never fine.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template

from bitrix24_sandbox import cards, dictionaries
from bitrix24_sandbox.pages.clients import Person
from bitrix24_sandbox.pages.exercises import (
    COURSES,
    EXERCISES,
    Course,
    Exercise,
)
from bitrix24_sandbox.pages.notes import Note, State, notes_of
from bitrix24_sandbox.pages.who import Who, see_other
from bitrix24_sandbox.pages.wording import full_name
from bitrix24_sandbox.portal import Act, Portal
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row

_PATIENCE_S = 20
_TABLE = (
    "CREATE TABLE IF NOT EXISTS practice (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER, "
    "exercise TEXT, card_id INTEGER, UNIQUE (user_id, exercise))"
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One exercise of one manager. `state`: "new", "waiting", "silent", "warned", "stuck" or "done"."""

    exercise: Exercise
    state: str
    card_id: int | None = None
    note: Note | None = None
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    course: Course
    lessons: tuple[Lesson, ...]

    @property
    def done(self) -> int:
        return sum(each.state == "done" for each in self.lessons)


def add_routes(pages: Blueprint, portal: Portal, who: Who) -> None:
    portal.store.execute(_TABLE)

    @pages.get("/practice")
    def practice() -> str:
        return render_template("practice.html", courses=progress(portal, who.id))

    @pages.post("/practice/<slug>")
    def begin(slug: str) -> Response:
        exercise = EXERCISES.get(slug) or abort(404)
        with portal.act(who.id) as act:
            card_id = _begin(act, exercise)
        return see_other(f"/{exercise.kind}/{card_id}")


def progress(portal: Portal, user_id: int) -> list[Progress]:
    act = portal.new_act(user_id)
    rows = act.store.rows("SELECT * FROM practice WHERE user_id = ?", [user_id])
    begun = {row["exercise"]: row for row in rows}
    return [
        Progress(course, tuple(_lesson(act, each, begun.get(each.slug)) for each in course.exercises))
        for course in COURSES
    ]


def lesson_of(portal: Portal, user_id: int, kind: Kind, card_id: int) -> Lesson | None:
    """Find the exercise that a card was made for, if this user practises on it."""
    act = portal.new_act(user_id)
    rows = act.store.rows("SELECT * FROM practice WHERE user_id = ? AND card_id = ?", [user_id, card_id])
    found = ((EXERCISES.get(row["exercise"]), row) for row in rows)
    return next((_lesson(act, each, row) for each, row in found if each and each.kind is kind), None)


def _begin(act: Act, exercise: Exercise) -> int:
    """Make the card anew; an earlier try is let go."""
    act.store.execute("DELETE FROM practice WHERE user_id = ? AND exercise = ?", [act.user_id, exercise.slug])
    number = act.store.insert("practice", {"user_id": act.user_id, "exercise": exercise.slug})
    card_id = exercise.make(act, Person(number))
    act.store.update("practice", number, {"card_id": card_id})
    return card_id


def _lesson(act: Act, exercise: Exercise, begun: Row | None) -> Lesson:
    card = cards.find(act, exercise.kind, begun["card_id"]) if begun else None
    if begun is None or card is None:
        return Lesson(exercise, "new")
    note = notes_of(act.store, exercise.kind, [card["ID"]]).get(card["ID"])
    return Lesson(
        exercise, _state(act, exercise, card, note), card["ID"], note, _facts(exercise, Person(begun["id"]))
    )


def _state(act: Act, exercise: Exercise, card: Row, note: Note | None) -> str:
    if note is None:
        return "silent" if act.now - card["DATE_CREATE"] > _PATIENCE_S else "waiting"
    if note.state is State.WARNING:
        return "warned"
    return "stuck" if exercise.moves_on and not _has_moved_on(act, card) else "done"


def _has_moved_on(act: Act, deal: Row) -> bool:
    stages = dictionaries.stages(act.store, Kind.DEAL, deal["CATEGORY_ID"] or 0)
    return deal["STAGE_ID"] in list(stages)[1:]


def _facts(exercise: Exercise, person: Person) -> str:
    surname, name, patronymic = person.names
    return exercise.facts.format(
        full_name=full_name({"LAST_NAME": surname, "NAME": name, "SECOND_NAME": patronymic}),
        birthdate=person.birthdate.strftime("%d.%m.%Y"),
        phone=person.phone,
        email=person.email,
    )
