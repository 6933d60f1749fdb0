"""What is logged is known by name, can be read by programs, and gives no secret away."""

from __future__ import annotations

import ast
import itertools
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.app.logs import (
    EVENTS,
    JsonFormatter,
    Mask,
    TextFormatter,
    secrets_of,
    set_up_logging,
)
from gatekeeper.config import LogConfig
from tests.gate import a_config

ROOT = Path(__file__).resolve().parents[2]
LEVELS = {"log", "debug", "info", "warning", "error", "exception", "critical"}
CODE, TOKEN, PASSWORD = "a1b2c3d4e5f6g7h8", "0123456789abcdef0123456789abcdef", "pass/w+rd&1"
URL = f"https://firma.bitrix24.example/rest/7/{CODE}/"
SECRETS = (URL, CODE, TOKEN, PASSWORD)


def calls() -> Iterator[tuple[str, str, int]]:
    """Place, format and number of arguments of everything that the product logs."""
    for file in sorted((ROOT / "gatekeeper").rglob("*.py")):
        if "sandbox" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"log", "logger", "logging"}
            ):
                first, *facts = node.args[1:] if node.func.attr == "log" else node.args
                text = first.value if isinstance(first, ast.Constant) else None
                yield f"{file.relative_to(ROOT)}:{node.lineno}", str(text), len(facts)


def test_whatever_is_logged_is_an_event_of_the_list_with_its_facts() -> None:
    found = list(calls())
    assert len(found) > 5
    for place, text, count in found:
        name, *facts = text.split(" ")
        assert name in EVENTS, f"{place}: {name} is not in gatekeeper.app.logs.EVENTS"
        assert all(fact.endswith("=%s") for fact in facts), place
        assert len(facts) == count, place


def test_every_event_of_the_list_is_logged_somewhere_and_explained_to_admins() -> None:
    logged = {text.split(" ")[0] for _, text, _ in calls()}
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(EVENTS) == logged
    assert {name for name in EVENTS if f"`{name}" not in page} == set()


def a_record(text: str, *args: object, **changes: object) -> logging.LogRecord:
    record = logging.LogRecord("gatekeeper.worker.loop", logging.WARNING, "f", 1, text, args, None)
    vars(record).update(changes)
    return record


def test_an_event_as_json_has_each_fact_as_a_key() -> None:
    record = a_record("portal.unavailable pause_s=%s why=%s", 2.5, ValueError("crm.item.list · HTTP 503"))
    line = json.loads(JsonFormatter(Mask(())).format(record))
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "gatekeeper.worker.loop",
        "event": "portal.unavailable",
        "pause_s": 2.5,
        "why": "crm.item.list · HTTP 503",
    }


def test_what_a_library_logs_is_a_message() -> None:
    record = a_record("Worker (pid:%s) was sent SIGKILL!", 7)
    line = json.loads(JsonFormatter(Mask(())).format(record))
    assert (line["event"], line["message"]) == ("log", "Worker (pid:7) was sent SIGKILL!")


def test_the_same_as_text_is_one_line() -> None:
    record = a_record(
        "ref.retried ref=%s why=%s", "deal:41", "no\n2026-01-01 ERROR gatekeeper all is lost\r\x1b"
    )
    (line,) = TextFormatter(Mask(())).format(record).splitlines()
    assert line.endswith(r"why=no\n2026-01-01 ERROR gatekeeper all is lost\r\x1b")


def fail(text: str) -> NoReturn:
    raise RuntimeError(text)


def a_traceback(text: str) -> logging.LogRecord:
    try:
        fail(text)
    except RuntimeError:
        return a_record("ref.retried ref=%s why=%s", "deal:41", text, exc_info=sys.exc_info())


@given(
    secret=st.sampled_from(SECRETS),
    before=st.text(max_size=20),
    after=st.text(max_size=20),
    json_form=st.booleans(),
)
def test_no_secret_is_written_in_a_fact_a_message_or_a_traceback(
    secret: str, before: str, after: str, json_form: bool
) -> None:
    mask = Mask(SECRETS)
    formatter = JsonFormatter(mask) if json_form else TextFormatter(mask)
    text = f"{before}{secret}{after}"
    for record in (
        a_traceback(text),
        a_record("x.y why=%s", text),
        a_record("%s", text),
        a_record(text.replace("%", "")),
    ):
        written = formatter.format(record)
        assert secret not in written
        assert "***" in written


def test_secrets_as_they_stand_in_a_url_are_masked_and_so_are_those_of_others() -> None:
    mask = Mask(SECRETS)
    assert mask("password=pass%2Fw%2Brd%261&x") == "password=***&x"
    assert mask("POST /rest/12/unknowncode/crm.item.list") == "POST /rest/12/***/crm.item.list"
    assert mask("postgresql://gate:other@db/gate") == "postgresql://gate:***@db/gate"
    assert mask("deal:41 at 12:30") == "deal:41 at 12:30"


def in_any_case(text: str, choices: Sequence[bool]) -> str:
    pairs = zip(text, itertools.cycle(choices), strict=False)
    return "".join(each.upper() if is_upper else each.lower() for each, is_upper in pairs)


def encoded(text: str, choices: Sequence[int]) -> str:
    """Percent-encode each character as many times as told, in turn."""
    written = ""
    for each, times in zip(text, itertools.cycle(choices), strict=False):
        written += each if not times else f"%{'25' * (times - 1)}{ord(each):02x}"
    return written


@given(
    secret=st.sampled_from(SECRETS),
    upper=st.lists(st.booleans(), min_size=1, max_size=7),
    times=st.lists(st.integers(0, 3), min_size=1, max_size=7),
)
def test_a_secret_is_masked_in_any_case_and_however_much_of_it_is_percent_encoded(
    secret: str, upper: list[bool], times: list[int]
) -> None:
    written = in_any_case(encoded(secret, times), upper)
    assert Mask(SECRETS)(f"before {written} after") == "before *** after"


def test_the_keys_of_others_are_masked_in_any_case_and_encoded_too() -> None:
    mask = Mask(())
    assert mask("POST /REST/12/UnknownCode/crm.item.list") == "POST /REST/12/***/crm.item.list"
    assert mask("url=%2Frest%2f12%2Fcode%2Fcrm.item.list") == "url=%2Frest%2f12%2F***%2Fcrm.item.list"
    assert mask("%252Frest%252F12%252Fcode%252F") == "%252Frest%252F12%252F***%252F"
    assert mask("POSTGRESQL%3A%2F%2Fgate%3Aother%40db%2Fgate") == "POSTGRESQL%3A%2F%2Fgate%3A***%40db%2Fgate"


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x85", "\x9b", "\u2028", "\ud800"]
)
@pytest.mark.parametrize("json_form", [False, True])
def test_invisible_characters_are_written_out_in_every_line(character: str, *, json_form: bool) -> None:
    formatter = JsonFormatter(Mask(())) if json_form else TextFormatter(Mask(()))
    text = f"a{character}b"
    for record in (a_record("x.y why=%s", text), a_record("%s", text), a_traceback(text)):
        written = formatter.format(record)
        assert character not in written
        assert f"{ord(character):x}" in written


def test_what_opens_something_in_a_config_is_a_secret() -> None:
    config = a_config(URL, f"postgresql://gate:{PASSWORD.replace('/', '%2F')}@db/gate")
    found = secrets_of(config)
    assert {URL, CODE} <= set(found)
    assert config.portal.application_tokens[0].reveal() in found
    assert PASSWORD in found


@pytest.mark.process
def test_the_traceback_that_ends_a_process_holds_no_secret_either() -> None:
    code = (
        "from gatekeeper.config import LogConfig; from gatekeeper.app.logs import set_up_logging;"
        f"set_up_logging(LogConfig(), ('{TOKEN}',));"
        f"raise OSError('{TOKEN}')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("OSError: ***\n")
    assert TOKEN not in done.stderr


@pytest.fixture
def logging_put_back() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("gatekeeper")
    handlers, level = list(root.handlers), ours.level
    yield
    root.handlers[:] = handlers
    ours.setLevel(level)


@pytest.mark.usefixtures("logging_put_back")
@pytest.mark.parametrize(
    ("level", "verbose", "said"),
    [
        ("error", False, ["e"]),
        ("warning", False, ["e", "w"]),
        ("warning", True, ["e", "w", "i"]),
        ("info", False, ["e", "w", "i"]),
        ("debug", False, ["e", "w", "i", "d"]),
        ("debug", True, ["e", "w", "i", "d"]),
    ],
)
def test_the_config_says_from_which_severity_on(
    capsys: pytest.CaptureFixture[str], level: str, verbose: bool, said: list[str]
) -> None:
    set_up_logging(LogConfig("json", level), verbose=verbose)  # type: ignore[arg-type]
    set_up_logging(LogConfig("json", level), verbose=verbose)  # type: ignore[arg-type]
    log, library = logging.getLogger("gatekeeper.x"), logging.getLogger("library")
    log.error("e")
    log.warning("w")
    log.info("i")
    log.debug("d")
    library.info("quotes at length")
    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == said
