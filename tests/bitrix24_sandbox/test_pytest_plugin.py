"""The pytest plugin in runs of other people's projects: processes of their own, no conftest of ours."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "pytest-plugin.md"
EXAMPLE = ROOT / "examples" / "lead_counter"


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(source)
    return pytester.runpytest_subprocess("--strict-markers", "-W", "error", *arguments)


def test_a_test_gets_a_portal_that_limits_nothing_and_posts_no_events(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import requests

        A_DEAL = {"fields": {"TITLE": "x"}}

        def test_it(bitrix24_portal):
            url = bitrix24_portal.url
            assert url == bitrix24_portal.base_url + "/rest/1/sandbox/"
            assert url.startswith("http://127.0.0.1:")
            for _ in range(60):
                assert requests.post(url + "crm.deal.add", json=A_DEAL, timeout=10).ok
            assert bitrix24_portal.sent() == []
        """,
    )
    result.assert_outcomes(passed=1)


def test_options_of_a_marker_reach_the_portal_and_the_nearest_wins(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        import requests

        pytestmark = pytest.mark.bitrix24(seed=5, offset_minutes=0)

        @pytest.mark.bitrix24(seed=7, token="agreed", limit="standard")
        @pytest.mark.bitrix24(faults=[{"kind": "500", "method": "profile"}])
        def test_it(bitrix24_portal):
            assert len(bitrix24_portal.call("crm.lead.list")) == 7
            assert bitrix24_portal.call("server.time").endswith("+00:00")
            assert bitrix24_portal.application_token == "agreed"
            assert requests.post(bitrix24_portal.url + "profile", timeout=10).status_code == 500
            scope = bitrix24_portal.url + "scope"
            assert {requests.post(scope, timeout=10).status_code for _ in range(60)} == {200, 503}
        """,
    )
    result.assert_outcomes(passed=1)


def test_a_portal_speaks_https_with_a_certificate_of_its_own(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        import requests

        authorities = []

        @pytest.mark.bitrix24(tls=True)
        def test_it(bitrix24_portal):
            authorities.append(bitrix24_portal.tls_ca)
            answer = requests.post(bitrix24_portal.url + "profile", verify=str(authorities[0]), timeout=10)
            assert answer.url.startswith("https://")

        def test_afterwards():
            assert not authorities[0].exists()
        """,
    )
    result.assert_outcomes(passed=2)


MISTAKES = {
    "limt='off'": "the sandbox has no option 'limt'; did you mean 'limit'?",
    "xyzzy=1": "the sandbox has no option 'xyzzy'; it has burst, ",
    "limit='huge'": "limit is one of standard, enterprise, off, not 'huge'",
    "required={'deals': ('TITLE',)}": "required takes deal, contact, lead, not 'deals'",
    "scopes=('crm', 'disk')": "not 'disk'",
    "faults=[{'kind': '5O3'}]": "there is no fault 5O3",
    "'off'": "takes keyword arguments only",
}


def test_a_mistake_in_a_marker_is_told_in_one_line(pytester: pytest.Pytester) -> None:
    cases = "".join(
        f"""
@pytest.mark.bitrix24({marker})
def test_{number}(bitrix24_portal):
    pass
"""
        for number, marker in enumerate(MISTAKES)
    )
    result = run(pytester, f"import pytest\n{cases}")
    result.assert_outcomes(errors=len(MISTAKES))
    told = [line for line in result.outlines if line.startswith("@pytest.mark.bitrix24")]
    for line, expected in zip(told, MISTAKES.values(), strict=True):
        assert expected in line
    result.stdout.no_fnmatch_line("*Traceback*")


def test_two_portals_share_nothing_and_leave_no_port_open(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import threading
        from pathlib import Path
        import pytest
        from bitrix24_sandbox.testing import running_portal

        @pytest.mark.parametrize("n", range(3))
        def test_it(bitrix24_portal, n):
            assert bitrix24_portal.call("crm.deal.add", fields={"TITLE": "x"}) == 1
            with running_portal() as other, Path("ports.txt").open("a") as ports:
                assert other.call("crm.deal.list") == []
                for portal in (bitrix24_portal, other):
                    print(portal.base_url.rpartition(":")[2], file=ports)

        def test_no_thread_is_left():
            assert threading.enumerate() == [threading.main_thread()]
        """,
        "-p",
        "no:xdist",
    )
    result.assert_outcomes(passed=4)
    ports = [int(port) for port in (pytester.path / "ports.txt").read_text().split()]
    assert len(ports) == 6
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_portal_is_stopped_after_a_test_that_failed_with_its_connection_open(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
        from http.client import HTTPConnection

        kept = []

        def test_it(bitrix24_portal):
            kept.append(HTTPConnection("127.0.0.1", int(bitrix24_portal.base_url.rpartition(":")[2])))
            kept[0].request("GET", "/rest/1/sandbox/profile")
            assert kept[0].getresponse().read() == b"expected to fail"

        def test_afterwards():
            kept[0].close()
        """,
    )
    result.assert_outcomes(failed=1, passed=1)
    assert result.duration < 30


def test_posted_events_are_collected(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.bitrix24(doubling=1.0, token="agreed")
        def test_it(bitrix24_portal, bitrix24_events):
            deal = bitrix24_portal.call("crm.deal.add", fields={"TITLE": "x"})
            lead = bitrix24_portal.call("crm.lead.add", fields={"TITLE": "x"})
            first, second = bitrix24_events.wait_for("ONCRMLEADADD", count=2)
            assert first.entity_id == second.entity_id == lead
            assert first.form["auth[application_token]"] == "agreed"
            bitrix24_portal.wait_for_events()
            assert [each.entity_id for each in bitrix24_events.received] == [deal, deal, lead, lead]
            assert [each.outcome for each in bitrix24_portal.sent()] == ["delivered"] * 4
            with pytest.raises(TimeoutError, match="ONCRMDEALDELETE, received: ONCRMDEALADD, ONCRM"):
                bitrix24_events.wait_for("ONCRMDEALDELETE", timeout_s=0.05)
        """,
    )
    result.assert_outcomes(passed=1)


def test_portals_work_side_by_side_in_xdists_processes(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.parametrize("n", range(8))
        def test_it(bitrix24_portal, bitrix24_events, n):
            assert bitrix24_portal.call("crm.deal.add", fields={"TITLE": "x"}) == 1
            [added] = bitrix24_events.wait_for()
            assert added.entity_id == 1
        """,
        "-n",
        "2",
    )
    result.assert_outcomes(passed=8)


def test_pytest_socket_needs_to_allow_this_machine_only(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import requests

        A_DEAL = {"fields": {"TITLE": "x"}}

        def test_it(bitrix24_portal, bitrix24_events):
            assert requests.post(bitrix24_portal.url + "crm.deal.add", json=A_DEAL, timeout=10).ok
            bitrix24_events.wait_for("ONCRMDEALADD")
        """,
        "--disable-socket",
        "--allow-hosts=127.0.0.1",
    )
    result.assert_outcomes(passed=1)


def test_a_run_that_uses_no_fixture_imports_one_module(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    result = run(
        pytester,
        """
        import sys

        def test_it():
            ours = {name for name in sys.modules if name.startswith(("bitrix24_sandbox", "gatekeeper"))}
            assert ours == {"bitrix24_sandbox", "bitrix24_sandbox.pytest_plugin"}
            assert not {"flask", "requests", "sqlite3", "click"} & set(sys.modules)
        """,
        "-p",
        "bitrix24_sandbox.pytest_plugin",
    )
    result.assert_outcomes(passed=1)


def test_the_marker_and_the_fixtures_explain_themselves(pytester: pytest.Pytester) -> None:
    pytester.runpytest_subprocess("--markers").stdout.fnmatch_lines("@pytest.mark.bitrix24(*options): *")
    shown = pytester.runpytest_subprocess("--fixtures").stdout
    shown.fnmatch_lines(["bitrix24_portal *", "    A fresh Bitrix24 portal *", "bitrix24_events *"])


def test_every_example_of_the_documentation_passes(pytester: pytest.Pytester) -> None:
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for number, example in enumerate(examples):
        (pytester.path / f"test_example_{number}.py").write_text(example, encoding="utf-8")
    result = pytester.runpytest_subprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=len(re.findall(r"^def test_", "".join(examples), re.MULTILINE)))
    assert len(examples) == 4


def test_the_example_project_needs_nothing_of_this_repository(pytester: pytest.Pytester) -> None:
    for file in (*EXAMPLE.glob("*.py"), *EXAMPLE.glob("*.ini")):
        (pytester.path / file.name).write_bytes(file.read_bytes())
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=6)
