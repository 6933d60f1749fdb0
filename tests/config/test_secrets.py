from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.config import Config, Secret, load_config
from gatekeeper.config.forms import Misfit
from gatekeeper.config.toml import mask
from gatekeeper.config.urls import is_loopback, parse_portal_url
from gatekeeper.model.errors import ConfigError, Problem

CODE = "c0debehindthedoor"
URL = f"https://company.bitrix24.ru/rest/1/{CODE}/"
TOKEN = "tokenthatnobodysees"
MINIMAL = '[fields]\nproduct_group = "UF_CRM_1"\n'
BOTH = {"GATEKEEPER_PORTAL_URL": URL, "GATEKEEPER_APPLICATION_TOKENS": TOKEN}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "url").write_text(f"\ufeff{URL}\r\n", encoding="utf-8")
    (tmp_path / "tokens").write_text(f"{TOKEN}\nsecond, third\n", encoding="utf-8")
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    return tmp_path


def load(folder: Path, text: str, environ: Mapping[str, str]) -> Config:
    file = folder / "gatekeeper.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file, {"GATEKEEPER_LANGUAGE": "en", **environ})


def problems(folder: Path, text: str, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Whatever is wrong, neither the code nor the token is told, not even in a traceback."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text, environ)
    told = "".join(traceback.format_exception(caught.value))
    assert CODE not in told
    assert TOKEN not in told
    return caught.value.problems


def tokens(config: Config) -> list[str]:
    return [each.reveal() for each in config.portal.application_tokens]


def test_a_secret_shows_itself_nowhere_unasked() -> None:
    secret = Secret(TOKEN)
    for shown in (str(secret), repr(secret), f"{secret}", f"{secret!r}", repr([secret])):
        assert TOKEN not in shown
    assert secret.reveal() == TOKEN
    assert secret == Secret(TOKEN)
    assert secret != Secret("other")
    assert secret != TOKEN
    assert len({secret, Secret(TOKEN)}) == 1


def test_a_config_shows_no_secret(folder: Path) -> None:
    config = load(folder, MINIMAL, BOTH)
    assert CODE not in repr(config) + str(dataclasses.asdict(config))
    assert TOKEN not in repr(config) + str(dataclasses.asdict(config))


def test_the_environment_gives_both(folder: Path) -> None:
    config = load(
        folder, MINIMAL, {**BOTH, "GATEKEEPER_APPLICATION_TOKENS": f" {TOKEN}, second\nthird {TOKEN}"}
    )
    assert config.portal.url.reveal() == URL
    assert tokens(config) == [TOKEN, "second", "third"]


def test_files_named_in_the_environment_give_both(folder: Path) -> None:
    environ = {
        "GATEKEEPER_PORTAL_URL_FILE": str(folder / "url"),
        "GATEKEEPER_APPLICATION_TOKENS_FILE": str(folder / "tokens"),
    }
    config = load(folder, MINIMAL, environ)
    assert config.portal.url.reveal() == URL
    assert tokens(config) == [TOKEN, "second", "third"]


def test_files_named_in_the_config_lie_beside_it(folder: Path) -> None:
    text = MINIMAL + '[portal]\nurl_file = "url"\napplication_tokens_file = "tokens"'
    config = load(folder, text, {})
    assert config.portal.url.reveal() == URL
    assert tokens(config) == [TOKEN, "second", "third"]


def test_the_environment_wins_over_its_file_and_that_over_the_config(folder: Path) -> None:
    text = MINIMAL + '[portal]\nurl_file = "no such file"\napplication_tokens_file = "tokens"'
    environ = {"GATEKEEPER_PORTAL_URL": URL, "GATEKEEPER_PORTAL_URL_FILE": "no such file either"}
    assert load(folder, text, environ).portal.url.reveal() == URL
    environ = {"GATEKEEPER_PORTAL_URL_FILE": str(folder / "url"), "GATEKEEPER_PORTAL_URL": " "}
    assert load(folder, text, environ).portal.url.reveal() == URL


def test_what_is_missing_says_where_to_put_it(folder: Path) -> None:
    found = problems(folder, MINIMAL, {})
    assert [each.key for each in found] == ["portal.application_tokens", "portal.url"]
    assert "GATEKEEPER_PORTAL_URL_FILE" in found[1].hint
    assert "portal.url_file" in found[1].hint


def test_a_variable_with_a_slip_in_its_name_is_pointed_out(folder: Path) -> None:
    environ = {**BOTH, "GATEKEEPER_PORTAL_URL": "", "GATEKEEPER_PORTAL_ULR": URL, "GATEKEEPER_HOME": "/"}
    (found,) = problems(folder, MINIMAL, environ)
    assert found.key == "portal.url"
    assert "unknown variable GATEKEEPER_PORTAL_ULR is set" in found.hint


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("none", "the file does not exist"),
        ("empty", "the secret's file is empty"),
        ("binary", "the file is not UTF-8"),
        (".", "could not read the file"),
        (URL, "the file does not exist"),
        (TOKEN, "the file does not exist"),
    ],
)
def test_a_secrets_file_that_gives_none_says_why(folder: Path, name: str, what: str) -> None:
    (found,) = problems(
        folder, MINIMAL + f'[portal]\nurl_file = "{name}"', {**BOTH, "GATEKEEPER_PORTAL_URL": ""}
    )
    assert (found.line, found.key, found.what) == (4, "portal.url_file", what)
    environ = {"GATEKEEPER_PORTAL_URL_FILE": str(folder / name), "GATEKEEPER_APPLICATION_TOKENS": "x"}
    (found,) = problems(folder, MINIMAL, environ)
    assert (found.line, found.key, found.what) == (None, "GATEKEEPER_PORTAL_URL_FILE", what)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        (f"company.bitrix24.ru/rest/1/{CODE}/", "must start with https://"),
        (f"http://company.bitrix24.ru/rest/1/{CODE}/", "would send the secret unencrypted"),
        (f"http://127.0.0.1.company.ru/rest/1/{CODE}/", "would send the secret unencrypted"),
        (f"http://0.0.0.0/rest/1/{CODE}/", "would send the secret unencrypted"),
        (f"ftp://company.ru/rest/1/{CODE}/", "must start with https://"),
        (f"https:///rest/1/{CODE}/", "no host"),
        (f"https://company.ru:port/rest/1/{CODE}/", "no host or an invalid port"),
        (f"https://[company/rest/1/{CODE}/", "no host or an invalid port"),
        (f"https://{CODE}@company.ru/rest/1/{CODE}/", "no name or password"),
        (f"https://company.ru/rest/1/{CODE}/?x=1", "nothing after ?"),
        (f"https://company.ru/rest/1/{CODE}/#", "nothing after ?"),
        (f"https://company.ru/rest/1/ {CODE}/", "contains a space"),
        (f"https://company.ru\\@evil.ru/rest/1/{CODE}/", "an invalid character"),
        ("https://company.ru", "no /rest/"),
        (f"https://company.ru/1/{CODE}/", "no /rest/"),
        ("https://company.ru/rest/", "no user id"),
        (f"https://company.ru/rest/{CODE}/", "no user id"),
        ("https://company.ru/rest/1/", "no webhook code"),
        (f"https://company.ru/rest/1/{CODE}/profile.json", "remove everything after"),
        (f"https://company.ru/rest/1/{CODE}/profile/", "remove everything after"),
    ],
)
def test_a_wrong_url_says_which_part_is_wrong(folder: Path, url: str, what: str) -> None:
    (found,) = problems(folder, MINIMAL, {**BOTH, "GATEKEEPER_PORTAL_URL": url})
    assert found.key == "GATEKEEPER_PORTAL_URL"
    assert what in found.what


@pytest.mark.parametrize("host", ["127.0.0.1:8025", "127.255.0.1", "localhost", "[::1]:80", "LOCALHOST"])
def test_plain_http_is_admitted_on_this_machine(host: str) -> None:
    assert parse_portal_url(f"http://{host}/rest/1/sandbox") == f"http://{host}/rest/1/sandbox/"


@given(st.text(max_size=60))
def test_whatever_is_given_as_a_url_is_admitted_or_refused(text: str) -> None:
    try:
        url = parse_portal_url(text)
    except Misfit:
        return
    assert parse_portal_url(url) == url
    assert url.startswith("https://") or is_loopback(url)


@pytest.mark.parametrize("environ", [{}, BOTH])
def test_a_real_portals_secrets_are_refused_in_the_config_even_unused(
    folder: Path, environ: Mapping[str, str]
) -> None:
    text = MINIMAL + f'[portal]\nurl = "{URL}"\napplication_tokens = ["{TOKEN}"]'
    found = problems(folder, text, environ)
    assert [(each.line, each.key) for each in found] == [(4, "portal.url"), (5, "portal.application_tokens")]
    assert all("not allowed in the config" in each.what for each in found)
    assert "GATEKEEPER_APPLICATION_TOKENS" in found[1].hint


def test_a_sandboxs_tokens_are_refused_beside_a_real_portal(folder: Path) -> None:
    text = MINIMAL + f'[portal]\napplication_tokens = ["{TOKEN}"]'
    (found,) = problems(folder, text, {"GATEKEEPER_PORTAL_URL": URL})
    assert found.key == "portal.application_tokens"


@pytest.mark.parametrize(
    "line",
    [
        f'url = ["{URL}"]',
        f'url = {{ "{CODE}" = "{URL}" }}',
        f'application_tokens = "{TOKEN}"',
        f'application_tokens = ["{TOKEN}", 3]',
        f'application_tokens = ["{TOKEN}", "{TOKEN}"]',
        f'application_tokens_file = ["{TOKEN}"]',
        f'urll = "{URL}"',
        f'timeout_s = "{TOKEN}"',
        f'url = "{URL}',
        f"url = {URL}",
    ],
)
def test_a_secret_in_the_wrong_shape_or_place_is_not_repeated(folder: Path, line: str) -> None:
    assert problems(folder, MINIMAL + f"[portal]\n{line}", BOTH)


def test_a_token_of_odd_characters_is_refused(folder: Path) -> None:
    (found,) = problems(folder, MINIMAL, {**BOTH, "GATEKEEPER_APPLICATION_TOKENS": f"{TOKEN}ё"})
    assert found.key == "GATEKEEPER_APPLICATION_TOKENS"


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        ("postgresql://crm:p%40ss@db/crm", "postgresql+psycopg://crm:p%40ss@db/crm"),
        ("postgres://db/crm", "postgresql+psycopg://db/crm"),
        ("sqlite:////var/lib/gate.db", "sqlite:////var/lib/gate.db"),
    ],
)
def test_the_environment_may_name_the_database(folder: Path, given_url: str, kept: str) -> None:
    text = MINIMAL + '[database]\nurl = "sqlite:///other.db"'
    config = load(folder, text, {**BOTH, "GATEKEEPER_DATABASE_URL": given_url})
    assert config.database.url.reveal() == kept


def test_a_relative_database_file_lies_beside_the_config(folder: Path) -> None:
    config = load(folder, MINIMAL + '[database]\nurl = "sqlite:///data/gate.db"', BOTH)
    assert config.database.url.reveal() == f"sqlite:///{folder / 'data' / 'gate.db'}"


@pytest.mark.parametrize(
    "url", [f"mysql://crm:{CODE}@db/crm", f"{CODE}", f"sqlite://{CODE}.db", "postgresql://h:x/y"]
)
def test_a_database_of_another_kind_is_refused(folder: Path, url: str) -> None:
    (found,) = problems(folder, MINIMAL + f'[database]\nurl = "{url}"', BOTH)
    assert (found.line, found.key) == (4, "database.url")
    assert "postgresql://" in found.hint


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, "https://company.bitrix24.ru/rest/1/***/"),
        (f"postgresql+psycopg://crm:{CODE}@db/crm", "postgresql+psycopg://crm:***@db/crm"),
        (f"postgresql+psycopg://db/crm?password={CODE}", "postgresql+psycopg://db/crm?***"),
        ("sqlite:////var/lib/gate.db", "sqlite:////var/lib/gate.db"),
    ],
)
def test_a_masked_url_keeps_what_opens_nothing(url: str, shown: str) -> None:
    assert mask(Secret(url)) == shown
