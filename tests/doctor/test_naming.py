"""What the config names, and the portal has or has not, as `gatekeeper doctor` tells it of a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gatekeeper.doctor.naming import names_of
from gatekeeper.judge.policy import Ceiling, MandatoryOptions, Mode
from tests.cli.test_doctor import a_furnished_gate, doctor, found
from tests.gate import Gate, a_config

FOR_REASON = 'reason = "так решили"\nauthor = "Анна"'


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_furnished_gate(sqlite) as gate:
        yield gate


@pytest.mark.parametrize(
    ("config", "code", "key", "number"),
    [
        ('[ceiling]\npipelines = {"7" = "warn"}', "named.pipeline", "ceiling.pipelines", "7"),
        (
            '[rules."deal.contact"]\npipelines = {"1" = "warn", "8" = "off"}',
            "named.pipeline",
            'rules."deal.contact".pipelines',
            "8",
        ),
        ('[ceiling]\ndepartments = {"77" = "observe"}', "named.department", "ceiling.departments", "77"),
        (
            '[rules."contact.name"]\ndepartments = {"2" = "off", "78" = "off"}',
            "named.department",
            'rules."contact.name".departments',
            "78",
        ),
        (
            f"[exemptions.summer]\n{FOR_REASON}\npipeline = 9",
            "named.pipeline",
            'exemptions."summer".pipeline',
            "9",
        ),
        (
            f'[exemptions.summer]\n{FOR_REASON}\nsource = "WEBB"',
            "named.source",
            'exemptions."summer".source',
            "WEBB",
        ),
        (f"[exemptions.summer]\n{FOR_REASON}\nuser = 99", "named.user", 'exemptions."summer".user', "99"),
        (
            "[notifications]\nquality_control = [2, 98]",
            "named.user",
            "notifications.quality_control",
            "98",
        ),
        ("[notifications.digest]\nto = [97, 2]", "named.user", "notifications.digest.to", "97"),
    ],
)
def test_what_the_portal_has_not_is_told_with_the_key_that_names_it(
    gate: Gate, tmp_path: Path, config: str, code: str, key: str, number: str
) -> None:
    trouble = found(gate, tmp_path, more=config)
    assert list(trouble) == [code]
    assert trouble[code]["result"] == "doubtful"
    assert trouble[code]["facts"]["names"] == [f"{number} ({key})"]
    assert f"{number} ({key})" in trouble[code]["what"]


def test_what_may_be_meant_is_told(gate: Gate, tmp_path: Path) -> None:
    more = f'[ceiling]\npipelines = {{"7" = "warn"}}\n[exemptions.x]\n{FOR_REASON}\nsource = "SITE"'
    trouble = found(gate, tmp_path, more=more)
    assert "1 «Колледж»" in trouble["named.pipeline"]["what"]
    assert "WEB «Веб-сайт»" in trouble["named.source"]["what"]


def test_a_config_that_names_only_what_there_is_has_nothing_against_it(gate: Gate, tmp_path: Path) -> None:
    more = f"""
        [ceiling]
        pipelines = {{"1" = "warn"}}
        departments = {{"2" = "observe"}}
        [exemptions.summer]
        {FOR_REASON}
        source = "WEB"
        user = 2
        [notifications]
        quality_control = [4]
    """
    assert found(gate, tmp_path, more=more) == {}
    assert "есть на портале: 5" in doctor(gate, tmp_path, more=more).stdout


def test_a_reader_who_was_dismissed_is_a_doubt_and_an_exempted_one_is_none(
    gate: Gate, tmp_path: Path
) -> None:
    gate.control("user", id=3, active=False)
    trouble = found(gate, tmp_path, more="[notifications]\nquality_control = [3, 4]")
    assert trouble["named.dismissed"]["facts"]["names"] == ["3 (notifications.quality_control)"]
    assert found(gate, tmp_path, more=f"[exemptions.old]\n{FOR_REASON}\nuser = 3") == {}


@pytest.mark.parametrize(
    ("narrowed", "is_broken"),
    [
        ("", True),
        ('rule = "deal.contact"', True),
        ('entity = "deal:41"', True),
        ('rule = "contact.name"', False),
        ('entity = "contact:84"', False),
    ],
)
def test_the_webhooks_owner_must_not_be_exempted_of_deals(
    gate: Gate, tmp_path: Path, narrowed: str, is_broken: bool
) -> None:
    """Else every deal that is moved back, in that name, would be exempt by it."""
    trouble = found(gate, tmp_path, more=f"[exemptions.boss]\n{FOR_REASON}\nuser = 1\n{narrowed}")
    assert list(trouble) == (["named.owner"] if is_broken else [])
    if is_broken:
        assert trouble["named.owner"]["result"] == "broken"
        assert 'exemptions."boss".user' in trouble["named.owner"]["what"]


def test_what_could_not_be_asked_is_not_called_missing(gate: Gate, tmp_path: Path) -> None:
    gate.control("faults", kind="error", method="department.get", code="INTERNAL_SERVER_ERROR", status=500)
    trouble = found(gate, tmp_path, more='[ceiling]\ndepartments = {"77" = "observe"}')
    assert list(trouble) == ["unread"]
    gate.control("faults", kind="scope", scope="user")
    trouble = found(gate, tmp_path, more="[notifications]\nquality_control = [98]")
    assert not any(each.startswith("named.") for each in trouble)


def test_each_place_is_named_once_and_in_the_order_of_the_config() -> None:
    config = a_config(
        "http://127.0.0.1/rest/1/x/",
        "sqlite:///x",
        rules={"deal_contact": MandatoryOptions(pipelines={0: Mode.WARN}, departments={7: Mode.OFF})},
    )
    policy = config.policy
    names = names_of(config)
    assert [str(each) for each in names] == [
        '0 (rules."deal.contact".pipelines)',
        '7 (rules."deal.contact".departments)',
    ]
    assert policy.ceiling == Ceiling()
