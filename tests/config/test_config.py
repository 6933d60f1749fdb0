from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow.fields import Nested

from gatekeeper.config import Config, Secret, find_config, load_config
from gatekeeper.config.page import written
from gatekeeper.config.toml import tables
from gatekeeper.judge.policy import (
    RULE_IDS,
    Ceiling,
    Fields,
    Mode,
    Policy,
)
from gatekeeper.model.errors import ConfigError, Problem

SECRETS = {
    "GATEKEEPER_PORTAL_URL": "https://company.bitrix24.ru/rest/1/c0debehindthedoor/",
    "GATEKEEPER_APPLICATION_TOKENS": "first,second",
}
ENGLISH = {**SECRETS, "GATEKEEPER_LANGUAGE": "en"}
MINIMAL = '[fields]\nproduct_group = "UF_CRM_1"\n'

PATHS = [
    (*path, name)
    for path, section in tables()
    for name, key in {**section.named(), "extra": None}.items()
    if not isinstance(key, Nested)  # a table and what stands in it cannot both be written so
]
PATHS += [("rules", "deal", "stage"), ("colours",), ("",)]
SOME_VALUES = [
    "1",
    "-1",
    "2.5",
    "nan",
    "true",
    '""',
    '"off"',
    '"warn"',
    '"nevertold"',
    '["RU"]',
    "[]",
    "[[1]]",
]
VALUES = st.sampled_from([*SOME_VALUES, "{}", "{ a.b = 1 }", "2026-01-01", "07:32:00", '["nevertold", 1]'])

Load = Callable[[str], Config]
Problems = Callable[[str], tuple[Problem, ...]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load that text with the secrets in the environment."""

    def load(text: str) -> Config:
        file = tmp_path / "gatekeeper.toml"
        file.write_text(text, encoding="utf-8")
        return load_config(file, ENGLISH)

    return load


@pytest.fixture
def problems(load: Load) -> Problems:
    def problems(text: str) -> tuple[Problem, ...]:
        with pytest.raises(ConfigError) as caught:
            load(text)
        return caught.value.problems

    return problems


def places(found: tuple[Problem, ...]) -> list[tuple[int | None, str]]:
    return [(each.line, each.key) for each in found]


def test_a_minimal_file_takes_every_default(load: Load, tmp_path: Path) -> None:
    config = load(MINIMAL)
    assert config.policy == Policy(Fields("UF_CRM_1"))
    assert config.portal.url == Secret(SECRETS["GATEKEEPER_PORTAL_URL"])
    assert config.portal.application_tokens == (Secret("first"), Secret("second"))
    assert (config.portal.rate_per_s, config.portal.burst, config.portal.reserve) == (2.0, 50, 10)
    assert (config.web.host, config.web.port, config.worker.wave) == ("127.0.0.1", 8024, 150)
    assert config.database.url.reveal() == f"sqlite:///{tmp_path / 'gatekeeper.db'}"
    assert (config.messages.language, config.enforcement.dry_run) == ("ru", False)


def test_every_kind_of_key_reaches_the_config(load: Load) -> None:
    config = load(
        MINIMAL
        + """
        [portal]
        timeout_s = 5
        [interaction]
        include_contact = true
        [rules."deal.stage"]
        mode = "observe"
        [rules."deal.stage".max_days]
        "C1:NEW" = 3
        NEW = 1
        [rules."deal.products"]
        max_sum_deviation = 10
        [rules."deal.comment"]
        sources = ["timeline", "comments_field"]
        [rules."contact.phone"]
        regions = ["KZ", "RU"]
        [rules."contact.birthdate"]
        age = [14, 14]
        [messages]
        language = "en"
        """
    )
    rules = config.policy.rules
    assert config.portal.timeout_s == 5.0
    assert config.policy.interaction.include_contact
    assert rules.deal_stage.mode is Mode.OBSERVE
    assert rules.deal_stage.max_days == {"C1:NEW": 3, "NEW": 1}
    assert rules.deal_products.max_sum_deviation == 10.0
    assert rules.deal_comment.sources == ("timeline", "comments_field")
    assert rules.contact_phone.regions == ("KZ", "RU")
    assert rules.contact_birthdate.age == (14, 14)
    assert config.messages.language == "en"


def test_modes_by_pipeline_and_department_reach_the_policy(load: Load) -> None:
    policy = load(
        MINIMAL
        + """
        [rules."deal.comment"]
        pipelines = { 1 = "warn", 0 = "observe" }
        [rules."contact.email".departments]
        12 = "off"
        [ceiling]
        mode = "observe"
        [ceiling.departments]
        7 = "revert"
        """
    ).policy
    assert policy.rules.deal_comment.pipelines == {0: Mode.OBSERVE, 1: Mode.WARN}
    assert policy.rules.contact_email.departments == {12: Mode.OFF}
    assert policy.ceiling == Ceiling(Mode.OBSERVE, departments={7: Mode.REVERT})


@pytest.mark.parametrize(
    "line",
    [
        'pipelines = { general = "warn" }',
        'pipelines = { 01 = "warn" }',
        'pipelines = { 1 = "silent" }',
        'pipelines = "warn"',
        'departments = { -1 = "warn" }',
    ],
)
def test_a_table_of_modes_takes_numbers_and_modes_only(problems: Problems, line: str) -> None:
    (found,) = problems(MINIMAL + f'[rules."deal.comment"]\n{line}')
    assert '"warn", "revert"' in found.hint


def test_a_contact_has_no_pipeline_and_no_way_back(problems: Problems) -> None:
    found = problems(
        MINIMAL + '[rules."contact.email"]\npipelines = { 1 = "warn" }\ndepartments = { 1 = "revert" }'
    )
    assert [each.key for each in found] == [
        'rules."contact.email".pipelines',
        'rules."contact.email".departments.1',
    ]


def test_every_rule_has_a_section(load: Load) -> None:
    text = MINIMAL + "".join(f'[rules."{each}"]\nmode = "off"\n' for each in RULE_IDS)
    rules = load(text).policy.rules
    assert {rules[each].mode for each in RULE_IDS} == {Mode.OFF}


def test_the_order_of_stages_does_not_change_the_revision(load: Load) -> None:
    table = MINIMAL + '[rules."deal.stage".max_days]\n'
    assert load(table + "A = 1\nB = 2").policy.revision == load(table + "B = 2\nA = 1").policy.revision


def test_off_turns_the_sum_check_off(load: Load) -> None:
    text = MINIMAL + '[rules."deal.products"]\nmax_sum_deviation = "off"'
    assert load(text).policy.rules.deal_products.max_sum_deviation is None


def test_all_problems_come_at_once_in_the_order_of_their_lines(problems: Problems) -> None:
    found = problems(
        """
        [portal]
        tiemout_s = 3
        burst = "many"
        [fields]
        [rules."deal.comment"]
        mode = "wran"
        max_days = 3
        [rules."deal.stage".max_days]
        NEW = 0
        WON = 3651
        PREPARATION = 3650
        [web]
        port = 0
        [colours]
        """
    )
    assert places(found) == [
        (3, "portal.tiemout_s"),
        (4, "portal.burst"),
        (5, "fields.product_group"),
        (7, 'rules."deal.comment".mode'),
        (8, 'rules."deal.comment".max_days'),
        (10, 'rules."deal.stage".max_days.NEW'),
        (11, 'rules."deal.stage".max_days.WON'),
        (14, "web.port"),
        (15, "colours"),
    ]


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("[portal]\ntiemout_s = 3", "unknown key", "did you mean timeout_s?"),
        ("[portal]\nport = 3", "unknown key", "[web] has this key"),
        ("[portal]\ncolour = 3", "unknown key", "allowed: url, url_file, application_tokens"),
        ("[protal]", "unknown key", "did you mean portal?"),
        ('[rules."deal.stgae"]', "unknown key", 'did you mean "deal.stage"?'),
        ("[web]\nport = 65536", "65536 is not allowed", "allowed: a whole number from 1 to 65535"),
        ("[web]\nport = true", "true is not allowed", "allowed: a whole number from 1 to 65535"),
        ("[web]\nport = 1.0", "1.0 is not allowed", "allowed: a whole number from 1 to 65535"),
        ("[web]\nport = '80'", "this string is not allowed", "allowed: a whole number from 1 to 65535"),
        ("[worker]\nlease_s = nan", "nan is not allowed", "allowed: a number from 10 to 3600"),
        ("[worker]\nlease_s = inf", "inf is not allowed", "allowed: a number from 10 to 3600"),
        ("[worker]\nlease_s = false", "false is not allowed", "allowed: a number from 10 to 3600"),
        ("[enforcement]\ndry_run = 1", "1 is not allowed", "allowed: true or false"),
        ("[enforcement]\ndry_run = 2026-01-01", "this value is not allowed", "allowed: true or false"),
        ("[web]\nport = 999999999999999", "999999999999999 is not allowed", "from 1 to 65535"),
        (f"[web]\nport = 0x1{'0' * 5000}", "this value is not allowed", "from 1 to 65535"),
        ("[messages]\nlanguage = 'RU'", '"RU" is not allowed', 'did you mean "ru"?'),
        ("[messages]\nlanguage = 'rus'", '"rus" is not allowed', 'did you mean "ru"?'),
        (
            "[fields]\nstatus = 'ufCrm1'\nproduct_group = 'UF_CRM_1'",
            "this string is not allowed",
            "code of a user field",
        ),
        ("[rules.'contact.phone']\nregions = ['RUS']", "a list is not allowed", "two-letter country codes"),
        ("[rules.'contact.phone']\nregions = ['RU', 'RU']", "a list is not allowed", "two-letter"),
        ("[rules.'contact.birthdate']\nage = [20, 19]", "a list is not allowed", "two whole numbers"),
        ("[rules.'deal.comment']\nsources = []", "a list is not allowed", '"timeline", "comments_field"'),
        ("[rules.'deal.products']\nmax_sum_deviation = 'on'", "is not allowed", 'or "off"'),
        ("[rules.'deal.stage']\nmax_days = 3", "3 is not allowed", "a table: stage code"),
        ("[rules.'deal.stage'.max_days]\n'C1 NEW' = 3", "3 is not allowed", "a table: stage code"),
        ("[rules]\n'deal.stage' = 'warn'", "must be a table", 'write [rules."deal.stage"]'),
        ("[[web]]\nport = 1", "must be a table", "write [web]"),
        ("[rules.'contact.name']\nmode = 'revert'", '"revert" is for deal rules only', '"observe", "warn"'),
        ("[portal]\nreserve = 50", "portal.reserve = 50 must be less than portal.burst = 50", ""),
        ("[portal]\nburst = 10", "portal.reserve = 10 must be less than portal.burst = 10", ""),
        ("[worker]\nsettle_s = 11", "worker.settle_s = 11 must be at most worker.max_settle_s = 10.0", ""),
        ("[portal]\ntimeout_s = 120", "portal.timeout_s = 120 must be less than worker.lease_s = 120.0", ""),
    ],
)
def test_a_problem_says_what_is_wrong_and_what_is_allowed(
    problems: Problems, text: str, what: str, hint: str
) -> None:
    (found,) = problems(text if "[fields]" in text else f"{text}\n{MINIMAL}")
    assert what in found.what
    assert hint in found.hint
    assert found.line == (2 if "\n" in text and "[[" not in text else 1)


@pytest.mark.parametrize(
    "text", ["[web]\nport = 9\nadmin_port = 9", "[web]\nadmin_port = 8024", "[web]\nport = 8026"]
)
def test_an_admin_is_not_answered_at_the_port_for_events(problems: Problems, text: str) -> None:
    (found,) = problems(f"{text}\n{MINIMAL}")
    assert "must be other than" in found.what


def test_bounds_themselves_are_admitted(load: Load) -> None:
    config = load(MINIMAL + "[worker]\nsettle_s = 10\nwave = 50\n[portal]\nreserve = 49\n[web]\nport = 65535")
    assert (config.worker.settle_s, config.worker.wave, config.portal.reserve) == (10.0, 50, 49)


def test_a_rule_without_quotes_is_explained(problems: Problems) -> None:
    found = problems(MINIMAL + '[rules.deal.stage]\nmode = "warn"\n[rules.deal.laed]\n')
    assert places(found) == [(3, "rules.deal.stage"), (5, "rules.deal.laed")]
    assert 'write [rules."deal.stage"]' in found[0].hint
    assert 'did you mean "deal.lead"?' in found[1].hint


def test_a_missing_file_points_to_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "none.toml", ENGLISH)
    (found,) = caught.value.problems
    assert found.what == "the file does not exist"
    assert "gatekeeper init" in found.hint


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="could not read"):
        load_config(tmp_path, ENGLISH)


@pytest.mark.parametrize(
    ("raw", "what", "line"),
    [
        (b"[fields]\nproduct_group = \n", "not valid TOML", 2),
        (b"[web]\r\nport = 1\r\nport = 2\r\n", "not valid TOML", 3),
        (b'[web]\nhost = """\nx\n', "not valid TOML", 4),
        ('[fields]\nproduct_group = "Группа"'.encode("cp1251"), "the file is not UTF-8", 2),
        (MINIMAL.encode("utf-16"), "the file is not UTF-8", None),
        (b"[web]\nhost = \x00", "not valid TOML", 2),
        (b"[web]\nport = " + b"9" * 5000, "not valid TOML", None),
        (b"a = " + b"[" * 100_000, "not valid TOML", None),
        (b".".join([b"a"] * 5000) + b" = 1", "not valid TOML", None),
    ],
)
def test_a_file_that_is_no_toml_says_where(tmp_path: Path, raw: bytes, what: str, line: int | None) -> None:
    file = tmp_path / "gatekeeper.toml"
    file.write_bytes(raw)
    with pytest.raises(ConfigError) as caught:
        load_config(file, ENGLISH)
    (found,) = caught.value.problems
    assert what in found.what
    assert found.line == line


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "gatekeeper.toml"
    file.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode() + b"[web]\r\nport = 0\r\n")
    with pytest.raises(ConfigError) as caught:
        load_config(file, ENGLISH)
    assert places(caught.value.problems) == [(4, "web.port")]


def test_problems_are_told_in_russian_unless_asked_otherwise(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="файла нет"):
        load_config(tmp_path / "none.toml", SECRETS)


def test_the_option_goes_before_the_environment_and_that_before_the_folder() -> None:
    environ = {"GATEKEEPER_CONFIG": "/etc/gatekeeper.toml"}
    assert find_config(Path("here.toml"), environ) == Path("here.toml")
    assert find_config(None, environ) == Path("/etc/gatekeeper.toml")
    assert find_config(None, {}) == Path("gatekeeper.toml")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(PATHS), VALUES), max_size=8, unique_by=lambda each: each[0]))
def test_whatever_the_keys_hold_every_problem_has_its_line(
    tmp_path: Path, entries: list[tuple[tuple[str, ...], str]]
) -> None:
    file = tmp_path / "gatekeeper.toml"
    file.write_text("".join(f"{written(path)} = {value}\n" for path, value in entries), encoding="utf-8")
    lines = {written(path): number for number, (path, _) in enumerate(entries, start=1)}
    try:
        load_config(file, ENGLISH)
    except ConfigError as error:
        for each in error.problems:
            assert each.hint or "must be" in each.what
            at = {line for key, line in lines.items() if f"{each.key}.".startswith(f"{key}.")}
            assert at in ({each.line}, set())
            assert at or each.key == "fields.product_group"
            assert "nevertold" not in str(each)


def test_the_sandbox_config_needs_no_environment() -> None:
    file = Path(__file__).parents[2] / "deploy" / "sandbox.toml"
    config = load_config(file, {})
    assert config.portal.url.reveal() == "http://127.0.0.1:8025/rest/1/sandbox/"
    assert [each.reveal() for each in config.portal.application_tokens] == ["sandbox-application-token"]
    assert config.policy == Policy(Fields("UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS"))
    assert config.database.url.reveal() == f"sqlite:///{file.parent / 'gatekeeper.db'}"
