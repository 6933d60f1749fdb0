"""`gatekeeper duplicates FILE`: an admin looks an export over before importing it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, BinaryIO

import click
from phonenumbers import SUPPORTED_REGIONS

from gatekeeper.cli.speech import say
from gatekeeper.judge.matching.likeness import DEFAULT_SIMILARITY
from gatekeeper.judge.matching.match import MatchOptions
from gatekeeper.judge.matching.pairs import exact_keys, find_duplicates
from gatekeeper.judge.matching.person import Person, parse_person
from gatekeeper.judge.matching.shared import DEFAULT_SHARED_BY

TEXTS = ("last_name", "name", "second_name", "birthdate")
LISTS = ("phones", "emails")
THE_PORTALS = {"phone": "phones", "email": "emails", "lastname": "last_name", "secondname": "second_name"}
"""How the portal calls them in its exports, beside writing them in capitals."""
KNOWN = frozenset({"id", *TEXTS, *LISTS})
PLAIN_KEY = re.compile(r"[^\W\d]\w{0,39}")
SOME_LINES_WERE_BAD = 1
DATE_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class _Line:
    """`person` is None where the line could not be read at all; `faults` never quote what stands in it."""

    person: Person | None
    faults: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()


def _check_regions(_ctx: click.Context, _param: click.Parameter, regions: tuple[str, ...]) -> tuple[str, ...]:
    unknown = set(regions) - SUPPORTED_REGIONS
    if unknown:
        raise click.BadParameter(say("asked.no_country", codes=", ".join(sorted(unknown))))
    return regions


@click.command("duplicates")
@click.argument("file", type=click.File("rb"))
@click.option("--fields-to-match", type=click.IntRange(1, 4), default=2, show_default=True)
@click.option("--name-similarity", type=click.FloatRange(0, 1), default=DEFAULT_SIMILARITY, show_default=True)
@click.option("--shared-by", type=click.IntRange(2), default=DEFAULT_SHARED_BY, show_default=True)
@click.option(
    "--region", "regions", multiple=True, default=("RU",), show_default=True, callback=_check_regions
)
def duplicates_command(
    file: BinaryIO, fields_to_match: int, name_similarity: float, shared_by: int, regions: tuple[str, ...]
) -> None:
    """Print every pair of duplicates among the contacts of FILE, one JSON object a line.

    FILE ("-" for standard input) holds one contact a line as a JSON object: id, last_name, name, second_name,
    birthdate (YYYY-MM-DD), phones, emails; any may be missing. The portal's own names (LAST_NAME, PHONE)
    will do. A contact without an id, or with one that stands on an earlier line, is called by its line.
    What cannot be read is told on standard error, the rest of the file is compared all the same, and the
    exit code is 1.
    """
    people: list[Person] = []
    bad_lines, seen, unknown = 0, Seen(), set[str]()
    for number, raw in enumerate(file, start=1):
        line = seen.tell_apart(_read_line(raw, number, regions), number)
        people += [line.person] if line.person is not None else []
        unknown |= line.unknown
        bad_lines += bool(line.faults)
        for fault in line.faults:
            click.echo(say("duplicates.fault", number=number, fault=fault), err=True)
    for pair in find_duplicates(people, MatchOptions(fields_to_match, name_similarity), shared_by=shared_by):
        found = {"a": pair.a.id, "b": pair.b.id, "fields": pair.match.fields}
        click.echo(json.dumps(found | {"needs_review": pair.match.needs_review}))
    if unknown:
        click.echo(say("duplicates.unknown", fields=", ".join(sorted(unknown))), err=True)
    if bad_lines:
        click.echo(say("duplicates.bad_lines", count=bad_lines), err=True)
    incomparable = bool(people) and not any(any(exact_keys(person).values()) for person in people)
    if incomparable:
        click.echo(say("duplicates.incomparable", fields=", ".join((*TEXTS, *LISTS))), err=True)
    if bad_lines or incomparable:
        sys.exit(SOME_LINES_WERE_BAD)


class Seen:
    """The ids so far. Two cards with one id would be one contact, so the later one is called by its line."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def tell_apart(self, line: _Line, number: int) -> _Line:
        if line.person is None:
            return line
        first = self._lines.setdefault(str(line.person.id), number)
        if first == number:
            return line
        fault = say("duplicates.id_again", first=first, number=number)
        return replace(line, person=replace(line.person, id=f"line {number}"), faults=(*line.faults, fault))


def _read_line(raw: bytes, number: int, regions: tuple[str, ...]) -> _Line:
    try:
        text = raw.decode("utf-8-sig").strip()
        card = json.loads(text) if text else {}
    except UnicodeDecodeError:
        return _Line(None, (say("duplicates.no_utf8"),))
    except (ValueError, RecursionError):
        return _Line(None, (say("duplicates.no_json"),))
    if not isinstance(card, dict):
        return _Line(None, (say("duplicates.no_object"),))
    return _read_card(card, number, regions) if card else _Line(None)


def _read_card(card: dict[str, Any], number: int, regions: tuple[str, ...]) -> _Line:
    """Leave out what is wrong and keep the rest of the card."""
    given = [(_our_name(key), value) for key, value in card.items() if value is not None]
    unknown = frozenset(key for key in card if PLAIN_KEY.fullmatch(key) and _our_name(key) not in KNOWN)
    card = dict(given)
    key = card.get("id", f"line {number}")
    faults = tuple(_faults(card))
    texts: dict[str, Any] = {name: value for name in TEXTS if isinstance(value := card.get(name), str)}
    texts["birthdate"] = _day_of(texts.get("birthdate", ""))
    if not DATE_SHAPE.fullmatch(texts["birthdate"]):
        del texts["birthdate"]
    lists: dict[str, Any] = {name: tuple(_strings(card.get(name, ()))) for name in LISTS}
    is_key = isinstance(key, int | str)
    person = parse_person(key if is_key else f"line {number}", regions=regions, **texts, **lists)
    return _Line(person, faults, unknown)


def _our_name(key: str) -> str:
    return THE_PORTALS.get(key.lower(), key.lower())


def _faults(card: dict[str, Any]) -> Iterator[str]:
    if "id" in card and not isinstance(card["id"], int | str):
        yield say("duplicates.odd_id")
    wrong = (name for name in TEXTS if not isinstance(card.get(name, ""), str))
    yield from (say("duplicates.no_string", field=name) for name in wrong)
    for name in LISTS:
        items = card.get(name, [])
        if not isinstance(items, list) or len(list(_strings(items))) < len(items):
            yield say("duplicates.no_list", field=name)
    birthdate = card.get("birthdate")
    if isinstance(birthdate, str) and birthdate and not _is_date(_day_of(birthdate)):
        yield say("duplicates.no_date")


def _strings(items: Any) -> Iterator[str]:
    """Take a single value for a list of one, a phone written as a number, and the portal's {"VALUE": …}."""
    for each in items if isinstance(items, list | tuple) else [items]:
        item = each.get("VALUE", each.get("value")) if isinstance(each, dict) else each
        if isinstance(item, str | int) and not isinstance(item, bool):
            yield str(item)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return DATE_SHAPE.fullmatch(text) is not None


def _day_of(text: str) -> str:
    """Cut off the time, which the portal's own exports add."""
    return text.strip().partition("T")[0]
