"""`deploy/nginx.conf` in a real nginx before two web processes: TLS, and one restarted after the other."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import trustme
from sqlalchemy import Engine

from gatekeeper.store.inbox import Inbox, InboxSettings
from tests.planted import TOKEN
from tests.processes import a_process, answers, free_port, until, write_config

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
CONF = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NAME = "gatekeeper.example.com"
MAIN = (
    "daemon off; pid {folder}/pid; error_log {folder}/error.log; "
    "worker_rlimit_nofile 8192; events {{ worker_connections 4096; }}"
)
HEAD = b"POST /events HTTP/1.1\r\nHost: gatekeeper.example.com\r\n"
SLOW_ONES = 1024
SLACK_S = 2.0
SINCE_HTTP2_IS_A_DIRECTIVE = (1, 25, 1)

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(NGINX is None, reason="no nginx here: apt-get install nginx-light"),
]


@dataclass
class Proxy:
    """`post` is the portal's event, by whom the certificate is verified."""

    port: int
    authority: Path

    def post(self, path: str = "/events", **changes: str) -> requests.Response:
        form = {
            "event": "ONCRMDEALUPDATE",
            "data[FIELDS][ID]": "41",
            "auth[application_token]": TOKEN,
            **changes,
        }
        url = f"https://127.0.0.1:{self.port}{path}"
        return requests.post(url, data=form, verify=str(self.authority), timeout=20, headers={"Host": NAME})


def adapted(folder: Path, port: int, webs: list[int]) -> str:
    """The file with this machine's ports and paths in the place of a server's."""
    lines = "\n".join(f"server 127.0.0.1:{each} max_fails=0;" for each in webs)
    changes = {
        r"listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        r"listen \[::\]:443 ssl;": "",
        r"/etc/letsencrypt/live/gatekeeper\.example\.com": str(folder),
        r"/var/log/nginx": str(folder),
        r"server 127\.0\.0\.1:8024 max_fails=0;": lines,
    }
    told = subprocess.run([str(NGINX), "-v"], capture_output=True, text=True, check=True).stderr
    version = tuple(int(each) for each in re.findall(r"\d+", told)[:3])
    if version < SINCE_HTTP2_IS_A_DIRECTIVE:
        changes[r"http2 on;"] = ""
    text = CONF.read_text(encoding="utf-8")
    for old, new in changes.items():
        text, count = re.subn(old, new, text)
        assert count, f"{CONF.name} has no {old}"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    return f"{MAIN.format(folder=folder)}\nhttp {{\n{temporary}\n{text}\n}}\n"


@contextmanager
def nginx(folder: Path, webs: list[int]) -> Iterator[Proxy]:
    authority = trustme.CA()
    certificate = authority.issue_cert(NAME, "127.0.0.1")
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(folder / "fullchain.pem", append=True)
    certificate.private_key_pem.write_to_path(folder / "privkey.pem")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    port = free_port()
    conf = folder / "nginx.conf"
    conf.write_text(adapted(folder, port, webs), encoding="utf-8")
    process = subprocess.Popen([str(NGINX), "-c", str(conf), "-p", str(folder)])
    proxy = Proxy(port, folder / "ca.pem")

    def listens() -> bool:
        try:
            return proxy.post("/").status_code == 404
        except requests.ConnectionError:
            return False

    try:
        until(listens, "nginx")
        yield proxy
    finally:
        process.terminate()
        process.wait(20)


def a_slow_sender(proxy: Proxy, number: int, sent: bytes) -> socket.socket:
    """Half a request, or half a handshake, from one of 32 addresses of this machine."""
    source = (f"127.0.1.{number % 32 + 1}", 0)
    raw = socket.create_connection(("127.0.0.1", proxy.port), timeout=20, source_address=source)
    if not sent:
        return raw
    context = ssl.create_default_context(cafile=str(proxy.authority))
    connection = context.wrap_socket(raw, server_hostname=NAME)
    connection.sendall(sent)
    return connection


def is_cut_off(sender: socket.socket) -> bool:
    """Wait for it."""
    try:
        while sender.recv(4096):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


def until_healthy(port: int) -> None:
    until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "a web process", 60)


def test_one_web_process_is_restarted_after_the_other_and_the_portal_notices_nothing(
    sqlite: Engine, tmp_path: Path
) -> None:
    url = sqlite.url.render_as_string(hide_password=False)
    ports = [free_port(), free_port()]
    configs = []
    for port in ports:
        (folder := tmp_path / str(port)).mkdir()
        configs.append(write_config(folder, "http://127.0.0.1:9/rest/1/code/", port))
    statuses: list[int] = []
    over = threading.Event()

    with ExitStack() as stack:
        webs = [stack.enter_context(a_process("web", each, url)) for each in configs]
        for port in ports:
            until_healthy(port)
        proxy = stack.enter_context(nginx(tmp_path, ports))

        def portal() -> None:
            while not over.wait(0.05):
                statuses.append(proxy.post(**{"data[FIELDS][ID]": str(len(statuses) + 1)}).status_code)

        thread = threading.Thread(target=portal)
        thread.start()
        stack.callback(thread.join)
        stack.callback(over.set)
        for web, config, port in zip(webs, configs, ports, strict=True):
            web.terminate()
            assert web.wait(30) == 0
            stack.enter_context(a_process("web", config, url))
            until_healthy(port)
        over.set()
        thread.join()
    assert len(statuses) > 20
    assert statuses == [200] * len(statuses)
    assert Inbox(sqlite, InboxSettings()).depth().waiting == len(statuses)


def test_only_events_are_for_the_world_and_no_token_is_logged(sqlite: Engine, tmp_path: Path) -> None:
    port = free_port()
    config = write_config(tmp_path, "http://127.0.0.1:9/rest/1/code/", port)
    url = sqlite.url.render_as_string(hide_password=False)
    with a_process("web", config, url), nginx(tmp_path, [port]) as proxy:
        until_healthy(port)
        assert proxy.post().status_code == 200
        assert [proxy.post(path).status_code for path in ("/readyz", "/metrics", "/events/")] == [404] * 3
        assert proxy.post(**{"auth[application_token]": "wrong"}).status_code == 403
        assert proxy.post(padding="x" * 70_000).status_code == 413
        proxy.post(f"/events?auth[application_token]={TOKEN}")
    log = (tmp_path / "gatekeeper.log").read_text(encoding="utf-8")
    assert "POST /events 200" in log
    assert TOKEN not in log + (tmp_path / "error.log").read_text(encoding="utf-8")


def test_an_event_behind_a_thousand_slow_senders_is_passed_on_at_once_and_they_are_cut_off(
    sqlite: Engine, tmp_path: Path
) -> None:
    port = free_port()
    config = write_config(tmp_path, "http://127.0.0.1:9/rest/1/code/", port)
    url = sqlite.url.render_as_string(hide_password=False)
    ways = [b"", HEAD, HEAD + b"X: ", HEAD + b"Content-Length: 1000\r\n\r\na"]
    with a_process("web", config, url), nginx(tmp_path, [port]) as proxy, ExitStack() as stack:
        until_healthy(port)
        senders = []
        for number in range(SLOW_ONES):
            way = ways[number // 32 % len(ways)]
            senders.append(stack.enter_context(a_slow_sender(proxy, number, way)))
        began = time.monotonic()
        assert proxy.post().status_code == 200
        assert time.monotonic() - began < SLACK_S
        assert all(map(is_cut_off, senders[-32:]))
