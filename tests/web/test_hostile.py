"""Thousands of hostile requests: none makes an error of ours, none marks anything, none costs memory.

They go to the real app in this process, and fewer of them over raw sockets to the real server, where a
client may also lie about lengths, send half a request, or no HTTP at all.
"""

from __future__ import annotations

import gc
import os
import random
import re
import socket
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from gatekeeper.app.bootstrap import Gatekeeper, open_gatekeeper
from gatekeeper.app.web_process import make_web_app
from gatekeeper.config import WebConfig
from gatekeeper.store.inbox import InboxDepth
from tests.gate import a_config
from tests.planted import TOKEN
from tests.processes import a_process, free_port, until, write_config
from tests.soak import examples
from tests.web.hostile import Attack, Pieces, attacks, form, pieces
from tests.web.marking import marking

AN_EXAMPLE = 90
NOWHERE = "http://127.0.0.1:9/rest/1/x/"
NOTHING = InboxDepth(0, 0, 0, 0.0)
SOME = Pieces(["текст", "x" * 30], [b"\xff\x00", b"--b\r\n"], ["a\xe9", "203.0.113.7"], 20260901)
KIB = 1024


@pytest.fixture(scope="module")
def gatekeeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gatekeeper]:
    """Behind one proxy, so that what stands in X-Forwarded-For is read."""
    folder = tmp_path_factory.mktemp("hostile")
    web = WebConfig(trusted_proxies=1, bad_tokens_per_minute=50)
    gatekeeper = open_gatekeeper(a_config(NOWHERE, f"sqlite:///{folder / 'gate.db'}", web=web))
    yield gatekeeper
    gatekeeper.close()


@pytest.fixture(scope="module")
def client(gatekeeper: Gatekeeper) -> FlaskClient:
    return make_web_app(gatekeeper.config, gatekeeper.store, gatekeeper.meter).test_client()


def send(client: FlaskClient, attack: Attack) -> TestResponse:
    return client.open(
        attack.path,
        method=attack.method,
        data=attack.body,
        content_type=attack.content_type,
        headers=attack.headers,
    )


@pytest.mark.slow
def test_no_hostile_request_is_an_error_of_ours_or_marks_anything(
    gatekeeper: Gatekeeper, client: FlaskClient
) -> None:
    seen: list[int] = []
    materials = examples(100)

    @settings(max_examples=materials, database=None, suppress_health_check=list(HealthCheck))
    @given(pieces)
    def attack(material: Pieces) -> None:
        for each in attacks(material, AN_EXAMPLE):
            status = send(client, each).status_code
            assert status < 500, each
            seen.append(status)

    attack()
    assert len(seen) >= materials * AN_EXAMPLE
    assert {403, 404, 405} <= set(seen)
    assert gatekeeper.store.inbox.depth() == NOTHING


@settings(max_examples=examples(200), database=None)
@given(st.text(st.characters(), max_size=200), st.text(st.characters(), max_size=40))
def test_with_the_right_token_whatever_else_is_wrong_is_no_error_either(event: str, number: str) -> None:
    marked: list[object] = []
    client = a_counting_client(marked)
    pairs = [("auth[application_token]", TOKEN), ("event", event), ("data[FIELDS][ID]", number)]
    body = form([*pairs, ("auth[application_token]", "x")])
    answer = client.post("/events", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 400}
    assert marked == []


def a_counting_client(marked: list[object]) -> FlaskClient:
    from gatekeeper.web import create_app
    from gatekeeper.web.health import Health

    return create_app(
        tokens=(TOKEN,), mark_dirty=marking(lambda *mark: marked.append(mark)), health=Health()
    ).test_client()


@pytest.mark.slow
def test_hostile_requests_leave_nothing_behind_in_memory(client: FlaskClient, soak: bool) -> None:
    """Twice the same hundred or more, so that what is made once is there before the measuring."""

    def attack() -> int:
        for each in attacks(SOME, 300 if soak else 100):
            send(client, each)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    attack()
    tracemalloc.start()
    try:
        first, second = attack(), attack()
    finally:
        tracemalloc.stop()
    assert second - first < 100 * KIB


@pytest.mark.process
@pytest.mark.slow
def test_a_real_server_takes_them_all_and_answers_the_next_event(tmp_path: Path, soak: bool) -> None:
    count = 1000 if soak else 300
    port, database = free_port(), f"sqlite:///{tmp_path / 'gate.db'}"
    config = write_config(tmp_path, NOWHERE, port)
    url = f"http://127.0.0.1:{port}"
    with a_process("web", config, database) as server:
        until(lambda: is_alive(url), "web process")
        dice = random.Random(20260901)
        raw = [each for attack in attacks(SOME, count) for each in [on_the_wire(attack, dice)]]
        answers = [hurl(port, each) for each in raw[: count // 2]]
        before = resident_kib(server.pid)
        answers += [hurl(port, each) for each in raw[count // 2 :]]
        grown = resident_kib(server.pid) - before
        gatekeeper = open_gatekeeper(a_config(NOWHERE, database))
        marked_by_them = gatekeeper.store.inbox.depth()
        event = {
            "event": "ONCRMDEALADD",
            "data[FIELDS][ID]": 41,
            "auth[application_token]": TOKEN,
        }
        heard = requests.post(f"{url}/events", data=event, timeout=10)
        depth = gatekeeper.store.inbox.depth()
        gatekeeper.close()
    assert [each for each in answers if each and each[0] == "5"] == []
    assert len([each for each in answers if each]) > count // 2
    assert marked_by_them == NOTHING
    assert heard.status_code == 200
    assert depth.waiting == 1
    assert grown < 8 * KIB


def is_alive(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).ok
    except requests.ConnectionError:
        return False


def on_the_wire(attack: Attack, dice: random.Random) -> bytes:
    """The request as bytes, some of them bent: cut, with a false length, with far too many headers."""
    lines = [f"{attack.method} {attack.path} HTTP/1.1", "Host: x", f"Content-Type: {attack.content_type}"]
    lines += [f"{name}: {value}" for name, value in attack.headers.items() if name not in {"Host", "Expect"}]
    length = dice.choice([str(len(attack.body))] * 6 + ["0", "-1", "9" * 30, "x", "5, 6"])
    lines.append(dice.choice([f"Content-Length: {length}"] * 6 + ["Transfer-Encoding: chunked"]))
    lines += dice.choice(
        [[]] * 6 + [["X: y"] * 200, ["X: " + "y" * 9000], [" folded"], ["no colon"], ["\x00: x"]]
    )
    whole = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + attack.body
    bent = [whole] * 8 + [
        whole[: dice.randrange(len(whole))],
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"\r\n" * 50,
        attack.body,
    ]
    return dice.choice(bent)


def hurl(port: int, request: bytes) -> str:
    """The status that came back, "" where nothing did; then no more is said, as if the client were gone."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(4096)
        except OSError:
            return ""  # the server closed first
    found = re.match(rb"HTTP/1\.\d (\d{3})", answer)
    return found[1].decode() if found else ""


def resident_kib(parent: int) -> int:
    """Of the server's worker processes and of itself."""
    pids = [parent, *children(parent)]
    statuses = [Path(f"/proc/{pid}/status").read_text(encoding="utf-8") for pid in pids]
    return sum(int(found[1]) for each in statuses if (found := re.search(r"VmRSS:\s+(\d+) kB", each)))


def children(parent: int) -> list[int]:
    own = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()
    return [int(each) for each in own if os.path.exists(f"/proc/{each}")]  # noqa: PTH110
