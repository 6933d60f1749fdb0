"""A forgotten person is nowhere in the database, and what was decided still counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    ColumnElement,
    Engine,
    LargeBinary,
    String,
    Table,
    and_,
    func,
    select,
    update,
)

from gatekeeper.cli import main
from gatekeeper.judge.examples import NOON
from gatekeeper.messages import Messages
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.findings import Violation
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.exemptions import exemption_table
from gatekeeper.store.journal.mentions import find_mentions
from gatekeeper.store.journal.packing import unpack_policy, unpack_snapshot
from gatekeeper.store.journal.tables import (
    action_table,
    decision_table,
    policy_table,
    snapshot_table,
    violation_table,
)
from gatekeeper.store.journal.waived import waived_table
from gatekeeper.store.migrations import declared_tables
from gatekeeper.store.upkeep.erasure import erasure_table, masked
from tests.filled import contents
from tests.gate import Gate, a_gate
from tests.processes import free_port, write_config

PERSONAL = {
    ("action", "body"),
    ("contact_index", "last_name"),
    ("contact_index", "name"),
    ("contact_index", "second_name"),
    ("contact_key", "value"),
    ("decision", "exempted"),
    ("decision", "snapshot"),
    ("waived", "exemption"),  # its reason
    ("waived", "facts"),
    ("exemption", "reason"),
    ("policy", "body"),  # reasons, again
    ("decision", "violations"),
    ("snapshot", "body"),
    ("violation", "facts"),
}
"""Columns that may hold something about a person, each of which `forget` must empty."""

HARMLESS = {
    ("probe", "value"),
    ("visit", "imprint"),  # digests of a whole item, a time, a status
    ("visit", "owed"),  # a decision's id, a status
    ("visit", "rhythm"),
    ("action", "content"),  # a digest, a status
    ("action", "name"),
    ("action", "result"),  # our word, the method, the portal's code
    ("card", "admitted_stage_id"),
    ("card", "announced"),  # a rule, a day, words of ours
    ("card", "cured"),  # rules
    ("card", "graces"),  # rules and times
    ("card", "reverts"),  # stages, times, rules
    ("card", "uncured"),  # rules
    ("contact_fill", "scheme"),
    ("decision", "let_stand"),  # stages, and why
    ("decision", "not_judged"),  # rules and what could not be read
    ("decision", "status"),
    ("decision", "version"),
    ("waived", "exemption_id"),
    ("exemption", "author"),  # an employee, who answers for it
    ("exemption", "part"),
    ("exemption", "removed_by"),
    ("exemption", "source"),
    ("gate", "judged_revision"),
    ("heartbeat", "owner"),
    ("inbox", "last_error"),  # the method and the portal's code
    ("inbox", "lease_owner"),
    ("limiter_block", "method"),
    ("note_key", "secret"),
    ("outbox", "facts"),  # stages and rules
    ("outbox", "occasion"),
    ("outbox", "tag"),
    ("pointer", "card_kind"),
    ("policy", "revision"),
    ("policy", "version"),
    ("job", "lease_owner"),
    ("job", "name"),
    ("job", "state"),  # times and ids
    ("snapshot", "digest"),
    ("tally", "labels"),
    ("tally", "metric"),
    ("trouble", "detail"),  # the portal's code
    ("trouble", "subject"),  # a scope, a host
    ("violation", "closed_by"),  # a decision
    ("violation", "closed_why"),
    ("violation", "currency"),
    ("violation", "opened_by"),
}
"""Texts that never do, and why where the name does not tell."""

KEYS = {"id", "kind", "rule", "mode", "field", "policy_revision", "decision_id"}
"""Columns of any table."""


def test_of_every_column_that_can_hold_a_text_it_is_known_whether_it_may_be_a_persons() -> None:
    """A new column stands in one of the two lists; one that is personal is then asked for below."""
    texts = {
        (table.name, column.name)
        for table in declared_tables().sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON | LargeBinary) and column.name not in KEYS
    }
    assert texts == PERSONAL | HARMLESS


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


TRACES = ("Зинаида", "Непомнящих", "9031234567", "zina@", "1890-05-17", "Серебрянск")


@pytest.fixture
def person(gate: Gate) -> tuple[EntityRef, EntityRef, EntityRef]:
    """A contact with faults in every field, its double, and a deal whose comment speaks of it; all judged."""
    fields: dict[str, Any] = {
        "lastName": "Непомнящих 7",
        "name": "Зинаида",
        "birthdate": "1890-05-17",
        "fm": [
            {"typeId": "PHONE", "valueType": "MOBILE", "value": "+79031234567"},
            {"typeId": "EMAIL", "valueType": "WORK", "value": "zina@mail.example"},
        ],
    }
    contact, double = gate.add(Kind.CONTACT, **fields), gate.add(Kind.CONTACT, **fields)
    deal = gate.add(Kind.DEAL, title="Сделка", contactId=contact.id)
    gate.comment(deal, "Зинаида Непомнящих, Серебрянск, НД")
    gate.look_at(contact, double, deal)
    return contact, double, deal


def traces(engine: Engine) -> set[str]:
    """Stored snapshots are compressed, so they are read as what they say."""
    text = str(contents(engine, declared_tables()))
    with engine.connect() as conn:
        policies = conn.execute(select(policy_table.c.body)).scalars()
        text += "".join(str(unpack_policy(each)) for each in policies)
        for column in (decision_table.c.snapshot, snapshot_table.c.body):
            packed = conn.execute(select(column).where(column.is_not(None))).scalars()
            text += "".join(str(unpack_snapshot(each)) for each in packed)
    return {each for each in TRACES if each in text}


def figures(engine: Engine) -> list[Any]:
    """What a report counts."""
    with engine.begin() as conn:
        columns = ("kind", "entity_id", "rule", "mode", "responsible_id", "opened_at", "closed_at")
        rows = conn.execute(select(*violation_table.c[*columns]).order_by(violation_table.c.id)).all()
        tables = (decision_table, action_table)
        counts = [conn.execute(select(func.count()).select_from(each)).scalar() for each in tables]
        return [*map(tuple, rows), *counts]


def test_nothing_is_left_of_a_person_and_every_figure_stands(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef]
) -> None:
    contact, double, _ = person
    engine = gate.store.engine
    before = figures(engine)
    assert traces(engine) == set(TRACES)
    gate.erasure.forget(double)
    told = gate.erasure.forget(contact)
    assert traces(engine) == set()
    assert figures(engine) == before
    assert told["contact_index"] == 1
    assert told["violation"] > 2


def test_a_double_that_names_the_person_is_found_by_itself(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef]
) -> None:
    contact, double, _ = person
    with gate.store.engine.begin() as conn:
        query = select(violation_table.c.facts).where(violation_table.c.rule == "contact.duplicate")
        assert conn.execute(query).scalar_one()["duplicates"][0]["name"]
    gate.erasure.forget(contact)
    with gate.store.engine.begin() as conn:
        facts = conn.execute(query.where(violation_table.c.entity_id == double.id)).scalar_one()
    assert facts["duplicates"][0]["name"] == "***"


def test_the_older_card_that_was_read_beside_the_person_keeps_no_picture_of_it(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef]
) -> None:
    """The person is the newer card here, so that no violation of the older one names it."""
    contact, double, _ = person
    gate.erasure.forget(double)
    kept = {each.ref for each in gate.store.latest.page(None, 10)}
    assert contact not in kept


def test_not_even_the_bytes_of_a_file_keep_the_person(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        contact = gate.add(Kind.CONTACT, name="Зинаида 2", lastName="Непомнящих", birthdate="1890-05-17")
        deal = gate.add(Kind.DEAL, title="Зинаида", contactId=contact.id)
        gate.comment(deal, "Зинаида Непомнящих, Серебрянск, НД")
        gate.look_at(contact, deal)
        gate.change(contact, name="Зинаида 3")
        gate.look_at(contact, deal)
        file = Path(str(sqlite.url.database))
        files = [file, file.with_name(f"{file.name}-wal")]
        before = b"".join(each.read_bytes() for each in files if each.exists()).decode(errors="ignore")
        gate.erasure.forget(contact)
        after = b"".join(each.read_bytes() for each in files if each.exists()).decode(errors="ignore")
    assert {each for each in TRACES if each in before} >= {"Зинаида", "Непомнящих", "Серебрянск"}
    assert {each for each in TRACES if each in after} == set()


def test_others_are_not_touched(gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef]) -> None:
    other = gate.add(Kind.CONTACT, lastName="Иванов 3", name="Пётр")
    gate.look_at(other)
    gate.erasure.forget(person[0])
    assert "Иванов 3" in str(contents(gate.store.engine, declared_tables()))
    assert gate.store.contacts.read([other.id]) != ()


def test_what_is_left_for_the_audit_is_a_number_and_a_time(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef]
) -> None:
    gate.erasure.forget(person[0])
    with gate.store.engine.begin() as conn:
        (row,) = conn.execute(select(erasure_table)).all()
    assert (row.kind, row.entity_id) == ("contact", person[0].id)
    assert set(erasure_table.c.keys()) == {"id", "kind", "entity_id", "at"}


def test_who_was_never_known_is_forgotten_without_ado(gate: Gate) -> None:
    told = gate.erasure.forget(EntityRef(Kind.CONTACT, 999))
    assert told == {
        "cards": 1,
        "contact_index": 0,
        "action": 0,
        "decision": 0,
        "violation": 0,
        "waived": 0,
        "exemption": 0,
        "policy": 0,
        "snapshot": 0,
    }


def test_the_gate_goes_on_with_cards_whose_past_was_erased(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef]
) -> None:
    """Also where a rule cannot be judged now, so that the stored facts are what the comment is made of."""
    contact, double, deal = person
    gate.erasure.forget(contact, [deal])
    for each in (contact, double, deal):
        facts = gate.store.journal.load([each])[each].open
        assert facts
        for violation in facts:
            for language in ("ru", "en"):
                assert Messages.in_language(language).render_violation(violation)
    gate.look_at(contact, double, deal)
    assert [len(gate.said(each)) for each in (contact, double, deal)] == [1, 1, 1]


def test_deals_and_leads_that_are_or_were_the_contacts_are_found_by_themselves(gate: Gate) -> None:
    contact, other = gate.add(Kind.CONTACT, name="Зинаида"), gate.add(Kind.CONTACT, name="Пётр")
    lead, first = gate.add(Kind.LEAD, title="Лид"), gate.add(Kind.LEAD, title="Лид", contactId=contact.id)
    deal = gate.add(Kind.DEAL, title="Её", contactId=contact.id, leadId=lead.id)
    passed_on = gate.add(Kind.DEAL, title="Была её", contactId=contact.id)
    foreign = gate.add(Kind.DEAL, title="Чужая", contactId=other.id)
    gate.look_at(contact, other, lead, first, deal, passed_on, foreign)
    gate.change(passed_on, contactIds=[other.id])
    gate.look_at(passed_on)
    found = gate.erasure.find(contact, [EntityRef(Kind.LEAD, 777)])
    assert set(found.cards) == {contact, lead, first, deal, passed_on, EntityRef(Kind.LEAD, 777)}


def test_more_snapshots_than_one_page_are_looked_through(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    contact, double, deal = person
    whole = find_mentions(gate.store.engine, contact.id)
    monkeypatch.setattr("gatekeeper.store.journal.mentions.PAGE", 1)
    assert find_mentions(gate.store.engine, contact.id) == whole
    assert set(whole.clients) == {deal}
    assert double in whole.pictures


def test_a_snapshot_that_cannot_be_read_may_show_anybody_and_is_dropped(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef]
) -> None:
    other = gate.add(Kind.DEAL, title="Сделка")
    gate.look_at(other)
    with gate.store.engine.begin() as conn:
        conn.execute(update(snapshot_table).where(_row(snapshot_table, other)).values(body=b"damaged"))
    gate.erasure.forget(person[0])
    assert other not in {each.ref for each in gate.store.latest.page(None, 10)}


def test_reasons_of_exemptions_go_with_the_cards_that_they_are_of(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef]
) -> None:
    """By command and in the config, wherever they were written down; those of many cards stay."""
    contact, double, deal = person
    granted = gate.store.exemptions.grant
    granted(Exemption("", "Зинаида в отъезде", "Анна", entity=contact, rule="contact.email"), NOON)
    granted(Exemption("", "всем так решено", "Анна", rule="contact.phone"), NOON)
    of_config = Exemption("config:x", "просила Непомнящих", "Анна", entity=deal, rule="deal.comment")
    gate.use(replace(gate.gatekeeper.config.policy, exemptions=(of_config,)))
    gate.look_at(contact, deal)
    assert {"просила Непомнящих", "Зинаида в отъезде"} <= reasons(gate.store.engine)
    told = gate.erasure.forget(contact)
    gate.erasure.forget(double)  # the same person's data, in a card of its own
    assert traces(gate.store.engine) == set()
    assert reasons(gate.store.engine) == {"***", "всем так решено"}
    assert (told["exemption"], told["policy"]) == (1, 1)
    assert gate.erasure.forget(contact)["exemption"] == 0


def reasons(engine: Engine) -> set[str]:
    """Every reason that stands anywhere."""
    with engine.connect() as conn:
        found = set(conn.execute(select(exemption_table.c.reason)).scalars())
        found |= {each["reason"] for each in conn.execute(select(waived_table.c.exemption)).scalars()}
        for exempted in conn.execute(select(decision_table.c.exempted)).scalars():
            found |= {each["exemption"]["reason"] for each in exempted or ()}
        for body in conn.execute(select(policy_table.c.body)).scalars():
            found |= {each.reason for each in unpack_policy(body).exemptions}
    return found


def _row(table: Table, ref: EntityRef) -> ColumnElement[bool]:
    return and_(table.c.kind == ref.kind.value, table.c.entity_id == ref.id)


names = st.sampled_from(["value", "excerpt", "x"])
json_values = st.recursive(
    st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.none(), st.dates().map(str)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(names, inner)),
    max_leaves=10,
)


@given(json_values)
def test_masking_leaves_no_text_and_no_number_and_twice_is_once(value: Any) -> None:
    once = masked(value)
    assert masked(once) == once
    assert set(leaves(once)) <= {"***", "1900-01-01", 0, True, None}


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def test_every_problem_can_still_be_put_in_words_once_it_is_masked() -> None:
    facts = {"problem": "age", "value": "1890-05-17", "age": 136, "min": 10, "max": 100}
    violation = Violation("contact.birthdate", masked(facts))
    assert "01.01.1900" in Messages.in_language("ru").render_violation(violation)


def test_the_command_says_what_it_did_and_what_it_did_not(
    gate: Gate, person: tuple[EntityRef, EntityRef, EntityRef], tmp_path: Path
) -> None:
    config = write_config(tmp_path, gate.sandbox.webhook_url, free_port())
    environ = {"GATEKEEPER_DATABASE_URL": gate.store.engine.url.render_as_string(hide_password=False)}
    contact, double, deal = person
    words = ["forget", "contact", str(contact.id), "--config", str(config)]
    asked = CliRunner().invoke(main, words, env=environ, input="n\n")
    assert asked.exit_code == 1
    assert f"Будет стёрто всё о карточках: {contact}, {double}, {deal}" in asked.stdout
    assert traces(gate.store.engine) == set(TRACES)
    unasked = CliRunner().invoke(main, words, env=environ, input="")
    assert unasked.exit_code == 1
    assert traces(gate.store.engine) == set(TRACES)
    done = CliRunner().invoke(main, [*words, "--yes"], env=environ)
    assert done.exit_code == 0
    assert "contact_index 1" in done.stdout
    assert "Резервные копии не изменены" in done.stdout
    assert not any(each in done.output for each in TRACES)


def test_of_a_card_never_seen_the_command_says_that_nothing_was_kept(gate: Gate, tmp_path: Path) -> None:
    config = write_config(tmp_path, gate.sandbox.webhook_url, free_port())
    environ = {"GATEKEEPER_DATABASE_URL": gate.store.engine.url.render_as_string(hide_password=False)}
    words = ["forget", "contact", "56565", "--yes", "--config", str(config)]
    done = CliRunner().invoke(main, words, env=environ)
    assert done.exit_code == 0
    assert "contact:56565: ничего не хранилось" in done.stdout
    assert "изменено строк" not in done.stdout
