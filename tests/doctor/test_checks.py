"""The doctor's judgement at its edges, and that it can say all it may find in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.config.values import PortalConfig, Secret
from gatekeeper.doctor import crm, diagnose, webhook
from gatekeeper.doctor.diagnosis import Broken, Diagnosis, Doubtful, Fine
from gatekeeper.doctor.home import Usable, check_events, check_home
from gatekeeper.doctor.needs import BY_LEADS, FOR_PEOPLE, SUFFERING
from gatekeeper.doctor.words import DoctorWords, sign
from gatekeeper.judge.examples import PIPELINE, a_policy
from gatekeeper.judge.policy import RULE_IDS, MandatoryOptions, Mode
from gatekeeper.messages.words import tables
from gatekeeper.model import errors
from gatekeeper.model.refs import Kind
from gatekeeper.portal.survey import PROBES, Clock, Survey
from gatekeeper.portal.wire.system import (
    METHODS,
    License,
    Owner,
    UserField,
    parse_license,
    parse_owner,
)
from gatekeeper.store.contacts import FillState
from gatekeeper.store.ledger import EventCounts, Hearing
from tests.gate import a_config

NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
ANY_URL = "https://portal.example/rest/1/code/"


def a_survey(**changes: Any) -> Survey:
    """A portal in order; name what matters."""
    survey = Survey(
        host="portal.example",
        owner=Owner(1, "Анна Ким", is_admin=True),
        clock=Clock(NOON, timedelta(0), timedelta(seconds=1)),
        scopes=frozenset(METHODS),
        license=License("ru_std", is_enterprise=False, limited=True),
        methods={name: True for names in METHODS.values() for name in names},
        leads_in_use=True,
        visible=dict.fromkeys((Kind.LEAD, Kind.DEAL, Kind.CONTACT), True),
        user_fields=(
            UserField("UF_CRM_PRODUCT_GROUP", "enumeration", "Группа", is_multiple=False, choices=3),
        ),
        pipelines=(PIPELINE,),
        probes=dict.fromkeys(PROBES),
    )
    return replace(survey, **changes)


def codes(found: Iterator[Diagnosis]) -> list[str]:
    return [each.code for each in found]


def portal_config(rate: float, burst: int) -> PortalConfig:
    return PortalConfig(Secret(ANY_URL), (), rate_per_s=rate, burst=burst)


@pytest.mark.parametrize(
    ("skew_s", "code"),
    [(6.0, "clock.fine"), (6.1, "clock.ahead"), (-6.0, "clock.fine"), (-6.1, "clock.behind")],
)
def test_a_difference_counts_beyond_five_seconds_and_what_is_uncertain(skew_s: float, code: str) -> None:
    clock = Clock(NOON, timedelta(seconds=skew_s), timedelta(seconds=1))
    assert codes(webhook.check_clock(a_survey(clock=clock))) == [code]


@pytest.mark.parametrize(
    ("plan", "rate", "burst", "code"),
    [
        ("ru_std", 2.0, 50, "limits.fine"),
        ("ru_std", 1.0, 20, "limits.fine"),
        ("ru_std", 2.1, 50, "limits.too_high"),
        ("ru_std", 2.0, 51, "limits.too_high"),
        ("ru_ent250", 2.0, 50, "limits.too_low"),
        ("ru_ent250", 1.0, 50, "limits.fine"),
        ("ru_ent10000", 5.0, 250, "limits.fine"),
        ("ru_ent250", 5.1, 250, "limits.too_high"),
        ("de_selfhosted", 50.0, 1000, "limits.own"),
        ("", 2.0, 50, "limits.fine"),
    ],
)
def test_the_plan_says_how_fast_the_portal_may_be_asked(
    plan: str, rate: float, burst: int, code: str
) -> None:
    survey = a_survey(license=parse_license({"LICENSE": plan}))
    assert codes(webhook.check_limits(survey, portal_config(rate, burst))) == [code]


def test_an_owner_who_is_no_active_employee_ends_the_questions() -> None:
    config = a_config(ANY_URL, "sqlite:///none.db")
    assert parse_owner([]) is None
    home = Usable(timedelta(0), FillState(complete=True))
    found = diagnose(a_survey(owner=None), home, config, timedelta(seconds=30), NOON)
    assert [each.code for each in found if isinstance(each, Broken)] == ["webhook.owner_unknown"]
    assert not [each for each in found if each.code.startswith(("scope", "group", "rights"))]


def test_methods_of_a_missing_scope_are_missed_with_it_only() -> None:
    lacking = {**a_survey().methods, "voximplant.statistic.get": False}
    without = frozenset(METHODS) - {"telephony"}
    assert codes(webhook.check_methods(a_survey(methods=lacking, scopes=without))) == ["methods.fine"]
    (told,) = webhook.check_methods(a_survey(methods=lacking))
    assert told == Doubtful("methods.lacking", {"methods": ("voximplant.statistic.get",)})
    (told,) = webhook.check_methods(a_survey(methods={**lacking, "crm.item.update": False}))
    assert isinstance(told, Broken)


def test_a_list_without_values_leaves_nothing_to_choose() -> None:
    fields = (UserField("UF_CRM_PRODUCT_GROUP", "enumeration", "Группа", is_multiple=False, choices=0),)
    assert codes(crm.check_product_group(a_survey(user_fields=fields), a_policy())) == ["group.empty_list"]


def test_a_field_of_a_rule_that_is_off_is_not_looked_for() -> None:
    off = a_policy(deal_product_group=MandatoryOptions(Mode.OFF))
    assert codes(crm.check_product_group(a_survey(user_fields=()), off)) == []


def test_leads_are_not_looked_for_where_there_are_none() -> None:
    denied = errors.AccessDenied("crm.item.list", "ACCESS_DENIED")
    seen = {Kind.LEAD: denied, Kind.DEAL: True, Kind.CONTACT: True}
    assert codes(crm.check_rights(a_survey(visible=seen, leads_in_use=False))) == ["rights.fine"]
    assert "rights.denied" in codes(crm.check_rights(a_survey(visible=seen)))


def test_what_one_error_kept_back_is_one_line() -> None:
    busy = errors.RateLimited("batch", "QUERY_LIMIT_EXCEEDED", 503)
    silent = a_survey(scopes=busy, license=busy, user_fields=busy, pipelines=busy, leads_in_use=busy)
    home = Usable(timedelta(0), FillState(complete=True))
    found = diagnose(silent, home, a_config(ANY_URL, "sqlite:///none.db"), timedelta(seconds=30), NOON)
    unread = [each for each in found if each.code == "unread"]
    assert [(type(each), each.facts["what"]) for each in unread] == [
        (Broken, ("scopes", "fields", "pipelines")),
        (Doubtful, ("license", "leads")),
    ]


@pytest.mark.parametrize(
    ("silence_s", "code"), [(30, "worker.fine"), (31, "worker.silent"), (None, "worker.never")]
)
def test_a_worker_is_silent_after_the_limit(silence_s: int | None, code: str) -> None:
    silence = None if silence_s is None else timedelta(seconds=silence_s)
    home = Usable(silence, FillState(complete=True))
    assert code in codes(check_home(home, timedelta(seconds=30)))


@pytest.mark.parametrize(
    ("events", "missed", "code"),
    [
        (EventCounts(heard=0), 0, "events.by_hand"),
        (EventCounts(heard=1, found=10), 0, "events.fine"),
        (EventCounts(heard=1, found=11), 0, "events.lost"),
        (EventCounts(heard=200, found=20), 0, "events.fine"),
        (EventCounts(heard=200, found=21), 0, "events.lost"),
        (EventCounts(heard=200, found=3), 3, "events.none"),
    ],
)
def test_whether_events_arrive_is_told_by_what_the_sweep_came_upon(
    events: EventCounts, missed: int, code: str
) -> None:
    hearing = Hearing(NOON - timedelta(hours=1), missed)
    home = Usable(timedelta(0), FillState(complete=True), events, hearing)
    assert codes(check_events(home, 8024, NOON)) == [code]


def test_whatever_shuts_the_door_is_broken_and_has_words() -> None:
    for code in (*webhook.LOST, "INVALID_CREDENTIALS", ""):
        told = webhook.explain_silence("portal.example", errors.AccessLost("profile", code, 401))
        assert isinstance(told, Broken)
        assert "portal.example" in told.facts["host"]
        assert all(DoctorWords("ru").describe(told))


def test_rules_that_suffer_are_rules_that_there_are() -> None:
    assert {rule for rules in SUFFERING.values() for rule in rules} <= set(RULE_IDS)
    assert set(BY_LEADS) == {"deal.lead", *(each for each in RULE_IDS if each.startswith("lead."))}
    assert {*SUFFERING, "crm"} == set(METHODS)
    assert set(SUFFERING) >= FOR_PEOPLE


def test_the_methods_asked_for_are_those_that_the_code_names() -> None:
    portal = Path(str(files("gatekeeper.portal")))
    sources = [each for each in portal.rglob("*.py") if each != portal / "wire" / "system.py"]
    text = "".join(each.read_text(encoding="utf-8") for each in sources)
    named = set(re.findall(r'Command\(\s*"([a-z]+\.[a-z.]+)"', text))
    named |= set(re.findall(r'"(crm\.(?:activity|timeline\.comment)\.get)"', text))
    named |= set(re.findall(r'^[A-Z_]+ = "(crm\.[a-z.]+)"', text, re.MULTILINE))
    pins = {"crm.timeline.item.pin", "crm.timeline.item.unpin"}
    basic = {"server.time"}
    assert (named | pins) - basic == {name for names in METHODS.values() for name in names}


def the_codes() -> dict[str, set[str]]:
    """Every code that a check gives, by the name of its class; what is put in at run time as "*"."""
    given: dict[str, set[str]] = {"Fine": set(), "Doubtful": set(), "Broken": set()}
    for module in ("webhook", "crm", "naming", "home", "__init__"):
        tree = ast.parse(files("gatekeeper.doctor").joinpath(f"{module}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in given:
                given[node.func.id] |= set(_texts(node.args[0]))
    given["Broken"] |= set(webhook.LOST.values())
    return given


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as value):
            yield value
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_texts(body), *_texts(orelse))
        case ast.JoinedStr(values=[ast.Constant(value=str() as prefix), *_]):
            yield prefix + "*"


def _matching(codes_known: set[str], given: str) -> set[str]:
    return {
        each for each in codes_known if each == given or (given[-1] == "*" and each.startswith(given[:-1]))
    }


def the_words(language: str) -> dict[str, Any]:
    """Code of a diagnosis -> its words; a code with a point stands in a table of its own."""
    nested = tables(language, "doctor")["diagnoses"]
    flat = {f"{group}.{name}": words for group, inner in nested.items() for name, words in inner.items()}
    return {code: words for code, words in flat.items() if isinstance(words, dict)} | {
        "unread": nested["unread"]
    }


def test_every_diagnosis_has_its_words_and_every_trouble_its_advice() -> None:
    given = the_codes()
    assert "webhook.no_admin" in given["Doubtful"]
    for language in ("ru", "en"):
        diagnoses = the_words(language)
        said = {
            code for texts in given.values() for each in texts for code in _matching(set(diagnoses), each)
        }
        assert said == set(diagnoses), "words for what is never found"
        for each in given["Fine"]:
            assert _matching(set(diagnoses), each), each
        for each in given["Doubtful"] | given["Broken"]:
            matching = _matching(set(diagnoses), each)
            assert matching, each
            assert all(diagnoses[code].get("do") for code in matching if not code.endswith(".fine")), each


def test_signs_tell_the_three_apart() -> None:
    assert [sign(kind("x")) for kind in (Fine, Doubtful, Broken)] == ["✓", "!", "✗"]
