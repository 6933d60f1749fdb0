"""With `journal.mask_personal_data` nobody is in the database's file but for the index and what stands open.

Personal data is planted wherever people leave it, goes through all that can become of a card, and is then
looked for in the file's bytes, with every stored snapshot unpacked.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, LargeBinary, select

from gatekeeper.app.worker_process import make_notifier
from gatekeeper.cli import main
from gatekeeper.config import JournalConfig, NotificationsConfig
from gatekeeper.judge.examples import NOON
from gatekeeper.judge.policy import LeadCommentOptions, Mode
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.store.contacts import contact_index, contact_key
from gatekeeper.store.database import empty_log
from gatekeeper.store.journal.tables import violation_table
from gatekeeper.store.journal.waived import waived_table
from gatekeeper.store.migrations import declared_tables
from tests.filled import contents
from tests.gate import TYPES, Gate, a_gate
from tests.processes import free_port, write_config

PEOPLE = ("Зинаида", "Непомнящих", "9031234567", "zinaida", "1890-05-17", "17.05.1890", "Серебрянск")
"""A name, a phone, an e-mail, a birth date, a place that a comment speaks of."""
AGE = ("'age': 136", '"age": 136', '"age":136', "136 лет")
"""The year of birth, for whoever can subtract."""
TRACES = (*PEOPLE, *AGE)

FAULTY: dict[str, Any] = {
    "lastName": "Непомнящих 7",
    "name": "Зинаида",
    "secondName": "zinaida@mail.example",
    "birthdate": "1890-05-17",
    "fm": [
        {"typeId": "PHONE", "valueType": "WORK", "value": "+79031234567"},
        {"typeId": "EMAIL", "valueType": "WORK", "value": "zinaida@mail.example"},
    ],
}
CURED: dict[str, Any] = {
    "lastName": "Иванов",
    "name": "Пётр",
    "secondName": "Ильич",
    "birthdate": "1990-05-18",
}
NOBODY_ELSE = {contact_index.name, contact_key.name}
SPOKEN = "Зинаида Непомнящих из Серебрянска, +79031234567, нд"


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    journal = JournalConfig(mask_personal_data=True)
    told = NotificationsConfig(on=("revert", "violation"), quality_control=(4,), quiet="off")
    rules = {"lead_comment": LeadCommentOptions(require="detailed")}
    with a_gate(sqlite, journal=journal, notifications=told, rules=rules) as gate:
        yield gate


@pytest.fixture
def people(gate: Gate) -> dict[str, EntityRef]:
    """Two doubles, an exempted one, one who is deleted, a lead and deals that speak of them; all judged."""
    names = ("person", "double", "exempt", "gone")
    cards = {name: gate.add(Kind.CONTACT, **FAULTY) for name in names}
    number = cards["person"].id
    fields = {"title": SPOKEN, "comments": SPOKEN, "contactId": number}
    cards["lead"] = gate.add(Kind.LEAD, **fields, stageId="CONVERTED", name="Зинаида")
    cards["deal"] = gate.add(Kind.DEAL, **fields, leadId=cards["lead"].id)
    cards["gone_deal"] = gate.add(Kind.DEAL, **fields)
    for name in ("lead", "deal", "gone_deal", "person"):
        gate.comment(cards[name], SPOKEN)
    reason = Exemption("", "так решили", "Анна", entity=cards["exempt"])
    gate.store.exemptions.grant(reason, NOON)
    gate.look_at(*cards.values())
    gate.change(cards["deal"], stageId="EXECUTING", user=3)
    gate.look_at(*cards.values())
    make_notifier(gate.gatekeeper, StaffKeeper(gate.gatekeeper.client)).step()
    return cards


def mend(gate: Gate, cards: dict[str, EntityRef]) -> None:
    """Nothing personal stands open any more: cured, deleted, or no longer asked for."""
    for name in ("person", "double", "exempt"):
        gate.change(cards[name], **CURED)
    gate.comment(cards["deal"])
    gate.look_at(*cards.values())
    for name in ("gone", "gone_deal", "lead"):
        ref = cards[name]
        gate.rest("crm.item.delete", entityTypeId=TYPES[ref.kind], id=ref.id)
    gate.look_at(*cards.values())
    policy = gate.gatekeeper.config.policy
    rules = policy.rules
    quiet = replace(
        rules,
        contact_phone=replace(rules.contact_phone, mode=Mode.OFF),
        contact_email=replace(rules.contact_email, mode=Mode.OFF),
        contact_duplicate=replace(rules.contact_duplicate, mode=Mode.OFF),
        contact_staff_email=replace(rules.contact_staff_email, mode=Mode.OFF),
    )
    gate.use(replace(policy, rules=quiet))
    gate.look_at(*cards.values())


def kept(engine: Engine) -> dict[str, str]:
    """Table -> all that it says, unpacked; without the index, and without what stands open or exempted."""
    told = {}
    for name, rows in contents(engine, declared_tables()).items():
        if name in NOBODY_ELSE or name == waived_table.name:
            continue
        rest = [row for row in rows if name != violation_table.name or row["closed_at"]]
        told[name] = "".join(_text(value) for row in rest for value in row.values())
    return told


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        with suppress(zlib.error):
            return zlib.decompress(value).decode(errors="replace")
    return str(value)


def leaks(text: str) -> set[str]:
    return {each for each in TRACES if each in text}


def test_beside_the_index_and_what_stands_open_nobody_is_kept(
    gate: Gate, people: dict[str, EntityRef]
) -> None:
    told = kept(gate.store.engine)
    assert {name: found for name, text in told.items() if (found := leaks(text))} == {}
    assert told["decision"]
    mend(gate, people)
    told = kept(gate.store.engine)
    assert {name: found for name, text in told.items() if (found := leaks(text))} == {}
    assert told["violation"]


def test_what_is_open_is_a_persons_so_the_search_does_find_people(
    gate: Gate, people: dict[str, EntityRef]
) -> None:
    with gate.store.engine.connect() as conn:
        facts = str(conn.execute(select(violation_table.c.facts)).all())
    assert leaks(facts) >= {*PEOPLE, "'age': 136"} - {"17.05.1890"}
    assert people["deal"] in {each.ref for each in gate.store.latest.page(None, 50)}


def test_once_all_is_cured_nobody_is_in_the_bytes_of_the_file(
    gate: Gate, people: dict[str, EntityRef]
) -> None:
    mend(gate, people)
    engine = gate.store.engine
    with engine.begin() as conn:
        for table in (contact_key, contact_index):
            conn.execute(table.delete())
    with engine.connect() as conn:
        open_now = conn.execute(
            select(violation_table.c.rule, violation_table.c.facts).where(
                violation_table.c.closed_at.is_(None)
            )
        ).all()
    assert leaks(str(open_now)) == set(), open_now
    assert leaks(the_file(engine)) == set()


def the_file(engine: Engine) -> str:
    """All bytes of the database and of its log, as text, and every packed column unpacked."""
    path = Path(str(engine.url.database))
    with engine.connect() as conn:
        packed = [
            _text(value)
            for table in declared_tables().sorted_tables
            for column in table.columns
            if isinstance(column.type, LargeBinary)
            for value in conn.execute(select(column).where(column.is_not(None))).scalars()
        ]
    empty_log(engine)
    raw = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return raw.decode(errors="ignore") + "".join(packed)


@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_told_of_the_past_names_nobody(
    gate: Gate, people: dict[str, EntityRef], tmp_path: Path, as_json: bool
) -> None:
    mend(gate, people)
    said = ""
    for ref in people.values():
        said += run(
            gate, tmp_path, "explain", ref.kind.value, str(ref.id), *(["--json"] if as_json else [])
        ).output
    with gate.store.engine.connect() as conn:
        decisions = conn.exec_driver_sql("SELECT id FROM decision").scalars().all()
    assert len(decisions) > 5
    for each in decisions:
        said += run(gate, tmp_path, "replay", each, *(["--json"] if as_json else [])).output
    said += run(gate, tmp_path, "exempt", "list", *(["--json"] if as_json else [])).output
    assert leaks(said) == set()


def run(gate: Gate, folder: Path, *words: str) -> Result:
    config = write_config(folder, gate.sandbox.webhook_url, free_port())
    config.write_text(
        config.read_text(encoding="utf-8") + "\n[journal]\nmask_personal_data = true\n", encoding="utf-8"
    )
    url = gate.store.engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(main, [*words, "--config", str(config)], env={"GATEKEEPER_DATABASE_URL": url})
